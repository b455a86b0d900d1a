import { BROKER_DEFAULTS, BROKER_ROTATION_DAYS } from "./defaults";
import { type DerivingOrg, deriveClient } from "./derive-credential";
import type { BrokeredClient, OAuthClientEntry } from "./model";

/** Returns an OAuth client that Vault brokers, with its derived names and its defaults. */
export function deriveBrokeredClient(org: DerivingOrg, entry: OAuthClientEntry): BrokeredClient {
  const client = deriveClient(org, entry);
  return {
    ...client,
    // Vault logs in as the client, and the rotation does not.
    allowedAddresses: entry.allowedAddresses ?? org.allowedAddresses,
    broker: { ...BROKER_DEFAULTS, ...entry.broker },
    rotationDays: Math.min(BROKER_ROTATION_DAYS, client.classification.rotationDays),
  };
}
