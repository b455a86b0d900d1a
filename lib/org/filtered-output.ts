import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, TerraformStack } from "cdktf";
import { UserError } from "../errors";
import { KEEPS_STACKS_VARIABLE } from "../registry/kept-stacks";

/**
 * Refuses a filtered synthesis into a folder with other stacks. The cdktf command deletes every stack
 * folder that is not in the new manifest, with its `.terraform` and any local state (synth-stack.ts of
 * cdktf-cli 0.21).
 *
 * @throws UserError naming the stacks that would be deleted
 */
export function refuseToDropStacks(app: App): void {
  if (process.env[KEEPS_STACKS_VARIABLE] === app.outdir) return;
  const manifest = join(app.outdir, "manifest.json");
  if (!existsSync(manifest)) return;
  const kept = new Set(
    app.node
      .findAll()
      .filter(TerraformStack.isStack)
      .map((stack) => stack.node.id),
  );
  const before = Object.keys(stacksIn(manifest));
  const dropped = before.filter((id) => !kept.has(id));
  if (dropped.length === 0) return;
  const named =
    dropped.length > 5
      ? `${dropped.slice(0, 5).join(", ")} and ${dropped.length - 5} more`
      : dropped.join(", ");
  throw new UserError(
    `${app.outdir} holds stacks that this filtered synthesis leaves out (${named}), and cdktf would delete their folders. Use another folder: --output ${app.outdir}-filtered`,
  );
}

/** Returns the stacks of a manifest; none if it is incomplete, since cdktf cannot read it either. */
function stacksIn(manifest: string): object {
  try {
    return JSON.parse(readFileSync(manifest, "utf8")).stacks ?? {};
  } catch {
    return {};
  }
}
