import type { Action } from "./action";
import type { StoredCredential } from "./credential-records";
import { type Deliveries, deliverCurrent } from "./deliver-current";
import { executeAll } from "./execute";
import type { View } from "./judge";
import { planReconciliation, type ReconciliationPlan } from "./plan";
import { type Proofs, proveCurrent } from "./prove-current";
import type { ReconciliationProps } from "./run-props";
import { startRotations } from "./start-rotations";
import { observe } from "./status";
import { type Freed, freeLabels } from "./stuck-labels";
import { survey, surveyOne } from "./survey";

/** The findings of a run, and what it did. */
export interface Reconciliation extends ReconciliationPlan {
  readonly done: readonly Action[];
  readonly proofs: Proofs;
  /** Integration credentials that no longer exist. */
  readonly lostIntegrations: Deliveries["lost"];
  /** Versions from which AWSPENDING was removed. */
  readonly freed: Freed["freed"];
  /** Names of the credentials whose rotation was started. */
  readonly started: readonly string[];
  /** Number of due rotations that are left for the next run. */
  readonly notStarted: number;
  /** Parts of the work that failed; they did not stop the others. */
  readonly failures: readonly string[];
}

/**
 * Does one run: reads, plans, brings current values to integrations, removes stuck labels, executes the
 * plan, starts rotations, and tries current values.
 * @throws Error before anything is changed, when there are no specifications or the list of clients
 *   is incomplete
 */
export async function reconcile(props: ReconciliationProps): Promise<Reconciliation> {
  const { api, credentials, secretPrefix, clock, dryRun, proves = true, starts = true } = props;
  const started = clock.now();
  refuseUnspecified(credentials, secretPrefix);
  const view = await survey(props, await api.oauthClients());
  const plan = planReconciliation(view);
  props.onPlan?.(plan);
  const notes = await noteAll(props, view);
  const deliveries = dryRun
    ? { lost: [], failures: [] }
    : await deliverCurrent(props, view.credentials, started);
  const readAgain = async ({ name }: { name: string }) =>
    surveyOne(props, await props.records.read(name));
  const { freed, ...labels } = dryRun
    ? { freed: [], failures: [] }
    : await freeLabels({ ...props, readAgain }, view.credentials);
  const { done, failures } = dryRun
    ? { done: [], failures: [] }
    : await executeAll(props, view, plan, started);
  // After the changes, since their calls come on top of ours; before the logins, which may wait long.
  const begun =
    dryRun || !starts
      ? { started: [], failures: [], left: 0 }
      : await startRotations(props, view.credentials);
  const proofs = proves
    ? await proveCurrent(props, view.credentials, started)
    : { refused: [], untried: [], failures: [] };
  const parts = [deliveries, labels, { failures }, begun];
  return {
    ...plan,
    done,
    proofs,
    lostIntegrations: deliveries.lost,
    freed,
    started: begun.started,
    notStarted: begun.left,
    failures: [...problemsIn(view), ...notes, ...parts.flatMap((part) => part.failures)],
  };
}

/** @throws Error when there is no specification at all, so that every client would be an orphan */
export function refuseUnspecified(
  credentials: readonly StoredCredential[],
  secretPrefix: string,
): void {
  if (credentials.some(({ specification }) => specification)) return;
  throw new Error(
    `no client specification was found for the secrets ${secretPrefix}*: nothing was changed. Apply the org's stack`,
  );
}

/** Returns why credentials are left alone. */
export const problemsIn = ({ credentials, unspecified }: View): string[] => [
  ...credentials.flatMap(({ name, problem }) => (problem ? `${name}: ${problem}` : [])),
  ...[...unspecified].map(
    (arn) =>
      `the secret ${arn} has clients but no specification, so they were left alone: apply the org's stack`,
  ),
];

/**
 * Notes that a label of a secret moved, so that the overlap begins now. Nothing is listed and nothing is
 * retired: 100 credentials that rotate at once are 100 events.
 */
export async function noteLabels(
  props: Pick<ReconciliationProps, "secrets" | "records" | "clock" | "windows">,
  name: string,
): Promise<void> {
  const { problem, seen } = await surveyOne(props, await props.records.read(name));
  if (problem !== undefined) throw new Error(`${name}: ${problem}`);
  if (seen) await props.records.change(name, (status) => observe(status, seen));
}

/** Writes what was seen. Another run may have written since, so it is noted as if it were seen now. */
async function noteAll(props: ReconciliationProps, { credentials }: View): Promise<string[]> {
  const failures: string[] = [];
  for (const { name, status, seen } of credentials) {
    const before = props.credentials.find((each) => each.name === name)?.status;
    if (!seen || JSON.stringify(before) === JSON.stringify(status)) continue;
    try {
      await props.records.change(name, (now) => observe(now, seen));
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  return failures;
}
