import type { Sensitivity } from "../registry/classification";
import type { SecretReport } from "../registry/report";
import { judge, VERDICTS, type Verdict } from "./judge";
import type { LiveSecret } from "./live-secret";

/** The six answers about one credential, and what to think of them. */
export interface InventoryEntry extends SecretReport {
  readonly org: string;
  readonly environment: string;
  readonly sensitivity: Sensitivity;
  readonly verdict: Verdict;
  /** The reason of the verdict; empty if all is well. */
  readonly reason: string;
  /** @default - nobody looked, or it is kept elsewhere */
  readonly live?: LiveSecret;
}

/** Returns the entry of a credential. */
export function inventoryEntry(
  org: { readonly name: string; readonly environment: string },
  secret: SecretReport,
  live: LiveSecret | undefined,
  now: number,
): InventoryEntry {
  const { verdict, reason } = judge(secret, live, now);
  return { org: org.name, environment: org.environment, ...secret, verdict, reason, live };
}

/** Orders entries: the worst first, then those that rotate next. */
export function byUrgency(one: InventoryEntry, other: InventoryEntry): number {
  const rank = ({ verdict }: InventoryEntry) => VERDICTS.indexOf(verdict);
  const deadline = ({ live }: InventoryEntry) => live?.deadline ?? Number.MAX_SAFE_INTEGER;
  return (
    rank(one) - rank(other) ||
    deadline(one) - deadline(other) ||
    `${one.org} ${one.secretName}`.localeCompare(`${other.org} ${other.secretName}`, "en")
  );
}
