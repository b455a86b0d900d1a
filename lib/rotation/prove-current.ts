import { ApiError } from "../http/api-error";
import { readCredential } from "../secret-value/credential-value";
import { numberOf } from "./due";
import { isQuiet } from "./findings";
import { currentVersionOf } from "./history";
import type { ManagedCredential } from "./judge";
import { DEFAULT_LIMITS } from "./limits";
import { isUnknown } from "./propagation";
import type { ReconciliationProps } from "./run-props";
import { currentClientOf } from "./status";

/** The result of the logins with current values. */
export interface Proofs {
  /** Names of the credentials whose current value did not work when it was last tried. */
  readonly refused: readonly string[];
  /** Names of the credentials of which no login has shown for a day and a half whether the current value works. */
  readonly untried: readonly string[];
  /** Logins that said nothing about the credential. */
  readonly failures: readonly string[];
}

/** Milliseconds. */
const LONG_UNTRIED = 36 * 3_600_000;

/**
 * Logs in with current values, some in each run: nothing else shows that somebody renewed a client's
 * secret. Those that did not work are tried in every run. One day of the week is left out, so that it
 * shows whether consumers read the value.
 *
 * @param started time at which the run began
 */
export async function proveCurrent(
  props: ReconciliationProps,
  credentials: readonly ManagedCredential[],
  started: number,
): Promise<Proofs> {
  const { clock, records, limits = DEFAULT_LIMITS } = props;
  const candidates = credentials.filter(
    ({ problem, retiring, history, status }) =>
      !problem &&
      !retiring &&
      !history?.deletedAt &&
      currentClientOf(status, history) !== undefined,
  );
  const due = candidates
    .filter(({ specification, status: { triedAt = 0, provenAt, refusedSince } }) => {
      if (refusedSince !== undefined) return true;
      const isQuietDay = isQuiet(clock.now(), numberOf(specification?.secretArn ?? ""));
      if (isQuietDay && provenAt !== undefined) return false;
      return clock.now() - triedAt >= limits.proofAge;
    })
    .sort((one, other) => (one.status.triedAt ?? 0) - (other.status.triedAt ?? 0))
    .slice(0, limits.mostProofs);
  const refused = new Set(
    candidates.filter(({ status }) => status.refusedSince !== undefined).map(({ name }) => name),
  );
  const failures: string[] = [];
  const proven = new Set<string>();
  for (const credential of due) {
    // A login may wait for its limit for more than a minute, and the result must still be reported.
    if (clock.now() - started > limits.longest) break;
    const { name } = credential;
    try {
      const works = await isWorking(props, credential);
      if (works) refused.delete(name);
      else refused.add(name);
      proven.add(name);
      const triedAt = clock.now();
      await records.change(name, (status) => ({
        ...status,
        triedAt,
        provenAt: triedAt,
        refusedSince: works ? undefined : (status.refusedSince ?? triedAt),
      }));
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
      // Its turn is over: the others must not wait for one that cannot be tried.
      const triedAt = clock.now();
      await records.change(name, (status) => ({ ...status, triedAt })).catch(() => {});
    }
  }
  const untried = candidates.filter(({ name, status: { provenAt, labelsSince } }) => {
    const since = provenAt ?? labelsSince ?? clock.now();
    return !proven.has(name) && clock.now() - since > LONG_UNTRIED;
  });
  return { refused: [...refused].sort(), untried: untried.map(({ name }) => name), failures };
}

async function isWorking(
  { secrets, apiAs, org }: ReconciliationProps,
  { specification, history }: ManagedCredential,
): Promise<boolean> {
  const version = currentVersionOf(history)?.id ?? "";
  const secretArn = specification?.secretArn ?? "";
  const text = await secrets.value(secretArn, version, "AWSCURRENT");
  if (text === undefined) throw new Error(`version ${version} of the secret has no value`);
  const credential = readCredential(text, `version ${version} of the secret`);
  try {
    const { OAuthClient: client, organization } = await apiAs(credential).tokenOwner();
    return client?.id === credential.clientId && organization.id === org.id;
  } catch (error) {
    if (error instanceof ApiError && isUnknown(error)) return false;
    throw error;
  }
}
