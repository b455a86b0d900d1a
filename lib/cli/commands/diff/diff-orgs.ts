import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { accessStacksOf, type RegistryReport } from "../../../registry/report";
import { removeFolder, temporaryFolder } from "../../../terraform/cleanup";
import { STACK_FILE } from "../../../terraform/stack-folder";
import { orgsNamed, synthesize } from "../../project/synthesize";
import { type Synthesis, withBase } from "../../runs/base";
import { assetsOf } from "../../runs/stack-digest";
import type { Io } from "../../terminal/io";
import { startProgress } from "../../terminal/progress";
import { type StackDiff, type SynthesizedText, stackDiffOf } from "./stack-diff";

/** What is compared. */
export interface DiffProps {
  /** A git revision, or a folder of a synthesis. */
  readonly base: string;
  /**
   * A git revision, or a folder of a synthesis, that is compared with the base.
   * @default - the working tree
   */
  readonly to?: string;
  /** Names of orgs. Empty for all, and for the stacks of the homes. */
  readonly names: readonly string[];
}

/** How the stacks of two syntheses differ. */
export interface Diff {
  /** Stacks that differ. */
  readonly stacks: readonly StackDiff[];
  /** Number of stacks that are the same. */
  readonly unchanged: number;
  /** Files with versions of packages that differ, although the installed packages made the stacks. */
  readonly otherPackages: readonly string[];
}

/** Stacks by their ids, with the packages that another synthesis would have had. */
interface Side {
  readonly stacks: ReadonlyMap<string, SynthesizedText>;
  readonly report: RegistryReport;
  readonly otherPackages?: string;
}

/**
 * Returns how stacks differ between two syntheses.
 *
 * @throws UserError if one of them does not exist or fails, or an org is in neither of them
 */
export async function diffOrgs(io: Io, { base, to, names }: DiffProps): Promise<Diff> {
  const progress = await startProgress(io);
  try {
    // One after the other: the revision takes what the working tree's app has compiled.
    progress.step(`synthesizing ${base}`);
    const before = await revision(io, base, `diff ${base}`, names);
    progress.step(`synthesizing ${to ?? "the working tree"}`);
    const after = await (to === undefined
      ? workingTree(io, names)
      : revision(io, to, `--to ${to}`, names));
    orgsNamed({ ...after.report, orgs: [...before.report.orgs, ...after.report.orgs] }, names);
    const ids = [...new Set([...before.stacks.keys(), ...after.stacks.keys()])].sort();
    const stacks = ids.flatMap(
      (id) => stackDiffOf(id, before.stacks.get(id), after.stacks.get(id)) ?? [],
    );
    const otherPackages = [before, after].flatMap((side) => side.otherPackages ?? []);
    return { stacks, unchanged: ids.length - stacks.length, otherPackages };
  } finally {
    progress.stop();
  }
}

const revision = (io: Io, base: string, name: string, names: readonly string[]): Promise<Side> =>
  withBase(io, { base, name, orgs: names, acceptsOtherPackages: true }, (synthesis) =>
    sideOf(synthesis, names),
  );

async function workingTree(io: Io, names: readonly string[]): Promise<Side> {
  const folder = temporaryFolder("genesys-orgs-diff-");
  try {
    return sideOf(
      { folder, report: await synthesize(io, { output: folder, names, quiet: true }) },
      names,
    );
  } finally {
    removeFolder(folder);
  }
}

function sideOf({ folder, report, otherPackages }: Synthesis, names: readonly string[]): Side {
  const stacks = [...ownersOf(report, names)].flatMap(([stack, org]) => {
    const path = join(folder, "stacks", stack);
    const file = join(path, STACK_FILE);
    if (!existsSync(file)) return [];
    const text = readFileSync(file, "utf8");
    return [[stack, { org, text, assets: assetsOf(path, text) }] as const];
  });
  return { stacks: new Map(stacks), report, otherPackages };
}

/** Returns the names of the orgs by their stacks. Another stack belongs to itself. */
function ownersOf(
  { orgs, homes, otherStacks }: RegistryReport,
  names: readonly string[],
): Map<string, string> {
  const ofOrgs = orgs
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .flatMap((org) =>
      [org, ...accessStacksOf(org), ...org.components].map(
        ({ stack }) => [stack, org.name] as const,
      ),
    );
  if (names.length > 0) return new Map(ofOrgs);
  const others = [...homes.map(({ stack }) => stack), ...otherStacks];
  return new Map([...ofOrgs, ...others.map((stack) => [stack, stack] as const)]);
}
