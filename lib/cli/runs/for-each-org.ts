import { UserError } from "../../errors";
import { inParallel } from "../../in-parallel";
import type { OrgReport } from "../../registry/report";
import type { TerraformRun } from "../../terraform/binary";
import { StackTerraform } from "../../terraform/stack-terraform";

/** A stack of an org. */
export interface OrgStackFolder {
  readonly org: OrgReport;
  /** Id of the stack. */
  readonly stack: string;
  readonly folder: string;
  /** Providers and versions that the stack requires, as text. */
  readonly providers: string;
}

/** The end of the work on one stack. */
export interface StackResult<Result> {
  readonly stack: OrgStackFolder;
  /** Undefined if the work failed. */
  readonly result?: Result;
  /** Why it failed. */
  readonly error?: string;
  /** Wall-clock time. */
  readonly seconds: number;
}

/** How to work on many stacks. */
export interface ForEachOrgProps {
  readonly terraform: TerraformRun;
  /** Stacks at the same time. */
  readonly parallel: number;
  /** Called when the work on a stack begins. */
  readonly onStart?: (stack: OrgStackFolder) => void;
  /** Called when it has ended. */
  readonly onEnd?: (result: StackResult<unknown>) => void;
}

/**
 * Works on several stacks at a time, each with a Terraform process of its own in its own folder. The
 * failure of one stops no other.
 *
 * @returns the results in the order of the stacks
 */
export async function forEachOrg<Result>(
  stacks: readonly OrgStackFolder[],
  { terraform, parallel, onStart, onEnd }: ForEachOrgProps,
  work: (terraform: StackTerraform, stack: OrgStackFolder) => Promise<Result>,
): Promise<StackResult<Result>[]> {
  const initialize = initializer();
  return inParallel(stacks, parallel, async (stack) => {
    terraform.signal.throwIfAborted();
    onStart?.(stack);
    const begun = performance.now();
    const ended = (end: Pick<StackResult<Result>, "result" | "error">): StackResult<Result> => {
      const result = { stack, ...end, seconds: (performance.now() - begun) / 1000 };
      onEnd?.(result);
      return result;
    };
    try {
      const own = new StackTerraform(terraform, stack.stack, stack.folder);
      await initialize(own, stack);
      return ended({ result: await work(own, stack) });
    } catch (error) {
      if (terraform.signal.aborted || !(error instanceof UserError)) throw error;
      return ended({ error: error.message });
    }
  });
}

/**
 * Initializes stacks. Terraform's cache of providers is not safe for two that fill it, so the first stack
 * of those with the same providers is initialized alone; the others then only read the cache.
 */
function initializer() {
  const first = new Map<string, Promise<StackTerraform>>();
  let filling: Promise<unknown> = Promise.resolve();
  const alone = (terraform: StackTerraform): Promise<StackTerraform> => {
    const filled = filling.then(() => terraform.initIfNeeded()).then(() => terraform);
    filling = filled.catch(() => {});
    return filled;
  };
  return async (terraform: StackTerraform, { providers }: OrgStackFolder): Promise<void> => {
    const like = await first.get(providers)?.catch(() => undefined);
    if (like) return terraform.initIfNeeded(like);
    const filled = alone(terraform);
    first.set(providers, filled);
    await filled;
  };
}
