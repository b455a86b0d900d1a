import { counted } from "../../../counted";
import { hasEnded } from "../../../recorded-waivers";
import type { KnownDriftEntry } from "../../../registry/model";
import { failuresOf } from "../../runs/failures";
import { forEachOrg, type OrgStackFolder, type StackResult } from "../../runs/for-each-org";
import type { FailedPlan } from "../../runs/plan-text";
import { startRunView } from "../../runs/run-view";
import { type Selection, selectStacks } from "../../runs/select-stacks";
import { terraformAs } from "../../runs/terraform-as";
import { type Io, pause } from "../../terminal/io";
import { isDoubtful, type Look, lookAt, type StackDrift, stackDriftOf } from "./stack-drift";

/** Which organisations to look at, and how. */
export interface DriftProps extends Selection {
  /** Organisations at the same time. */
  readonly parallel: number;
  /** Seconds between two looks. */
  readonly settle: number;
}

/** An entry of the registry about known drift. */
export interface OrgKnownDrift {
  readonly org: string;
  readonly entry: KnownDriftEntry;
}

/** What others than Terraform have changed in organisations. */
export interface Drift {
  readonly stacks: readonly StackDrift[];
  readonly failed: readonly FailedPlan[];
  /** Entries whose last day is over. They accept nothing. */
  readonly ended: readonly OrgKnownDrift[];
  /** Entries that accept nothing, since there is no such difference. */
  readonly unused: readonly OrgKnownDrift[];
}

/**
 * Looks for what others than Terraform have changed in organisations, with the planner's credential,
 * without locks, and without changing anything. Stacks with a difference are looked at once more after a
 * while, since Genesys Cloud may answer with earlier values for half a minute.
 *
 * @throws UserError when nothing can be looked at at all
 */
export async function driftOf(io: Io, props: DriftProps): Promise<Drift> {
  const terraform = await terraformAs(io, "planner");
  const stacks = await selectStacks(io, props);

  async function look(
    these: readonly OrgStackFolder[],
    doing: string,
  ): Promise<StackResult<Look>[]> {
    const view = await startRunView(io, {
      title: `${doing} ${counted(these.length, "stack")}`,
      total: these.length,
      done: () => "looked at",
      lockTimeout: 0,
    });
    const { patienceOf } = view;
    try {
      const results = await forEachOrg(
        these,
        { terraform, parallel: props.parallel, listener: view, patienceOf },
        async (own, { stack }) => {
          view.phase(stack, "comparing");
          return lookAt(await own.plan("-refresh-only"));
        },
      );
      io.signal.throwIfAborted();
      return results;
    } finally {
      view.stop();
    }
  }

  const first = await look(stacks, "looking at");
  const doubtful = first.flatMap(({ stack, result }) =>
    result && isDoubtful(result, stack, io.now()) ? stack : [],
  );
  if (doubtful.length === 0) return sumUp(first, [], io.now());
  const differ = `${counted(doubtful.length, "stack")} ${doubtful.length === 1 ? "differs" : "differ"}`;
  io.stderr.write(`${differ}: a second look follows in ${props.settle} s\n`);
  await pause(io, props.settle * 1_000);
  return sumUp(first, await look(doubtful, "looking again at"), io.now());
}

function sumUp(
  firstLooks: readonly StackResult<Look>[],
  secondLooks: readonly StackResult<Look>[],
  now: number,
): Drift {
  const seconds = new Map(secondLooks.map((each) => [each.stack, each]));
  const last = firstLooks.map((first) => seconds.get(first.stack) ?? first);
  const stacks = firstLooks.flatMap(({ stack, result: first }) => {
    const second = seconds.get(stack);
    if (!first || second?.error) return [];
    return stackDriftOf(stack, first, second?.result, now);
  });
  const failed = failuresOf(last);
  const used = new Set(stacks.flatMap(({ known }) => known.map(({ entry }) => entry)));
  const entries = [...new Set(last.map(({ stack }) => stack.org))].flatMap((org) =>
    (org.knownDrift ?? []).map((entry) => ({ org: org.name, entry })),
  );
  const isUnused = ({ org, entry }: OrgKnownDrift) =>
    !used.has(entry) && !hasEnded(entry, now) && !failed.some((each) => each.org === org);
  return {
    stacks,
    failed,
    ended: entries.filter(({ entry }) => hasEnded(entry, now)),
    unused: entries.filter(isUnused),
  };
}
