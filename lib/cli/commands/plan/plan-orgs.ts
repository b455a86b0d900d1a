import { join } from "node:path";
import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import type { Environment } from "../../../registry/model";
import type { OrgReport } from "../../../registry/report";
import { refuseArguments } from "../../../terraform/arguments";
import { findTerraform } from "../../../terraform/binary";
import {
  changedOutputs,
  digestOf,
  plannedChanges,
} from "../../../terraform/changes/planned-changes";
import { weakenedControls } from "../../../terraform/changes/weakened-controls";
import { readStackJson } from "../../../terraform/stack-folder";
import { whyNoStack } from "../../project/org-backends";
import { orgsNamed, synthesize } from "../../project/synthesize";
import { forEachOrg, type OrgStackFolder } from "../../runs/for-each-org";
import type { StackPlan } from "../../runs/plan-summary";
import type { FailedPlan } from "../../runs/plan-text";
import type { Io } from "../../terminal/io";
import { startProgress } from "../../terminal/progress";

/** Which organisations to plan, and how. */
export interface PlanProps {
  /** @default - all */
  readonly env?: readonly Environment[];
  /** Stacks at the same time. */
  readonly parallel: number;
}

/** The plans of stacks. */
export interface Plans {
  readonly plans: readonly StackPlan[];
  readonly failed: readonly FailedPlan[];
}

/** Folder in which stacks are synthesized and initialized, as `cdktf` has it. */
const OUTPUT = "cdktf.out";

/**
 * Plans the stacks of organisations with the planner's credential.
 * @throws UserError when nothing can be planned at all
 */
export async function planOrgs(io: Io, names: readonly string[], props: PlanProps): Promise<Plans> {
  refuseArguments(io.env);
  const binary = await findTerraform(io.env, io.signal);
  if (!binary)
    throw new UserError("terraform is not on PATH: install it, or set TERRAFORM_BINARY_NAME");
  const stacks = await stacksOf(io, names, props.env);
  const env = { ...io.env, TF_VAR_genesys_credential: "planner" };
  const progress = await startProgress(io);
  const running = new Set<string>();
  let done = 0;
  const show = () =>
    progress.isLive &&
    progress.step(`${done} of ${counted(stacks.length, "stack")} planned`, [...running].join(", "));
  progress.step(`planning ${counted(stacks.length, "stack")}`);
  try {
    const results = await forEachOrg(
      stacks,
      {
        terraform: { binary, env, signal: io.signal },
        parallel: props.parallel,
        onStart: ({ stack }) => {
          running.add(stack);
          show();
        },
        onEnd: ({ stack: { stack }, error, seconds }) => {
          running.delete(stack);
          done += 1;
          const end = error === undefined ? "planned" : "failed";
          if (progress.isLive) show();
          else progress.step(`${stack}: ${end} in ${seconds.toFixed(1)} s`);
        },
      },
      async (terraform, { org, stack }): Promise<StackPlan> => {
        const plan = await terraform.plan();
        const changes = plannedChanges(plan);
        const weakened = weakenedControls(plan);
        const outputs = changedOutputs(plan);
        return {
          org: org.name,
          stack,
          changes,
          outputs,
          weakened,
          digest: digestOf(changes, outputs),
        };
      },
    );
    return {
      plans: results.flatMap(({ result }) => result ?? []),
      failed: results.flatMap(({ stack: { org, stack }, error }) =>
        error === undefined ? [] : { org: org.name, stack, error: error.replace(`${stack}: `, "") },
      ),
    };
  } finally {
    progress.stop();
  }
}

async function stacksOf(
  io: Io,
  names: readonly string[],
  environments: readonly Environment[] | undefined,
): Promise<OrgStackFolder[]> {
  const output = join(io.cwd, OUTPUT);
  const report = await synthesize(io, { output, names, quiet: true });
  const orgs = orgsNamed(report, names).filter(
    ({ environment, retired }) => !retired && (environments?.includes(environment) ?? true),
  );
  const without = orgs.filter(({ status }) => status !== "synthesized");
  for (const org of without) io.stderr.write(`${org.name} is left out: ${whyNoStack(org)}\n`);
  return orgs
    .filter(({ status }) => status === "synthesized")
    .flatMap((org) => [org.stack, ...org.components.map(({ stack }) => stack)].map(folderOf(org)));

  function folderOf(org: OrgReport) {
    return (stack: string): OrgStackFolder => {
      const folder = join(output, "stacks", stack);
      const providers = JSON.stringify(readStackJson(folder).terraform?.required_providers ?? {});
      return { org, stack, folder, providers };
    };
  }
}
