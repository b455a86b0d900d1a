import { SENSITIVITY_NAMES, type Sensitivity } from "../../registry/classification";
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

/** A consumer with a cache reads 12 times in an hour. */
const LIMITS: Readonly<Record<Sensitivity, AccessLimits>> = {
  critical: { band: 2, readsAnHour: 600, denials: 3 },
  high: { band: 3, readsAnHour: 1200, denials: 5 },
  medium: { band: 4, readsAnHour: 2400, denials: 10 },
  low: { band: 6, readsAnHour: 6000, denials: 20 },
};

/** Returns the limits of an org, by the highest sensitivity among its credentials. */
export function accessLimitsOf({
  oauthClients,
  secrets,
}: Pick<Org, "oauthClients" | "secrets">): AccessLimits {
  const found = [...oauthClients, ...secrets].map(
    ({ classification }) => classification.sensitivity,
  );
  const highest = SENSITIVITY_NAMES.find((sensitivity) => found.includes(sensitivity));
  return LIMITS[highest ?? "medium"];
}
