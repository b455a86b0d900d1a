import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, TerraformStack } from "cdktf";
import { UserError } from "../errors";

/**
 * Refuses a filtered synthesis into a folder that holds other stacks: cdktf's command deletes
 * every stack folder that the new manifest does not name, with its `.terraform` and any local
 * state (synth-stack.ts of cdktf-cli 0.21).
 *
 * @throws UserError naming the stacks that would go
 */
export function refuseToDropStacks(app: App): void {
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
    `This synthesis is of some organisations only, and ${app.outdir} holds stacks that it leaves out (${named}): cdktf would delete their folders. Give it a folder of its own: --output ${app.outdir}-filtered`,
  );
}

/** None in a manifest that was not written to its end: cdktf reads nothing from it either. */
function stacksIn(manifest: string): object {
  try {
    return JSON.parse(readFileSync(manifest, "utf8")).stacks ?? {};
  } catch {
    return {};
  }
}
