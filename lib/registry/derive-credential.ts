import { OAUTH_CLIENT_DEFAULTS } from "./defaults";
import type {
  ClassificationEntry,
  ConsumerEntry,
  Credential,
  OAuthClientEntry,
  Org,
  OrgEntry,
} from "./model";
import { clientNameOf, secretNameOf } from "./names";

/** Returns a credential's classification with its defaults. */
export function classificationOf(
  org: Pick<OrgEntry, "owner">,
  entry: ClassificationEntry = {},
): Required<ClassificationEntry> {
  const defaults = OAUTH_CLIENT_DEFAULTS.classification;
  return {
    sensitivity: entry.sensitivity ?? defaults.sensitivity,
    rotationDays: entry.rotationDays ?? defaults.rotationDays,
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

/** Returns an OAuth client of an org with its derived names and its defaults. */
export function deriveCredential(
  org: Pick<Org, "name" | "environment" | "owner" | "project" | "consumers">,
  entry: OAuthClientEntry,
): Credential {
  const { name, permissions, roles, divisions } = entry;
  return {
    name,
    description: entry.description ?? `${name} of ${org.name}`,
    permissions,
    roles,
    divisions,
    accessTokenValiditySeconds:
      entry.accessTokenValiditySeconds ?? OAUTH_CLIENT_DEFAULTS.accessTokenValiditySeconds,
    classification: classificationOf(org, entry.classification),
    consumers: rolesOf(org.consumers, entry.consumers),
    clientName: clientNameOf(org.environment, name),
    secretName: secretNameOf(org, name),
  };
}
