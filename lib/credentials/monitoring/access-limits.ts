import type { Org } from "../../registry/model";

/** When the number of accesses is odd. */
export interface AccessLimits {
  /** Standard deviations from the usual number of reads. */
  readonly band: number;
  /** Reads in an hour, of all secrets of the org. */
  readonly readsAnHour: number;
  /** Denied calls in five minutes. */
  readonly denials: number;
}

/** By sensitivity, from the highest. A consumer with a cache reads 12 times in an hour. */
const LIMITS = {
  critical: { band: 2, readsAnHour: 600, denials: 3 },
  high: { band: 3, readsAnHour: 1200, denials: 5 },
  medium: { band: 4, readsAnHour: 2400, denials: 10 },
  low: { band: 6, readsAnHour: 6000, denials: 20 },
} as const satisfies Record<string, AccessLimits>;

/** Returns the limits of an org, by the highest sensitivity among its credentials. */
export function accessLimitsOf({ oauthClients }: Pick<Org, "oauthClients">): AccessLimits {
  const found = new Set<string>(
    oauthClients.map(({ classification }) => classification.sensitivity),
  );
  return (
    Object.entries(LIMITS).find(([sensitivity]) => found.has(sensitivity))?.[1] ?? LIMITS.medium
  );
}
