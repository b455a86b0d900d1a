import {
  CREDENTIAL_KINDS,
  type CredentialKind,
  defaultSensitivity,
  kindOfClient,
  SENSITIVITIES,
  sensitivityNamed,
} from "./classification";
import { OAUTH_CLIENT_DEFAULTS } from "./defaults";
import type {
  Classification,
  ClassificationEntry,
  ConsumerEntry,
  Credential,
  OAuthClientEntry,
  Org,
  OrgRotationEntry,
} from "./model";
import { clientNameOf } from "./names";
import { secretNameOf } from "./secret-name";

/** Returns the class of a credential with its defaults. */
export function classificationOf(
  org: Pick<Org, "owner" | "allowedSensitivities">,
  kind: CredentialKind,
  entry: ClassificationEntry = {},
): Classification {
  const sensitivity =
    entry.sensitivity === undefined
      ? defaultSensitivity(kind, org.allowedSensitivities)
      : sensitivityNamed(entry.sensitivity);
  const usual = Math.min(
    CREDENTIAL_KINDS[kind].rotationDays,
    SENSITIVITIES[sensitivity].mostRotationDays,
  );
  return {
    sensitivity,
    rotationDays: entry.rotationDays ?? usual,
    owner: entry.owner ?? org.owner,
  };
}

/**
 * Returns the roles of consumers. A name that the registry does not have stays as it is: the checks
 * report it.
 */
export const rolesOf = (
  known: readonly ConsumerEntry[],
  consumers: readonly string[] = [],
): string[] => consumers.map((given) => known.find(({ name }) => name === given)?.role ?? given);

/** The parts of an org that its credentials are derived from. */
export type DerivingOrg = Pick<
  Org,
  | "name"
  | "environment"
  | "owner"
  | "project"
  | "allowedSensitivities"
  | "allowedAddresses"
  | "consumers"
> & { readonly rotation: Pick<OrgRotationEntry, "network"> };

/** Returns an OAuth client of an org, whose secret rotates, with its derived names and its defaults. */
export function deriveCredential(org: DerivingOrg, entry: OAuthClientEntry): Credential {
  return {
    ...deriveClient(org, entry),
    allowedAddresses: withEgress(entry.allowedAddresses ?? org.allowedAddresses, org.rotation),
    secretName: secretNameOf(org, entry.name),
    replaces: entry.replaces?.toLowerCase(),
  };
}

/** Returns what every OAuth client of an org has. */
export function deriveClient(org: DerivingOrg, entry: OAuthClientEntry) {
  const { name, permissions, roles, divisions } = entry;
  return {
    name,
    description: entry.description ?? `${name} of ${org.name}`,
    permissions,
    roles,
    divisions,
    accessTokenValiditySeconds:
      entry.accessTokenValiditySeconds ?? OAUTH_CLIENT_DEFAULTS.accessTokenValiditySeconds,
    classification: classificationOf(org, kindOfClient(entry), entry.classification),
    consumers: rolesOf(org.consumers, entry.consumers),
    clientName: clientNameOf(org.environment, name),
  };
}

/** The rotation logs in as the client, too. An empty list limits nothing. */
function withEgress(
  addresses: readonly string[] | undefined,
  { network }: Pick<OrgRotationEntry, "network">,
): readonly string[] | undefined {
  if (addresses === undefined || addresses.length === 0) return addresses;
  return [...new Set([...addresses, ...(network?.egressAddresses ?? [])])];
}
