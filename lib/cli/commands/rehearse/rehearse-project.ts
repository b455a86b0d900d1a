import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { isPlaceholder } from "../../../registry/placeholder-keys";
import { accessStacksOf, type RegistryReport } from "../../../registry/report";
import { ownPlaceOf } from "../../../registry/state-place";
import {
  findTerraform,
  loadSchemas,
  type RehearsalStack,
  type RehearseProps,
  rehearse,
  type StackRehearsal,
  type TerraformBinary,
  worldOf,
} from "../../../rehearsal";
import { readStack } from "../../../rehearsal/preflight";
import { remoteStatesOf } from "../../../rehearsal/remote-states";
import { installedBindings } from "../../../rehearsal/schemas/installed-bindings";
import { checkExpectedPlace, sharedStates, statePlaceOf } from "../../../rehearsal/state-places";
import { removeFolder, temporaryFolder } from "../../../terraform/cleanup";
import { readStackJson } from "../../../terraform/stack-folder";
import { alone } from "../../project/folder-lock";
import { prepareOutput, synthesize } from "../../project/synthesize";
import type { Io } from "../../terminal/io";
import { startProgress } from "../../terminal/progress";
import { showRehearsal } from "./show-progress";

/** The organisations to rehearse, and how. */
export interface RehearseProjectProps {
  /** Names of orgs; empty for all orgs and state homes. */
  readonly names: readonly string[];
  /**
   * Folder in which the synthesized stacks stay.
   * @default - they are removed
   */
  readonly output?: string;
  /**
   * Folder with schemas of further providers and types.
   * @default - none: those of this package
   */
  readonly schemas?: string;
  /** Stacks at the same time. @default - the number of cores */
  readonly concurrency?: number;
  /** Addresses of the resources and modules whose provisioners may run. @default - none */
  readonly allowProvisioner?: readonly string[];
  /** Whether the working folders stay. @default false */
  readonly keep?: boolean;
}

/** The result without Terraform: the stacks were only synthesized and checked. */
export interface NotRehearsed {
  readonly terraform: undefined;
  /** Ids of the stacks. */
  readonly synthesized: readonly string[];
}

/** The result of a rehearsal. */
export interface Rehearsed {
  readonly terraform: TerraformBinary;
  readonly ok: boolean;
  readonly results: readonly StackRehearsal[];
  /** Names of the orgs that could not be synthesized. */
  readonly leftOut: readonly string[];
  /** Names of the orgs that were rehearsed with a made-up key. */
  readonly unrecorded: readonly string[];
  readonly seconds: number;
}

/** Synthesizes a project and, if Terraform is on PATH, rehearses its stacks. */
export async function rehearseProject(
  io: Io,
  props: RehearseProjectProps,
): Promise<Rehearsed | NotRehearsed> {
  if (props.output === undefined) return rehearseIn(io, props);
  const output = resolve(io.cwd, props.output);
  prepareOutput(output);
  return alone(output, () => rehearseIn(io, { ...props, output }));
}

async function rehearseIn(
  io: Io,
  {
    names,
    output: kept,
    schemas: folder,
    allowProvisioner: provisioners,
    ...props
  }: RehearseProjectProps,
): Promise<Rehearsed | NotRehearsed> {
  const start = performance.now();
  const output = kept ?? temporaryFolder("genesys-orgs-synth-");
  try {
    const schemas = loadSchemas(folder && resolve(io.cwd, folder));
    const terraform = await findTerraform(io.env, io.signal);
    // Nobody may be able to deploy a stack with a made-up key.
    const report = await synthesize(io, { output, names, placeholders: kept === undefined });
    const stacks = stacksOf(report, output, names);
    if (!terraform) {
      const bindings = installedBindings(io.cwd);
      for (const [, shared] of sharedStates(stacks)) throw shared;
      for (const stack of stacks) {
        const props = { schemas, bindings, provisioners, now: io.now };
        const { json } = readStack(stack.folder, props);
        checkExpectedPlace(stack, statePlaceOf(json));
      }
      return { terraform, synthesized: stacks.map(({ stack }) => stack) };
    }
    const world = worldOf(report);
    const results = await rehearseAll(io, {
      ...props,
      provisioners,
      stacks,
      schemas,
      project: io.cwd,
      terraform,
      world,
    });
    const leftOut = report.orgs
      .filter(({ status }) => status === "no recorded key" || status === "no stack")
      .map(({ name }) => name);
    return {
      terraform,
      // A named org that was not rehearsed is a failure.
      ok:
        results.every(({ error }) => error === undefined) &&
        !leftOut.some((name) => names.includes(name)),
      results,
      leftOut,
      unrecorded: report.orgs
        .filter(({ status, kmsKeyArn }) => status === "synthesized" && isPlaceholder(kmsKeyArn))
        .map(({ name }) => name),
      seconds: (performance.now() - start) / 1000,
    };
  } finally {
    if (kept === undefined) removeFolder(output);
  }
}

async function rehearseAll(io: Io, props: RehearseProps): Promise<StackRehearsal[]> {
  const progress = await startProgress(io);
  const onProgress = showRehearsal(io, progress, props.stacks.length);
  try {
    return await rehearse({ ...props, signal: io.signal, now: io.now, onProgress });
  } finally {
    progress.stop();
  }
}

function stacksOf(
  report: RegistryReport,
  output: string,
  names: readonly string[],
): RehearsalStack[] {
  const folderOf = (stack: string) => join(output, "stacks", stack);
  const made = ({ status }: { status: string }) => status === "synthesized";
  const homes = report.homes.filter(made).map(({ stack, bucket, stateKey, kmsKeyArn }) =>
    // The home's bucket cannot keep the home's state before it exists.
    kmsKeyArn ? { stack, expected: { bucket, stateKey } } : { stack },
  );
  const access = report.orgs.flatMap((org) =>
    accessStacksOf(org)
      .filter(made)
      .map(({ stack, stateKey }) => ({
        org: org.name,
        stack,
        expected: { bucket: org.bucket, stateKey },
      })),
  );
  const orgs = report.orgs.filter(made).flatMap(({ name, bucket, components, ...first }) =>
    [first, ...components].map(({ stack, stateKey }) => ({
      org: name,
      stack,
      expected: { bucket, stateKey },
    })),
  );
  const others = report.otherStacks.map((stack) => ({ stack }));
  const folders = <Stack extends { readonly stack: string }>(stacks: readonly Stack[]) =>
    stacks.map((stack) => ({ ...stack, folder: folderOf(stack.stack) }));
  const named = folders([...homes, ...access, ...orgs]);
  // Names ask for these orgs only, and for the states that they read.
  return names.length > 0 ? withStatesRead(named, folders(others)) : [...named, ...folders(others)];
}

/** Adds those of the other stacks whose states the stacks read, directly or through each other. */
function withStatesRead(
  stacks: readonly RehearsalStack[],
  others: readonly RehearsalStack[],
): RehearsalStack[] {
  const read = new Set(
    stacks.flatMap(({ folder }) => remoteStatesOf(readStackJson(folder)).map(({ place }) => place)),
  );
  const [added, left] = [true, false].map((wanted) =>
    others.filter(({ folder }) => {
      const place = ownPlaceOf(readStackJson(folder).terraform?.backend);
      return read.has(place ?? "") === wanted;
    }),
  ) as [RehearsalStack[], RehearsalStack[]];
  return added.length === 0 ? [...stacks] : withStatesRead([...stacks, ...added], left);
}
