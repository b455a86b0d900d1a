import type { OAuthClient, OAuthClientRequest } from "../genesys/models";
import { withoutReadOnly } from "../genesys/platform-api";
import { rotatedDescriptionOf, rotatedNameOf } from "./client-name";
import { sameGrants } from "./grants";
import type { ClientSpecification } from "./specification";

/** Returns the specified fields of the client of a version. */
export const requestOf = (
  specification: ClientSpecification,
  versionId: string,
): OAuthClientRequest => ({
  name: rotatedNameOf(specification.clientName, versionId),
  description: rotatedDescriptionOf(specification.secretArn),
  authorizedGrantType: "CLIENT-CREDENTIALS",
  accessTokenValiditySeconds: specification.accessTokenValiditySeconds,
  roleDivisions: specification.roleDivisions,
  ...addressesOf(specification),
  state: "active",
});

const addressesOf = ({ addresses }: ClientSpecification) =>
  addresses && { [addresses.field]: addresses.allowed };

const SPECIFIED: readonly string[] = [
  "name",
  "description",
  "authorizedGrantType",
  "accessTokenValiditySeconds",
  "roleDivisions",
  "state",
  "dateToDelete",
];

/**
 * Returns the fields of a client that the next one takes over, since they are not specified here, such
 * as the addresses from which a client may call (announced for 2026).
 * @returns undefined if there are none
 */
export function inheritedFrom(client: OAuthClient): Partial<OAuthClientRequest> | undefined {
  const fields = Object.entries(withoutReadOnly(client)).filter(
    ([name]) => !SPECIFIED.includes(name),
  );
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

/**
 * Returns the update that makes a client match its specification. It never shortens the token
 * lifetime: existing tokens keep the longer one, and nothing would show any more how long to wait
 * for their end. The next client gets the shorter lifetime.
 */
export const updateOf = (
  { accessTokenValiditySeconds: seconds = 0 }: OAuthClient,
  specification: ClientSpecification,
  versionId: string,
): OAuthClientRequest => ({
  ...requestOf(specification, versionId),
  accessTokenValiditySeconds: Math.max(seconds, specification.accessTokenValiditySeconds),
});

/** Whether a client is active and has exactly the specified grants; its tokens may live longer. */
export function isAsSpecified(client: OAuthClient, specification: ClientSpecification): boolean {
  const { accessTokenValiditySeconds: seconds = 0 } = client;
  return (
    client.state === "active" &&
    seconds >= specification.accessTokenValiditySeconds &&
    sameGrants(client.roleDivisions, specification.roleDivisions) &&
    sameAddresses(client, specification)
  );
}

/** Genesys Cloud may list them in another order. */
function sameAddresses(client: OAuthClient, { addresses }: ClientSpecification): boolean {
  if (!addresses) return true;
  const actual: unknown = Reflect.get(client, addresses.field) ?? [];
  const sorted = (list: readonly unknown[]) => JSON.stringify([...list].map(String).sort());
  return Array.isArray(actual) && sorted(actual) === sorted(addresses.allowed);
}
