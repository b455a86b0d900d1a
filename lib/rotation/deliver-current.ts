import { type CredentialValue, readCredential } from "../secret-value/credential-value";
import { currentVersionOf } from "./history";
import { deliver, deliveryMark, integrationsOf, lostReport } from "./integration-credentials";
import type { ManagedCredential } from "./judge";
import { DEFAULT_LIMITS } from "./limits";
import type { ReconciliationProps } from "./run-props";
import type { IntegrationCredential } from "./specification";
import { currentClientOf } from "./status";

/** The result of the deliveries of a run. */
export interface Deliveries {
  /** Integration credentials that no longer exist, with the credential that each should have. */
  readonly lost: readonly { readonly name: string; readonly report: string }[];
  readonly failures: readonly string[];
}

/**
 * Writes current values to the integration credentials that may not have them: new ones, and all
 * after another version was current or was prepared. The rotator writes a new value before it becomes
 * the current one, but it does not see a rollback, a rotation that was given up, or an integration
 * credential that Terraform created again.
 *
 * @param started time at which the run began
 */
export async function deliverCurrent(
  props: ReconciliationProps,
  credentials: readonly ManagedCredential[],
  started: number,
): Promise<Deliveries> {
  const { clock, records, limits = DEFAULT_LIMITS } = props;
  const lost: { name: string; report: string }[] = [];
  const failures: string[] = [];
  for (const credential of credentials) {
    const { name, history, retiring, status } = credential;
    // If the retirement is undone, its clients have changed, and all is written again.
    if (retiring && status.delivered) await forget(name);
    const targets = undelivered(credential);
    if (!history || targets.length === 0 || clock.now() - started > limits.longest) continue;
    try {
      const readAt = clock.now();
      const value = await currentValue(props, credential);
      if (!value) continue;
      const gone = await deliver({ api: props.api, org: props.org.name, targets, value });
      lost.push(...gone.map((target) => ({ name, report: lostReport(target) })));
      const written = targets.filter((target) => !gone.includes(target));
      const marks = written.map((target) => [target.id, deliveryMark(target, history)]);
      if (marks.length === 0) continue;
      const known = new Set(integrationsOf(credential.specification).map(({ id }) => id));
      await records.change(name, ({ delivered = {}, ...rest }) => {
        const kept = Object.entries(delivered).filter(([id]) => known.has(id));
        return { ...rest, readAt, delivered: Object.fromEntries([...kept, ...marks]) };
      });
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  return { lost, failures };

  async function forget(name: string): Promise<void> {
    try {
      await records.change(name, ({ delivered: _, ...rest }) => rest);
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
}

/** Returns the integration credentials to which the current value of a credential must be written. */
export function undelivered(credential: ManagedCredential): readonly IntegrationCredential[] {
  const { problem, retiring, specification, history, status } = credential;
  const isReadable = !problem && !retiring && history && history.deletedAt === undefined;
  if (!isReadable || currentClientOf(status, history) === undefined) return [];
  return integrationsOf(specification).filter(
    (target) => status.delivered?.[target.id] !== deliveryMark(target, history),
  );
}

/**
 * Writes the current value to all integration credentials of a credential, before a client that one of
 * them may still have is deactivated.
 *
 * @returns false if the current value could not be read, since the label has just moved
 * @throws Error when one could not be written; the client must then stay
 */
export async function deliverBefore(
  props: ReconciliationProps,
  credential: ManagedCredential | undefined,
): Promise<boolean> {
  const targets: readonly IntegrationCredential[] = integrationsOf(credential?.specification);
  if (!credential || credential.retiring || targets.length === 0) return true;
  if (!currentVersionOf(credential.history)) return true;
  const value = await currentValue(props, credential);
  if (!value) return false;
  await deliver({ api: props.api, org: props.org.name, targets, value });
  return true;
}

/** Returns the current value; undefined if another version is the current one by now. */
async function currentValue(
  { secrets }: ReconciliationProps,
  { specification, history }: ManagedCredential,
): Promise<CredentialValue | undefined> {
  const version = currentVersionOf(history)?.id ?? "";
  const text = await secrets.value(specification?.secretArn ?? "", version, "AWSCURRENT");
  return text === undefined ? undefined : readCredential(text, `version ${version} of the secret`);
}
