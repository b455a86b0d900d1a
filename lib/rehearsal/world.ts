import type { VaultCredential } from "../registry/model";
import type { OrgReport, RegistryReport, VaultOrgReport } from "../registry/report";
import { digest } from "./double/core/made-up-values";

/**
 * The simulated outside world of a rehearsal: the entries of Vault, secrets in AWS and the OAuth clients of Genesys
 * Cloud. Plain data, without any real secret.
 */
export interface World {
  /** Seed of all ids and secrets of the rehearsal. */
  readonly seed: string;
  readonly vault: readonly VaultEntry[];
  /**
   * The orgs' own credentials in AWS Secrets Manager.
   * @default - none
   */
  readonly secrets?: readonly SecretEntry[];
  readonly clients: readonly GenesysClient[];
  /**
   * Errors that Lambda functions return when a destroy calls them, by the functions' names.
   * @default - every function answers
   */
  readonly functionErrors?: Readonly<Record<string, string>>;
}

/** One entry of a Vault server's KV version 2 engine. */
export interface VaultEntry {
  readonly address: string;
  /** Empty for the root namespace. */
  readonly namespace: string;
  readonly mount: string;
  /** Name below the mount, without `data/`. */
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
  /**
   * Number of the newest version.
   * @default - every version exists
   */
  readonly newestVersion?: number;
  /** Whether the newest version was deleted or destroyed. */
  readonly deleted?: boolean;
}

/** One secret of AWS Secrets Manager, with a JSON document as its value. */
export interface SecretEntry {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

/** One OAuth client of a Genesys Cloud organisation. */
export interface GenesysClient {
  readonly id: string;
  readonly secret: string;
  /** Name of the organisation in the registry. */
  readonly org: string;
  readonly organizationId: string;
  /** AWS name of the Genesys Cloud region. */
  readonly region: string;
  /** Purpose of the client, for example `deployer`. */
  readonly credential: VaultCredential;
  /** Whether it may only read. */
  readonly viewOnly: boolean;
}

/** A secret value that no file may contain, and that a scan recognises. */
export interface Canary {
  readonly org: string;
  readonly credential: string;
  readonly value: string;
  /**
   * Whether a part of the value is no finding, since it may be in any text.
   * @default false
   */
  readonly whole?: boolean;
}

const credentials = ["deployer", "planner", "master"] as const;

/**
 * Returns the world of a registry. Every org with a Vault owns the entries at its conventional paths. A
 * custom path belongs to the org that names it, unless it is the conventional path of another org.
 * An org that names another org's path gets the other org's credential, as with a real Vault.
 */
export function worldOf(report: Pick<RegistryReport, "orgs">, seed = "rehearsal"): World {
  const owned = report.orgs.flatMap((org) =>
    credentials.map((credential) => ({ org, client: clientOf(org, credential, seed) })),
  );
  const entries = new Map<string, VaultEntry>();
  const inVault = owned.filter((each): each is Owned<VaultOrgReport> => !!each.org.vault);
  const add = (org: VaultOrgReport, client: GenesysClient, name: string) => {
    const entry = entryOf(org, client, name);
    const place = JSON.stringify([entry.address, entry.namespace, entry.mount, entry.name]);
    if (!entries.has(place)) entries.set(place, entry);
  };
  for (const { org, client } of inVault) {
    add(org, client, `genesys/${org.environment}/${org.project}/${client.credential}`);
  }
  for (const { org, client } of inVault) {
    add(org, client, org.vault[client.credential]);
  }
  const secrets = owned.flatMap(({ org: { aws, credentials }, client }) =>
    credentials ? { ...aws, name: credentials[client.credential], data: dataOf(client) } : [],
  );
  return {
    seed,
    vault: [...entries.values()],
    secrets,
    clients: owned.map(({ client }) => client),
  };
}

interface Owned<Report> {
  readonly org: Report;
  readonly client: GenesysClient;
}

/** Returns the secrets of the world. */
export function canariesOf(world: World): Canary[] {
  return world.clients.map(({ org, credential, secret }) => ({ org, credential, value: secret }));
}

/**
 * Returns a secret that nobody would write by chance, in no part of it. It contains `/`, `+` and `=`, so
 * that its URL-encoded and base64 forms differ from it.
 */
export function canary(seed: string, org: string, credential: string): string {
  const random = digest(seed, "secret", org, credential);
  return `CANARY+${random.slice(0, 18)}/${random.slice(18, 36)}=`;
}

function clientOf(
  org: OrgReport,
  credential: (typeof credentials)[number],
  seed: string,
): GenesysClient {
  return {
    id: `${org.name}-${credential}-${digest(seed, "client", org.name, credential).slice(0, 8)}`,
    secret: canary(seed, org.name, credential),
    org: org.name,
    organizationId: org.organizationId,
    region: org.genesysRegion,
    credential,
    viewOnly: credential === "planner",
  };
}

function entryOf(org: VaultOrgReport, client: GenesysClient, name: string): VaultEntry {
  return {
    address: org.vault.address,
    namespace: org.vault.namespace ?? "",
    mount: org.vault.mount,
    name,
    data: dataOf(client),
  };
}

const dataOf = ({ id, secret, organizationId, region }: GenesysClient) => ({
  client_id: id,
  client_secret: secret,
  org_id: organizationId,
  region,
});
