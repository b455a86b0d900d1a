import type {
  ClassificationEntry,
  Environment,
  LockMode,
  OAuthClient,
  OAuthClientEntry,
  Org,
  OrgEntry,
  OrgRoleNames,
  ProviderCredential,
} from "./model";

// Each name that more than one part of the product needs is made here, once.

/** What the name of an org's parts is made of. */
type Named = Pick<OrgEntry, "name" | "environment" | "project">;

/** Id of an org's stack: what `cdktf deploy` is told. */
export const stackIdOf = (org: string): string => `org-${org}`;

/** Second part of an org's Vault entries and secret names. */
export const projectOf = ({ name, project }: Named): string => project ?? name;

/** Object key of an org's state. */
export const stateKeyOf = (org: string): string => `orgs/${org}/terraform.tfstate`;

/** Name of the lock table that an org uses: its own, or the one its home shares. */
export function lockTableOf(
  org: string,
  home: string,
  mode: LockMode,
  own: boolean,
): string | undefined {
  if (mode === "s3") return undefined;
  // An org's name has no dot, so that no own table is ever named like a shared one.
  return own ? `genesys-state-lock-${org}` : `genesys-state-lock.${home}`;
}

/** Name of an org's Vault entry for a provider credential, below the mount. */
export const vaultEntryOf = (org: Named, credential: ProviderCredential): string =>
  `genesys/${org.environment}/${projectOf(org)}/${credential}`;

/** Names of an org's IAM roles. */
export const roleNamesOf = (org: string): OrgRoleNames => ({
  reader: `genesys-${org}-state-reader`,
  writer: `genesys-${org}-state-writer`,
  unlocker: `genesys-${org}-state-unlocker`,
  rotator: `genesys-${org}-rotator`,
});

/** What the name of every secret of an org begins with. */
export const secretPrefixOf = (org: Named): string =>
  `/genesys/${org.environment}/${projectOf(org)}/`;

/** Name of a credential's secret. */
export const secretNameOf = (org: Named, credential: string): string =>
  `${secretPrefixOf(org)}${credential}`;

/** What the name of an OAuth client begins with, by environment. */
export const ENVIRONMENT_LABELS: Record<Environment, string> = {
  production: "Production",
  staging: "Staging",
  development: "Development",
  sandbox: "Sandbox",
};

/** Name of an OAuth client in Genesys Cloud: `[Environment]-[ServiceName]`. */
export function clientNameOf(environment: Environment, credential: string): string {
  const service = credential.replace(/(^|-)([a-z0-9])/g, (_, __, first: string) =>
    first.toUpperCase(),
  );
  return `${ENVIRONMENT_LABELS[environment]}-${service}`;
}

/** Tags that every AWS resource of an org carries. */
export const derivedTagsOf = (org: Pick<OrgEntry, "name" | "environment" | "owner">) => ({
  "genesys-org": org.name,
  environment: org.environment,
  owner: org.owner,
  "managed-by": "cdktf-genesys-orgs",
});

/** A credential's classification, with its defaults. */
export const classificationOf = (
  org: Pick<OrgEntry, "owner">,
  { sensitivity = "confidential", rotationDays = 30, owner = org.owner }: ClassificationEntry = {},
): Required<ClassificationEntry> => ({ sensitivity, rotationDays, owner });

/** An OAuth client of an org, with its names derived and its defaults filled in. */
export function oauthClientOf(
  org: Pick<Org, "name" | "environment" | "owner" | "project">,
  entry: OAuthClientEntry,
): OAuthClient {
  const { name, permissions, divisions, consumers = [] } = entry;
  return {
    name,
    description: entry.description ?? `${name} of ${org.name}`,
    permissions,
    divisions,
    accessTokenValiditySeconds: entry.accessTokenValiditySeconds ?? 3600,
    classification: classificationOf(org, entry.classification),
    consumers,
    clientName: clientNameOf(org.environment, name),
    secretName: secretNameOf(org, name),
  };
}
