import type { OAuthClient, OAuthClientRequest } from "../genesys/models";
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
  state: "active",
});

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
    sameGrants(client.roleDivisions, specification.roleDivisions)
  );
}
