import { UserError } from "../../../errors";
import type { TerraformRun } from "../../../terraform/binary";
import type { StackTerraform } from "../../../terraform/stack-terraform";
import {
  forEachOrg,
  type OrgStackFolder,
  type StackListener,
  type StackResult,
} from "../../runs/for-each-org";
import { startRunView } from "../../runs/run-view";
import type { Io } from "../../terminal/io";

/** How to work on the stacks of one org. */
export interface EachStackProps {
  readonly terraform: TerraformRun;
  /** Seconds to wait for a lock. */
  readonly lockTimeout: number;
  /** For example `planning`. */
  readonly doing: string;
  /** For example `planned`. */
  readonly done: string;
  /** @default - nobody but the operator */
  readonly listener?: StackListener;
}

/**
 * Works on one stack after the other, up to the first that fails.
 *
 * @throws UserError of that stack, with those that were not started
 */
export async function eachStack<Result>(
  io: Io,
  stacks: readonly OrgStackFolder[],
  { terraform, lockTimeout, doing, done, listener }: EachStackProps,
  work: (terraform: StackTerraform, stack: OrgStackFolder) => Promise<Result>,
): Promise<Result[]> {
  const view = await startRunView(io, {
    title: `${doing} ${stacks.map(({ stack }) => stack).join(", ")}`,
    total: stacks.length,
    done: () => done,
    lockTimeout: lockTimeout * 1000,
  });
  const both: StackListener = {
    onStart: (stack) => {
      listener?.onStart?.(stack);
      view.onStart?.(stack);
    },
    onEnd: async (result) => {
      view.onEnd?.(result);
      await listener?.onEnd?.(result);
    },
  };
  const { patienceOf } = view;
  try {
    const results = await forEachOrg(
      stacks,
      { terraform, parallel: 1, listener: both, patienceOf, stopsOrg: true },
      (own, stack) => {
        view.phase(stack.stack, doing);
        return work(own, stack);
      },
    );
    io.signal.throwIfAborted();
    refuseFailed(results);
    return results.map(({ result }) => result as Result);
  } finally {
    view.stop();
  }
}

function refuseFailed(results: readonly StackResult<unknown>[]): void {
  const error = results.find((result) => result.error)?.error;
  if (!error) return;
  const left = results.filter(({ end }) => end === "not started").map(({ stack }) => stack.stack);
  if (left.length === 0) throw error;
  throw new UserError(`${error.message}\nnot started: ${left.join(", ")}`, { cause: error });
}
