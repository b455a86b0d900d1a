import type { KnownDriftEntry } from "../../../registry/model";
import {
  changedOutputs,
  digestOf,
  type PlanJson,
  type PlannedChange,
} from "../../../terraform/changes/planned-changes";
import {
  type WeakenedControl,
  weakenedControls,
} from "../../../terraform/changes/weakened-controls";
import type { OrgStackFolder } from "../../runs/for-each-org";
import type { StackPlan } from "../../runs/plan-summary";
import { compareLooks, type Difference, differencesIn, objectsOf, sift } from "./differences";

/** The result of one look at a stack. */
export interface Look {
  readonly differences: readonly Difference[];
  /** Names of outputs whose values differ. */
  readonly outputs: readonly string[];
  readonly weakened: readonly WeakenedControl[];
}

/**
 * What is no longer as the state of a stack has it: its `changes` are those that others have made. Outputs
 * are only for information, since a change of the code changes them as well.
 */
export interface StackDrift extends StackPlan {
  /** Objects whose difference the registry accepts. */
  readonly known: readonly KnownObject[];
  /** Objects with differences that only one of two looks found. */
  readonly transient: readonly PlannedChange[];
}

/** An object, with the entry that accepts its difference. */
export interface KnownObject {
  readonly object: PlannedChange;
  readonly entry: KnownDriftEntry;
}

/** Returns what a refresh-only plan found. */
export const lookAt = (plan: PlanJson): Look => ({
  differences: differencesIn(plan),
  outputs: changedOutputs(plan),
  weakened: weakenedControls({ resource_changes: plan.resource_drift }),
});

/** Whether a look found a difference that the registry does not accept. */
export const isDoubtful = ({ differences }: Look, { org }: OrgStackFolder, now: number): boolean =>
  sift(differences, org.knownDrift ?? [], now).open.length > 0;

/**
 * Returns the drift of a stack.
 *
 * @param second undefined if the first look found nothing {@link isDoubtful doubtful}
 * @param now milliseconds since 1970
 */
export function stackDriftOf(
  { org, stack }: OrgStackFolder,
  first: Look,
  second: Look | undefined,
  now: number,
): StackDrift {
  const looks = second ? [first, second] : [first];
  const sifted = looks.map(({ differences }) => sift(differences, org.knownDrift ?? [], now));
  const { lasting, transient } = compareLooks(sifted[0]?.open ?? [], sifted[1]?.open ?? []);
  const changes = objectsOf(lasting);
  const outputs = first.outputs.filter((name) => second?.outputs.includes(name));
  const weakened = first.weakened.filter(
    (control) =>
      changes.some(({ address }) => address === control.address) &&
      second?.weakened.some((each) => JSON.stringify(each) === JSON.stringify(control)),
  );
  const known = (org.knownDrift ?? []).flatMap((entry) =>
    objectsOf(
      sifted.flatMap((look) => look.known.filter((difference) => difference.entry === entry)),
    ).map((object) => ({ object, entry })),
  );
  return {
    org: org.name,
    stack,
    changes,
    outputs,
    weakened,
    digest: digestOf(changes, outputs),
    known,
    transient: objectsOf(transient),
  };
}
