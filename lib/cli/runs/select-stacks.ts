import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Option } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import type { Environment } from "../../registry/model";
import { ENVIRONMENT_LABELS } from "../../registry/names";
import type { OrgReport } from "../../registry/report";
import { refuseArguments } from "../../terraform/arguments";
import { readStackJson } from "../../terraform/stack-folder";
import { alone } from "../project/folder-lock";
import { whyNoStack } from "../project/org-backends";
import { orgsNamed, synthesize } from "../project/synthesize";
import type { Io } from "../terminal/io";
import { baseOf } from "./base";
import type { OrgStackFolder } from "./for-each-org";
import { stackDigest } from "./stack-digest";

/** Folder for the reports of runs, which is not in git. */
export const REPORTS = "cdktf.out";

/**
 * Folder in which stacks are synthesized and initialized. It is not that of `cdktf`: a synthesis of a few
 * orgs leaves the others' stacks here, and the `cdktf` command would delete them.
 */
const OUTPUT = join(REPORTS, "orgs");

/** Which stacks a run is about. */
export interface Selection {
  /** Names of orgs. Empty for all. */
  readonly names: readonly string[];
  /** @default - all */
  readonly env?: readonly Environment[];
  /**
   * Git revision, or folder of a synthesis: only stacks that differ from it.
   * @default - all
   */
  readonly changedSince?: string;
}

export const envOption = (): Option =>
  new Option("--env <environment...>", "only organisations of these environments").choices(
    Object.keys(ENVIRONMENT_LABELS),
  );

export const changedSinceOption = (): Option =>
  new Option(
    "--changed-since <revision>",
    "only those whose stack differs from this git revision, or folder",
  );

/**
 * Works in the folder of the stacks, where no other command may work at the same time.
 *
 * @throws UserError if another one does, or if the environment has arguments that would change what
 *   Terraform does; before anything is written
 */
export function withOutput<Result>(io: Io, work: () => Promise<Result>): Promise<Result> {
  refuseArguments(io.env);
  const output = join(io.cwd, OUTPUT);
  mkdirSync(output, { recursive: true });
  return alone(output, work);
}

/**
 * Synthesizes the project into a folder, and returns the stacks of a selection: for each org its
 * stack, then its components. Says which orgs are left out, and why.
 *
 * @throws UserError when the app fails, and for unknown orgs
 */
export async function selectStacks(
  io: Io,
  { names, env, changedSince }: Selection,
): Promise<OrgStackFolder[]> {
  const output = join(io.cwd, OUTPUT);
  const base = changedSince === undefined ? undefined : baseOf(io, changedSince, names);
  const synthesis = synthesize(io, { output, names, quiet: true, keepsStacks: true });
  // Both end before one of them fails: neither may go on writing.
  await Promise.allSettled([base, synthesis]);
  const [report, before] = [await synthesis, await base];
  const orgs = orgsNamed(report, names).filter(
    ({ environment, retired }) => !retired && (env?.includes(environment) ?? true),
  );
  if (orgs.length === 0 && env !== undefined) {
    throw new UserError(`no organisation has the environment ${env.join(" or ")}`);
  }
  const without = orgs.filter(({ status }) => status !== "synthesized");
  for (const org of without) io.stderr.write(`${org.name} is left out: ${whyNoStack(org)}\n`);
  const stacks = orgs
    .filter(({ status }) => status === "synthesized")
    .flatMap((org) => [org.stack, ...org.components.map(({ stack }) => stack)].map(folderOf(org)));
  if (!before) return stacks;
  const changed = stacks.filter(({ stack, folder }) => before.get(stack) !== stackDigest(folder));
  const same = stacks.length - changed.length;
  if (same > 0) {
    io.stderr.write(`${counted(same, "stack")} left out, since ${changedSince} has the same\n`);
  }
  return changed;

  function folderOf(org: OrgReport) {
    return (stack: string): OrgStackFolder => {
      const folder = join(output, "stacks", stack);
      const providers = JSON.stringify(readStackJson(folder).terraform?.required_providers ?? {});
      return { org, stack, folder, providers };
    };
  }
}
