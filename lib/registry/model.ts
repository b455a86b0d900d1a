import type { GenesysRegion } from "./genesys-regions";

/** Where an organisation stands on the way to production. */
export type Environment = "production" | "staging" | "development" | "sandbox";

/**
 * How Terraform locks an organisation's state. `s3` writes a lock file beside the state; `both`
 * locks in a DynamoDB table as well, for organisations whose runners partly know the table only;
 * `dynamodb` is for S3-compatible stores without conditional writes.
 */
export type LockMode = "s3" | "dynamodb" | "both";

/** The two provider credentials of an organisation: full, and view-only for pull requests. */
export type ProviderCredential = "deployer" | "planner";

/** What an organisation keeps in Vault: its provider credentials, and the rotator's own. */
export type VaultCredential = ProviderCredential | "master";

/**
 * The three roles of an org's state: the reader plans, the writer applies, the unlocker removes a
 * lock and never reads the state.
 */
export type StateRole = "reader" | "writer" | "unlocker";

/** What a team writes about one state home: a bucket that keeps the states of several orgs. */
export interface StateHomeEntry {
  readonly name: string;
  /** S3 bucket name. Its access logs go to the bucket `<bucket>-logs`. */
  readonly bucket: string;
  /** AWS account that owns the bucket, 12 digits. */
  readonly account: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /**
   * ARNs of the roles and users, of the home's own account, who run the home. The bucket policy
   * keeps nobody else from another org's states, and lets nobody else change the bucket.
   */
  readonly stateAdmins: readonly string[];
  /**
   * Other AWS accounts whose roles may be given access to states of this home, 12 digits each.
   * @default - none
   */
  readonly trustedAccounts?: readonly string[];
  /**
   * Repository whose GitHub Actions workflows plan and apply the home's orgs.
   * @default - none: only the principals that an org or the home names
   */
  readonly github?: GitHubEntry;
  /**
   * S3-compatible storage instead of AWS.
   * @default - Amazon S3
   */
  readonly storage?: S3CompatibleStorage;
}

/**
 * A GitHub repository, by name and by ids: names can be given up and taken by somebody else. See
 * its `GET /repos/<owner>/<name>`: `id` and `owner.id`.
 */
export interface GitHubEntry {
  /** `<owner>/<name>`. */
  readonly repository: string;
  /** Digits. */
  readonly repositoryId: string;
  /** Digits. */
  readonly ownerId: string;
  /**
   * Whether the account has an OIDC provider for GitHub already. There can be only one, so the
   * home's stack must not create a second.
   * @default false
   */
  readonly existingOidcProvider?: boolean;
}

/** Endpoints of an S3-compatible store. */
export interface S3CompatibleStorage {
  /** URL of the S3 API. */
  readonly s3Endpoint: string;
  /**
   * URL of the DynamoDB API, where the store has one.
   * @default - no DynamoDB: only lock mode `s3` is possible
   */
  readonly dynamodbEndpoint?: string;
  /**
   * Address buckets as `endpoint/bucket` instead of `bucket.endpoint`.
   * @default true
   */
  readonly usePathStyle?: boolean;
}

/** Where an organisation's Terraform state lives and how it is locked. */
export interface OrgStateEntry {
  /** Name of the state home. */
  readonly home: string;
  /**
   * Object key in the org's own folder, of the form `orgs/<org>/…/terraform.tfstate`.
   * @default - `orgs/<org>/terraform.tfstate`
   */
  readonly key?: string;
  /** @default "s3" */
  readonly lock?: LockMode;
  /**
   * Whether the org has a lock table of its own instead of the home's shared one. Only with a
   * lock mode that uses a table.
   * @default false
   */
  readonly ownLockTable?: boolean;
  /**
   * ARNs of the IAM roles and users that may assume the org's roles, beside the home's GitHub
   * repository; of the home's account or a trusted one.
   * @default - a role that neither they nor GitHub could assume is for the state admins
   */
  readonly assumedBy?: Readonly<Partial<Record<StateRole, readonly string[]>>>;
  /**
   * ARNs of roles of trusted accounts that use the state themselves, without assuming a role of the
   * home's account. They need the tags `genesys-org` and `genesys-state-key` and permissions of
   * their own. Only with lock mode `s3`: a lock table is not shared between accounts.
   * @default - none
   */
  readonly crossAccountRoles?: Readonly<Partial<Record<"reader" | "writer", readonly string[]>>>;
}

/** How Terraform logs in to Vault. Tokens themselves come from the environment, never from here. */
export type VaultAuth =
  /** `VAULT_TOKEN`, or the token helper of the machine. */
  | { readonly method: "token" }
  /**
   * A JWT from `TERRAFORM_VAULT_AUTH_JWT`, for example of the CI system.
   * The role defaults to `genesys-<org>`; `-deployer` or `-planner` is appended to it.
   */
  | { readonly method: "jwt"; readonly mount?: string; readonly role?: string }
  /** The AWS identity of the runner. The role is built as for `jwt`. */
  | { readonly method: "aws"; readonly mount?: string; readonly role?: string };

/** Where an organisation's provider credentials are kept in Vault (KV version 2). */
export interface OrgVaultEntry {
  /** URL of the Vault server. */
  readonly address: string;
  /**
   * Vault Enterprise namespace.
   * @default - the root namespace
   */
  readonly namespace?: string;
  /**
   * Mount of the KV version 2 engine.
   * @default "secret"
   */
  readonly mount?: string;
  /** @default - `{ method: "token" }` */
  readonly auth?: VaultAuth;
  /**
   * Name of the deployer's entry below the mount, without `data/`.
   * @default - `genesys/<environment>/<project>/deployer`
   */
  readonly deployer?: string;
  /**
   * Name of the planner's entry below the mount, without `data/`.
   * @default - `genesys/<environment>/<project>/planner`
   */
  readonly planner?: string;
  /**
   * Name of the rotator's entry below the mount, without `data/`: the client that makes and retires
   * the others.
   * @default - `genesys/<environment>/<project>/master`
   */
  readonly master?: string;
}

/** The AWS account in which an organisation's secrets live. */
export interface OrgAwsEntry {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /**
   * ARN of the role that the AWS provider assumes to apply. Needed where `account` is not the
   * account of the state home; goes with `planRole`.
   * @default - none: the credentials of the environment are used as they are
   */
  readonly deployRole?: string;
  /**
   * ARN of the role that the AWS provider assumes for the planner: it only reads, since a pull
   * request runs as it.
   * @default - none
   */
  readonly planRole?: string;
  /**
   * ARN of the permissions boundary of the roles that the org's stack creates.
   * @default - `genesys-<org>-boundary`, which the org's access stack creates, where `account` is
   *   that of the state home; else none
   */
  readonly permissionsBoundary?: string;
}

/** How an organisation's OAuth clients rotate. */
export interface OrgRotationEntry {
  /**
   * Version of the Vault entry `master` that the rotator works with. A new one reaches it when this
   * number changes and the org's stack is applied.
   * @default 1
   */
  readonly masterVersion?: number;
  /**
   * OAuth clients that the organisation may have, all of them; the rotator makes none above. What
   * Genesys Cloud allows is not documented in one place.
   * @default 500
   */
  readonly mostClients?: number;
  /**
   * Number of OAuth clients from which an alarm tells that there are many.
   * @default 50
   */
  readonly warnClients?: number;
  /**
   * Whether the reconciler only says what it would do.
   * @default false
   */
  readonly dryRun?: boolean;
  /**
   * ARNs of what the alarms of the org's rotation call, such as an SNS topic.
   * @default - none: alarms are to be seen in CloudWatch
   */
  readonly alarmActions?: readonly string[];
}

/** Tuning of the Genesys Cloud provider. */
export interface GenesysProviderEntry {
  /**
   * Access tokens that the provider mints at its start, 1 to 50. Each costs a token request, and
   * the provider's own default of 10 is too much for a small stack.
   * @default 2
   */
  readonly tokenPoolSize?: number;
  /**
   * How long the provider retries a read of a missing object, as a Go duration.
   * @default - the provider's: "5m"
   */
  readonly customRetryTimeout?: string;
}

/** How sensitive a credential is, how often it rotates and who answers for it. */
export interface ClassificationEntry {
  /** @default "confidential" */
  readonly sensitivity?: "internal" | "confidential" | "restricted";
  /**
   * Days between rotations, 1 to 365.
   * @default 30
   */
  readonly rotationDays?: number;
  /** @default - the org's owner */
  readonly owner?: string;
}

/** Permissions of a Genesys Cloud role: actions on one entity of one permission domain. */
export interface RolePermission {
  /** Permission domain, for example `routing`. */
  readonly domain: string;
  /** Entity of the domain, for example `queue`. */
  readonly entity: string;
  /** Actions on the entity, for example `view`. */
  readonly actions: readonly string[];
}

/** One OAuth client that an organisation needs (grant CLIENT-CREDENTIALS, rotated). */
export interface OAuthClientEntry {
  /** The credential as its consumers know it, in kebab-case, for example `crm-sync`. */
  readonly name: string;
  readonly description?: string;
  /** What the client may do; becomes a Genesys Cloud role of its own. */
  readonly permissions: readonly RolePermission[];
  /**
   * Ids of the divisions in which the role is granted, or `*` for all.
   * @default - the home division
   */
  readonly divisions?: readonly string[];
  /**
   * Lifetime of the client's access tokens in seconds, 300 to 172800.
   * @default 3600
   */
  readonly accessTokenValiditySeconds?: number;
  readonly classification?: ClassificationEntry;
  /**
   * ARNs of the IAM roles that may read the secret.
   * @default - nobody but the rotator
   */
  readonly consumers?: readonly string[];
}

/** What a team writes about one organisation. Everything else is derived from it. */
export interface OrgEntry {
  /** Name in this registry, in kebab-case, for example `na-prod`. */
  readonly name: string;
  readonly environment: Environment;
  /** Id of the organisation in Genesys Cloud, a UUID. */
  readonly organizationId: string;
  /** AWS name of the Genesys Cloud region. */
  readonly genesysRegion: GenesysRegion;
  /**
   * Second part of Vault entries and secret names.
   * @default - the org's name
   */
  readonly project?: string;
  readonly state: OrgStateEntry;
  readonly vault: OrgVaultEntry;
  readonly aws: OrgAwsEntry;
  readonly provider?: GenesysProviderEntry;
  /** Team or person who answers for the organisation. */
  readonly owner: string;
  /**
   * Tags of every AWS resource of the org's stack.
   * @default - only the derived ones: genesys-org, environment, owner, managed-by
   */
  readonly tags?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly oauthClients?: readonly OAuthClientEntry[];
  readonly rotation?: OrgRotationEntry;
  /**
   * Whether the org has left. Its stack is no longer synthesized and its state's roles go; key,
   * lock table and state stay. An org cannot leave the registry without this.
   * @default false
   */
  readonly retired?: boolean;
}

/** The committed record of what the state homes' stacks created: written from their outputs. */
export interface StateRecord {
  readonly version: 1;
  readonly homes: Readonly<Record<string, HomeRecord>>;
}

/** What was created in one home. */
export interface HomeRecord {
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  /**
   * Full ARN of the home's own KMS key.
   * @default - the home's stack was not applied yet
   */
  readonly kmsKeyArn?: string;
  readonly orgs: Readonly<Record<string, OrgAccessRecord>>;
}

/** What was created for one org in its home. */
export interface OrgAccessRecord {
  /** Full ARN of the org's own KMS key. */
  readonly kmsKeyArn: string;
}

/** A state home, checked, with everything that follows from its entry. */
export interface Home extends Omit<Required<StateHomeEntry>, "storage" | "github"> {
  readonly storage?: Required<Pick<S3CompatibleStorage, "s3Endpoint" | "usePathStyle">> &
    Pick<S3CompatibleStorage, "dynamodbEndpoint">;
  readonly github?: Required<GitHubEntry>;
  /** `state-<name>`. */
  readonly stackId: string;
  /** AWS partition of the region, for example `aws`. */
  readonly partition: string;
  /** Object key of the home's own state. */
  readonly stateKey: string;
  /** Bucket of the access logs. */
  readonly logBucket: string;
  /** Alias of the home's own KMS key. */
  readonly keyAlias: string;
  /** Name of the lock table that orgs without one of their own share. */
  readonly lockTable: string;
  /** Full ARN of the home's own key; undefined as long as the record does not have it. */
  readonly kmsKeyArn?: string;
}

/** An OAuth client, checked and with its defaults filled in. */
export interface Credential {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly RolePermission[];
  /** Undefined means the home division. */
  readonly divisions?: readonly string[];
  readonly accessTokenValiditySeconds: number;
  readonly classification: Required<ClassificationEntry>;
  readonly consumers: readonly string[];
  /** `[Environment]-[ServiceName]`, for example `Production-CrmSync`. */
  readonly clientName: string;
  /** `/genesys/<environment>/<project>/<credential>`. */
  readonly secretName: string;
}

/** An organisation, checked, with everything that follows from its entry. */
export interface Org {
  readonly name: string;
  /** `org-<name>`. */
  readonly stackId: string;
  readonly environment: Environment;
  readonly organizationId: string;
  readonly genesysRegion: GenesysRegion;
  readonly project: string;
  readonly owner: string;
  /** Whether the org has left: its state stays, and nothing else. */
  readonly retired: boolean;
  /** The org's own tags and the derived ones. */
  readonly tags: Readonly<Record<string, string>>;
  readonly state: OrgState;
  readonly vault: OrgVault;
  readonly aws: OrgAwsEntry;
  readonly provider: { readonly tokenPoolSize: number; readonly customRetryTimeout?: string };
  /** Names of the org's IAM roles. */
  readonly roles: OrgRoleNames;
  /** `/genesys/<environment>/<project>/`: every secret of the org begins with it. */
  readonly secretPrefix: string;
  readonly oauthClients: readonly Credential[];
  readonly rotation: Required<OrgRotationEntry>;
}

/** An org's state, with its names derived. */
export interface OrgState {
  readonly home: Home;
  readonly key: string;
  /** `orgs/<name>`: all that the org's roles can reach in the home. */
  readonly folder: string;
  readonly lock: LockMode;
  /** Name of the lock table; only where the lock mode uses one. */
  readonly lockTable?: string;
  /** Whether that table is the org's own. */
  readonly ownLockTable: boolean;
  /** `<bucket>/<key>`: what Terraform locks. */
  readonly lockId: string;
  /** Full ARN of the org's key; undefined as long as the record does not have it. */
  readonly kmsKeyArn?: string;
  /** Alias of the org's key. */
  readonly keyAlias: string;
  readonly access: OrgAccess;
}

/** Who may use an org's state, and the stack that arranges it. */
export interface OrgAccess {
  /** `state-access-<name>`. */
  readonly stackId: string;
  /** Object key of that stack's own state. */
  readonly stateKey: string;
  /** ARNs of the principals that may assume each role. */
  readonly assumedBy: Readonly<Record<StateRole, readonly string[]>>;
  /** ARNs of other accounts' roles that use the state themselves. */
  readonly crossAccountRoles: Readonly<Record<"reader" | "writer", readonly string[]>>;
}

/** An org's place in Vault, with its names derived. */
export interface OrgVault {
  readonly address: string;
  readonly namespace?: string;
  readonly mount: string;
  readonly auth: VaultAuth;
  /** Names of the entries below the mount. */
  readonly entries: Readonly<Record<VaultCredential, string>>;
}

/** Names of the IAM roles that belong to one org. */
export interface OrgRoleNames extends Readonly<Record<StateRole, string>> {
  /** Rotates the org's credentials. */
  readonly rotator: string;
  /** Retires the clients of credentials before. */
  readonly reconciler: string;
  /** Starts the reconciler. */
  readonly scheduler: string;
}
