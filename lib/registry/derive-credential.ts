import { OAUTH_CLIENT_DEFAULTS } from "./defaults";
import type { ClassificationEntry, Credential, OAuthClientEntry, Org, OrgEntry } from "./model";
import { clientNameOf, secretNameOf } from "./names";

/** A credential's classification, with its defaults. */
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

/** An OAuth client of an org, with its names derived and its defaults filled in. */
export function deriveCredential(
  org: Pick<Org, "name" | "environment" | "owner" | "project">,
  entry: OAuthClientEntry,
): Credential {
  const { name, permissions, roles, divisions, consumers = [] } = entry;
  return {
    name,
    description: entry.description ?? `${name} of ${org.name}`,
    permissions,
    roles,
    divisions,
    accessTokenValiditySeconds:
      entry.accessTokenValiditySeconds ?? OAUTH_CLIENT_DEFAULTS.accessTokenValiditySeconds,
    classification: classificationOf(org, entry.classification),
    consumers,
    clientName: clientNameOf(org.environment, name),
    secretName: secretNameOf(org, name),
  };
}
