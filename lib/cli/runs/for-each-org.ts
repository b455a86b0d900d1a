import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { UserError, withoutFileErrors } from "../../errors";
import { inParallel } from "../../in-parallel";
import type { OrgReport } from "../../registry/report";
import type { TerraformRun } from "../../terraform/binary";
import type { Patience } from "../../terraform/patience";
import { StackTerraform } from "../../terraform/stack-terraform";
import { vaultIdentity } from "../project/vault-identity";

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
  /** `stopped`: interrupted; `not started`: the run ended before. */
  readonly end: "done" | "failed" | "stopped" | "not started";
  /** Undefined unless it is done. */
  readonly result?: Result;
  /** Why it failed, or what was interrupted. */
  readonly error?: UserError;
  /** Wall-clock time. */
  readonly seconds: number;
}

/** Hears of the work on stacks. */
export interface StackListener {
  /** Called when the work on a stack begins. */
  onStart?(stack: OrgStackFolder): void;
  /** Called when it has ended; the next stack waits for it. */
  onEnd?(result: StackResult<unknown>): void | Promise<void>;
}

/** How to work on many stacks. */
export interface ForEachOrgProps {
  readonly terraform: TerraformRun;
  /** Organisations at the same time. */
  readonly parallel: number;
  /** @default - nobody */
  readonly listener?: StackListener;
  /** Returns how long the steps of a stack wait. @default - they do not wait, and nothing is repeated */
  readonly patienceOf?: (stack: OrgStackFolder) => Patience;
  /**
   * Whether the further stacks of an org are left out after one that failed.
   * @default false
   */
  readonly stopsOrg?: boolean;
  /**
   * Number of failed stacks after which no further one is started.
   * @default - any
   */
  readonly maxFailures?: number;
}

/**
 * Milliseconds between the starts of the first orgs. A plan of Terraform 1.11 needs about 250 ms of a
 * core (`npm run bench:deploy`). Orgs that start together would wait for each other, and would ask Vault
 * and AWS at the same moment.
 */
const APART = 250 / availableParallelism();

/**
 * Works on several orgs at a time, and on the stacks of each one after the other. Each stack has a
 * Terraform process of its own in its own folder, and the failure of one stops no other that is running.
 * When the caller wants to stop, nothing more is started, and what is running may end.
 *
 * @param stacks those of an org next to each other
 * @returns the results in the order of the stacks
 */
export async function forEachOrg<Result>(
  stacks: readonly OrgStackFolder[],
  props: ForEachOrgProps,
  work: (terraform: StackTerraform, stack: OrgStackFolder) => Promise<Result>,
): Promise<StackResult<Result>[]> {
  const { terraform, parallel, listener, patienceOf, stopsOrg = false } = props;
  const { maxFailures = Number.POSITIVE_INFINITY } = props;
  const { signal } = terraform;
  const initialize = initializer();
  let failures = 0;

  async function resultOf(stack: OrgStackFolder): Promise<StackResult<Result>> {
    const begun = performance.now();
    const ended = (end: Omit<StackResult<Result>, "stack" | "seconds">): StackResult<Result> => ({
      stack,
      ...end,
      seconds: (performance.now() - begun) / 1000,
    });
    try {
      const identified = { ...terraform, freshEnv: () => vaultIdentity(terraform.env, stack.org) };
      const own = new StackTerraform(identified, stack.stack, stack.folder, patienceOf?.(stack));
      await initialize(own, stack);
      return ended({ end: "done", result: await work(own, stack) });
    } catch (error) {
      if (signal.aborted) return ended({ end: "stopped", error: userError(error) });
      failures += 1;
      return ended({ end: "failed", error: userError(error) });
    }
  }

  let begun = 0;
  /** Waits for the turn of an org; those after the first ones start when another has ended. */
  const turn = async () => {
    const place = begun++;
    if (place > 0 && place < parallel) {
      await pause(place * APART, undefined, { signal }).catch(() => {});
    }
  };

  const results = await inParallel(byOrg(stacks), parallel, async (own) => {
    await turn();
    const ended: StackResult<Result>[] = [];
    for (const stack of own) {
      const stops = stopsOrg && ended.some(({ end }) => end !== "done");
      if (signal.aborted || stops || failures >= maxFailures) {
        ended.push({ stack, end: "not started", seconds: 0 });
        continue;
      }
      listener?.onStart?.(stack);
      const result = await resultOf(stack);
      await listener?.onEnd?.(result);
      ended.push(result);
    }
    return ended;
  });
  return results.flat();
}

/** One unexpected failure must not hide the results of all others. */
function userError(caught: unknown): UserError {
  const error = withoutFileErrors(caught);
  if (error instanceof UserError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return new UserError(name === "AbortError" ? "interrupted" : `unexpected failure: ${message}`, {
    cause: error,
  });
}

function byOrg(stacks: readonly OrgStackFolder[]): OrgStackFolder[][] {
  const groups = new Map<string, OrgStackFolder[]>();
  for (const each of stacks) {
    groups.set(each.org.name, [...(groups.get(each.org.name) ?? []), each]);
  }
  return [...groups.values()];
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
