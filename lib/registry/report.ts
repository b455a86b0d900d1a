import { kindOfClient, type Sensitivity } from "./classification";
import type { OrgSecret } from "./managed-secret";
import type {
  ConsumerEntry,
  Credential,
  Environment,
  Home,
  IgnoredDifferenceEntry,
  KnownDriftEntry,
  LockMode,
  Org,
  StateEncryption,
  VaultAuth,
} from "./model";

/** Name of the file that every synthesis writes next to its stacks, for commands and CI. */
export const REPORT_FILE = "genesys-orgs.json";

/** All homes and orgs of the registry, with the result of a synthesis for each. */
export interface RegistryReport {
  readonly version: 1;
  readonly homes: readonly HomeReport[];
  readonly orgs: readonly OrgReport[];
  /** The workloads that the registry names; undefined from earlier releases. */
  readonly consumers?: readonly ConsumerEntry[];
  /** Ids of stacks that belong to no org and no home. */
  readonly otherStacks: readonly string[];
}

/** One state home with its derived names. */
export interface HomeReport {
  readonly name: string;
  /** Id of the home's stack, and name of its folder under `stacks/`. */
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly stateKey: string;
  readonly kmsKeyArn?: string;
  /** ARNs of the roles and users that run the home. */
  readonly stateAdmins: readonly string[];
  /**
   * Repository on GitHub whose workflows may assume the roles.
   * @default - none
   */
  readonly repository?: string;
  /**
   * `not selected` by the filter of this synthesis; `external`: an S3-compatible store, without a
   * stack; `no stack`: the app created none.
   */
  readonly status: "synthesized" | "not selected" | "external" | "no stack";
}

/** A stack that grants access to an org: with its key, lock table and roles, or with its Vault roles. */
export interface AccessReport {
  readonly stack: string;
  readonly stateKey: string;
  /** As for a home; `no recorded home`: left out until the home's key is recorded. */
  readonly status: "synthesized" | "not selected" | "external" | "no stack" | "no recorded home";
}

/** A further stack of an org, with a state of its own. */
export interface ComponentReport {
  readonly name: string;
  readonly stack: string;
  readonly stateKey: string;
}

/** A credential of an org, as it is planned. */
export interface SecretReport {
  /** Name of the credential for its consumers. */
  readonly name: string;
  /** Name of its secret in Secrets Manager. */
  readonly secretName: string;
  /** Kind of the credential, for example `genesys-admin`. */
  readonly kind: string;
  readonly sensitivity: Sensitivity;
  /** The longest time between two rotations, in days. */
  readonly rotationDays: number;
  readonly owner: string;
  /** ARNs of the roles that may read it, as far as they are known before apply. */
  readonly consumers: readonly string[];
  /** Whether it rotates by itself, a person rotates it, or another system does. */
  readonly rotation: "automatic" | "by hand" | "elsewhere";
  /**
   * The other system that rotates it.
   * @default - none
   */
  readonly rotatedBy?: string;
  /**
   * The key that encrypts it: an ARN, the organisation's own key, or AWS's own.
   * @default "org"
   */
  readonly key?: OrgSecret["key"];
  /**
   * Id of the OAuth client made by hand that it takes over from.
   * @default - none
   */
  readonly replaces?: string;
}

/** An OAuth client that Vault brokers. */
export interface BrokeredReport {
  readonly name: string;
  /** ARNs of the roles of its consumers. */
  readonly consumers: readonly string[];
  /** Path in Vault from which consumers read an access token. */
  readonly tokenPath: string;
}

/** One org with its derived names, without any secret. */
export interface OrgReport {
  readonly name: string;
  readonly environment: Environment;
  readonly organizationId: string;
  readonly genesysRegion: string;
  readonly owner: string;
  /** Id of the org's stack, and name of its folder under `stacks/`. */
  readonly stack: string;
  readonly stateHome: string;
  readonly bucket: string;
  readonly stateKey: string;
  readonly lock: LockMode;
  readonly lockTable?: string;
  readonly encryption: StateEncryption;
  readonly kmsKeyArn?: string;
  /** Undefined for an org without Vault. */
  readonly vault?: {
    readonly address: string;
    readonly namespace?: string;
    readonly mount: string;
    /** Login of Terraform. */
    readonly auth: VaultAuth;
    readonly skipChildToken: boolean;
    readonly deployer: string;
    readonly planner: string;
    readonly master: string;
    /** The engine of brokered clients; undefined from earlier releases. */
    readonly broker?: {
      readonly mount: string;
      /** Name of the entry with its first master. */
      readonly entry: string;
      readonly mostClients: number;
    };
  };
  /** The org's own credentials in Secrets Manager; undefined for those in Vault. */
  readonly credentials?: {
    readonly source: "aws-secrets-manager";
    /** Names of the secrets. */
    readonly deployer: string;
    readonly planner: string;
    readonly master: string;
  };
  readonly aws: {
    readonly account: string;
    readonly region: string;
    readonly deployRole?: string;
    readonly planRole?: string;
  };
  readonly project: string;
  readonly secretPrefix: string;
  /** Names of the OAuth clients of the registry and, after a synthesis, of those that code adds. */
  readonly oauthClients: readonly string[];
  /** The registry's OAuth clients that Vault brokers; undefined from earlier releases. */
  readonly brokeredClients?: readonly BrokeredReport[];
  /** Credentials of the registry and, after a synthesis, those that code adds. */
  readonly secrets: readonly SecretReport[];
  /** Addresses that the org's OAuth clients may call from; undefined for any. */
  readonly allowedAddresses?: readonly string[];
  readonly rotation: {
    /** Version of the Vault entry `master` that the rotator works with. */
    readonly masterVersion: number;
    /** Number of OAuth clients from which the rotator creates no more. */
    readonly mostClients: number;
    /** Field of the API with the addresses that a client may call from. */
    readonly allowedAddressesField?: string;
  };
  readonly retired: boolean;
  /** Differences that `genesys-orgs drift` does not report; undefined from earlier releases. */
  readonly knownDrift?: readonly KnownDriftEntry[];
  /** Differences that `genesys-orgs compare` leaves out; undefined from earlier releases. */
  readonly ignoredDifferences?: readonly IgnoredDifferenceEntry[];
  readonly access: AccessReport;
  /** The stack with the org's policies and roles in Vault; undefined from earlier releases. */
  readonly vaultAccess?: AccessReport;
  /** The org's further stacks, as far as this synthesis made them. */
  readonly components: readonly ComponentReport[];
  /**
   * `synthesized`; `not selected` by the filter of this synthesis; `retired`; `no recorded key`:
   * left out until its key is recorded; `no stack`: the app created none.
   */
  readonly status: "synthesized" | "not selected" | "retired" | "no recorded key" | "no stack";
}

/** One org with a Vault. */
export type VaultOrgReport = OrgReport & { readonly vault: NonNullable<OrgReport["vault"]> };

/** Returns a home as the report shows it. */
export function reportHome(home: Home, status: HomeReport["status"]): HomeReport {
  const { stackId: stack, name, account, region, bucket, stateKey, kmsKeyArn, stateAdmins } = home;
  const repository = home.github?.repository;
  return {
    name,
    stack,
    account,
    region,
    bucket,
    stateKey,
    kmsKeyArn,
    stateAdmins,
    repository,
    status,
  };
}

/**
 * Returns the report, corrected by the stacks that the app really created.
 *
 * @param components the further stacks of orgs, by the names of the orgs
 */
export function withStacks(
  report: RegistryReport,
  made: readonly string[],
  components: ReadonlyMap<string, readonly ComponentReport[]>,
): RegistryReport {
  const corrected = <Part extends { readonly stack: string; readonly status: string }>(
    part: Part,
  ): Part =>
    part.status === "synthesized" && !made.includes(part.stack)
      ? { ...part, status: "no stack" }
      : part;
  const homes = report.homes.map(corrected);
  const orgs = report.orgs.map((org) => ({
    ...corrected(org),
    access: corrected(org.access),
    ...(org.vaultAccess && { vaultAccess: corrected(org.vaultAccess) }),
    components: components.get(org.name) ?? [],
  }));
  const ofOrgs = orgs.flatMap((org) => [org, ...accessStacksOf(org), ...org.components]);
  const known = new Set([...homes, ...ofOrgs].map(({ stack }) => stack));
  return { ...report, homes, orgs, otherStacks: made.filter((stack) => !known.has(stack)) };
}

/** Returns the stacks that grant access to an org. */
export const accessStacksOf = ({ access, vaultAccess }: OrgReport): AccessReport[] =>
  vaultAccess ? [access, vaultAccess] : [access];

/** Returns the report with the clients and the secrets that the app's code creates, by org. */
export function withCreated(
  report: RegistryReport,
  clients: ReadonlyMap<string, readonly string[]>,
  secrets: ReadonlyMap<string, readonly SecretReport[]>,
): RegistryReport {
  const orgs = report.orgs.map((org) => {
    const created = secrets.get(org.name) ?? [];
    const planned = org.secrets.filter(
      ({ secretName }) => !created.some((secret) => secret.secretName === secretName),
    );
    return {
      ...org,
      oauthClients: [...new Set([...org.oauthClients, ...(clients.get(org.name) ?? [])])],
      secrets: [...planned, ...created],
    };
  });
  return { ...report, orgs };
}

/** Returns the secret of a rotated OAuth client as the report shows it. */
export function reportCredential(credential: Credential): SecretReport {
  const { name, secretName, classification, consumers, replaces } = credential;
  const kind = kindOfClient(credential);
  const rest = { consumers, rotation: "automatic" as const, replaces };
  return { name, secretName, kind, ...classification, ...rest };
}

/** Returns another credential as the report shows it. */
export function reportSecret(secret: OrgSecret): SecretReport {
  const { name, secretName, kind, classification, consumers, rotates, key } = secret;
  const { rotatedElsewhere } = secret;
  const rotation = rotates ? "automatic" : rotatedElsewhere === undefined ? "by hand" : "elsewhere";
  const rotatedBy = rotatedElsewhere;
  return { name, secretName, kind, ...classification, consumers, rotation, rotatedBy, key };
}

/** Returns an org as the report shows it. */
export function reportOrg(
  org: Org,
  status: OrgReport["status"],
  accessStatus: AccessReport["status"],
): OrgReport {
  return {
    name: org.name,
    environment: org.environment,
    organizationId: org.organizationId,
    genesysRegion: org.genesysRegion,
    owner: org.owner,
    stack: org.stackId,
    stateHome: org.state.home.name,
    bucket: org.state.home.bucket,
    stateKey: org.state.key,
    lock: org.state.lock,
    lockTable: org.state.lockTable,
    encryption: org.state.encryption,
    kmsKeyArn: org.state.kmsKeyArn,
    vault: org.vault && {
      address: org.vault.address,
      namespace: org.vault.namespace,
      mount: org.vault.mount,
      auth: org.vault.auth,
      skipChildToken: org.vault.skipChildToken,
      ...org.vault.entries,
      broker: org.vault.broker,
    },
    credentials: org.credentials && {
      source: org.credentials.source,
      ...org.credentials.secrets,
    },
    aws: {
      account: org.aws.account,
      region: org.aws.region,
      deployRole: org.aws.deployRole,
      planRole: org.aws.planRole,
    },
    project: org.project,
    secretPrefix: org.secretPrefix,
    oauthClients: org.oauthClients.map((client) => client.name),
    brokeredClients: org.brokeredClients.map(({ name, consumers }) => ({
      name,
      consumers,
      tokenPath: `${org.vault?.broker.mount}/token/${name}`,
    })),
    secrets: [...org.oauthClients.map(reportCredential), ...org.secrets.map(reportSecret)],
    allowedAddresses: org.allowedAddresses,
    rotation: {
      masterVersion: org.rotation.masterVersion,
      mostClients: org.rotation.mostClients,
      allowedAddressesField: org.rotation.allowedAddressesField,
    },
    retired: org.retired,
    knownDrift: org.knownDrift,
    ignoredDifferences: org.ignoredDifferences,
    access: {
      stack: org.state.access.stackId,
      stateKey: org.state.access.stateKey,
      status: accessStatus,
    },
    vaultAccess: org.vault && {
      stack: org.vault.access.stackId,
      stateKey: org.vault.access.stateKey,
      status: accessStatus,
    },
    components: [],
    status,
  };
}
