import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { World } from "../../../lib/rehearsal";
import type { ObjectValue } from "../../../lib/rehearsal/double/core/value";
import { isObject } from "../../../lib/rehearsal/double/core/value";
import { binaryName } from "../../../lib/terraform/binary";
import type { FakeOrganization } from "../fakes/fake-organization";
import { temporaryFolder } from "../folders";
import { PROVIDER, WiredWorld, worldWith } from "./wired-world";

const run = promisify(execFile);

/** A planned change. */
export interface Planned {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: ObjectValue;
    readonly after: ObjectValue;
    readonly importing?: { readonly id: string };
  };
}

type Json = Record<string, unknown>;

interface PlanResult {
  /** What Terraform says. */
  readonly text: string;
  readonly changes: readonly Planned[];
  readonly failure?: string;
}

/** Plans a stack with an organisation, and returns the planned changes; the error if it fails. */
export const planWired = (organization: FakeOrganization, stack: Json): Promise<PlanResult> =>
  planIn(worldWith(organization), { wired: organization }, { ...PROVIDER, ...stack });

type Terraform = (...args: readonly string[]) => Promise<string>;

/** Runs Terraform with a stack and organisations. */
export async function withTerraform<Result>(
  simulated: World,
  organizations: Readonly<Record<string, FakeOrganization>>,
  stack: Json,
  use: (terraform: Terraform, calls: WiredWorld["calls"]) => Promise<Result>,
): Promise<Result> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack, null, 1));
  const world = await WiredWorld.start({ world: simulated, organizations, folder });
  const env = {
    ...process.env,
    ...world.environment,
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: "",
  };
  const terraform: Terraform = async (...args) =>
    (await run(binaryName(), args, { cwd: folder, maxBuffer: 1e9, env })).stdout;
  try {
    await terraform("init", "-input=false", "-no-color");
    return await use(terraform, world.calls);
  } finally {
    world.stop();
  }
}

export const PLAN = ["plan", "-input=false", "-no-color", "-lock=false"];

export async function planIn(
  simulated: World,
  organizations: Readonly<Record<string, FakeOrganization>>,
  stack: Json,
): Promise<PlanResult> {
  return withTerraform(simulated, organizations, stack, async (terraform) => {
    try {
      const text = await terraform(...PLAN, "-out=plan");
      // It cannot show a plan with conditions of ephemeral resources.
      if ("ephemeral" in stack) return { text, changes: [] };
      const shown = JSON.parse(await terraform("show", "-json", "plan"));
      return { text, changes: (shown.resource_changes ?? []) as Planned[] };
    } catch (error) {
      const failure = `${(error as { stderr?: string }).stderr ?? error}`;
      return { text: "", changes: [], failure };
    }
  });
}

/** Schema paths of what a change changes. */
export function changedPaths({ change: { before, after } }: Planned): string[] {
  const paths = new Set<string>();
  const compare = (one: unknown, other: unknown, path: string): void => {
    if (JSON.stringify(one) === JSON.stringify(other)) return;
    if (isObject(one as never) && isObject(other as never)) {
      const names = new Set([...Object.keys(one as object), ...Object.keys(other as object)]);
      for (const name of names) {
        const deeper = path === "" ? name : `${path}.${name}`;
        compare((one as Json)[name], (other as Json)[name], deeper);
      }
      return;
    }
    if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
      for (const [index, each] of one.entries()) compare(each, other[index], path);
      return;
    }
    paths.add(path);
  };
  compare(before, after, "");
  return [...paths].sort();
}
