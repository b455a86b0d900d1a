import type { PolicyRule } from "../rule";
import { asList, asObject } from "../synthesized-stack";

/** Data sources that run a program, already during a plan. */
const PROGRAMS = new Set(["external", "local_command"]);

/** Terraform runs no command with the credentials of the run. */
export const provisioner: PolicyRule = {
  id: "GO-PROVISIONER",
  severity: "error",
  title: "Terraform runs no commands",
  reason:
    "A command runs with the credentials and the environment of the run, and no plan shows its effect. The data source external runs its program even for a plan of a pull request.",
  fix: "Use a resource of a provider, or run the command in the pipeline.",
  *check(stack) {
    for (const block of stack.blocks) {
      if (block.section === "data" && PROGRAMS.has(block.type)) {
        yield { at: block, message: `data source ${block.type} runs a program` };
      }
      if (block.section !== "resource") continue;
      const kinds = asList(block.body.provisioner).flatMap((each) => Object.keys(asObject(each)));
      for (const kind of kinds) yield { at: block, message: `has a ${kind} provisioner` };
    }
  },
};
