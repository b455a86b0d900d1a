import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
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

/** Plans a stack with an organisation, and returns the planned changes; the error if it fails. */
export async function planWired(
  organization: FakeOrganization,
  stack: Json,
): Promise<{ readonly changes: readonly Planned[]; readonly failure?: string }> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ ...PROVIDER, ...stack }, null, 1));
  const world = await WiredWorld.start({
    world: worldWith(organization),
    organizations: { wired: organization },
    folder,
  });
  const terraform = async (...args: readonly string[]) =>
    run(binaryName(), args, {
      cwd: folder,
      maxBuffer: 1e9,
      env: {
        ...process.env,
        ...world.environment,
        CHECKPOINT_DISABLE: "1",
        TF_CLI_CONFIG_FILE: "",
      },
    });
  try {
    await terraform("init", "-input=false", "-no-color");
    await terraform("plan", "-input=false", "-no-color", "-lock=false", "-out=plan");
    const { stdout } = await terraform("show", "-json", "plan");
    const { resource_changes = [] } = JSON.parse(stdout) as { resource_changes?: Planned[] };
    return { changes: resource_changes };
  } catch (error) {
    return { changes: [], failure: `${(error as { stderr?: string }).stderr ?? error}` };
  } finally {
    world.stop();
  }
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
