import type { PolicyRule } from "../rule";
import { asText } from "../synthesized-stack";

/** The rules see the arguments of a module, and not what it does with them. */
export const module: PolicyRule = {
  id: "GO-MODULE",
  severity: "warning",
  title: "The rules do not look into modules",
  reason:
    "A module's own providers, resources and data sources are not in the synthesized JSON. No rule has checked them.",
  fix: "Review the module, then waive this rule for it with the version that was reviewed.",
  *check(stack) {
    for (const block of stack.blocks) {
      if (block.section !== "module") continue;
      const source = asText(block.body.source) ?? "an unknown source";
      yield { at: block, message: `nothing inside the module from ${source} was checked` };
    }
  },
};
