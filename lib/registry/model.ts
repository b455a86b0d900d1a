import type { Sensitivity } from "./classification";
import type { Classification, ClassificationEntry } from "./classification-entry";
import type { GenesysRegion } from "./genesys-regions";
import type { ManagedSecretEntry, OrgSecret } from "./managed-secret";
import type { RotationWindow } from "./rotation-window";

export type { Classification, ClassificationEntry };

// A team writes the types `…Entry`. Editors show their comments in TypeScript, and with the published
// JSON Schema in YAML and JSON as well. So `@default` and `@example` have JSON values; a default in
// words begins with a hyphen.

/** Stage of an organisation on its way to production. */
export type Environment = "production" | "staging" | "development" | "sandbox";

/**
 * How Terraform locks an organisation's state. `s3` writes a lock file next to the state. `both` also
 * locks in a DynamoDB table, for organisations some of whose runners know only the table. `dynamodb`
 * is for S3-compatible stores without conditional writes.
 */
export type LockMode = "s3" | "dynamodb" | "both";

/** The two provider credentials of an organisation: full, and view-only for pull requests. */
export type ProviderCredential = "deployer" | "planner";

/** An organisation's own credentials, in Vault or in Secrets Manager: for the provider, and for the rotator. */
export type VaultCredential = ProviderCredential | "master";

/**
 * The jobs that log in to Vault: Terraform as the deployer or the planner, and `genesys-orgs rotate`. Each
 * has a policy and a role of its own.
 */
export type VaultJob = ProviderCredential | "rotate";

/** The policies of an organisation in Vault: those of its jobs, and that of the people who run it. */
export type OrgVaultPolicy = VaultJob | "operators";

/**
 * The three roles of an organisation's state: the reader plans, the writer applies, the unlocker
 * removes a lock and never reads the state.
 */
export type StateRole = "reader" | "writer" | "unlocker";

/** The entry of one state home: a bucket that keeps the states of several organisations. */
export interface StateHomeEntry {
  /**
   * Name of the home in this registry, in kebab-case.
   * @example "production"
   */
  readonly name: string;
  /**
   * Name of the S3 bucket. Its access logs go to the bucket `<bucket>-logs`.
   * @example "example-genesys-state-production"
   */
  readonly bucket: string;
  /**
   * AWS account that owns the bucket, 12 digits in quotes.
   * @example "111111111111"
   */
  readonly account: string;
  /**
   * AWS region of the bucket.
   * @example "us-east-1"
   */
  readonly region: string;
  /**
   * ARNs of the roles and users that run the home, all of the home's own account. They can reach the
   * states of all its organisations, and only they can change the bucket.
   * @example ["arn:aws:iam::111111111111:role/platform-state-admin"]
   */
  readonly stateAdmins: readonly string[];
  /**
   * Other AWS accounts whose roles may be given access to states of this home, 12 digits each.
   * @default - none
   * @example ["333333333333"]
   */
  readonly trustedAccounts?: readonly string[];
  /**
   * GitHub repository whose Actions workflows plan and apply the home's organisations.
   * @default - none: only the principals that an organisation or the home names
   */
  readonly github?: GitHubEntry;
  /**
   * S3-compatible storage in place of AWS.
   * @default - Amazon S3
   */
  readonly storage?: S3CompatibleStorage;
}

/**
 * A GitHub repository, by its name and by its ids, since someone else can take over a name that was
 * given up.
 */
export interface GitHubEntry {
  /**
   * Owner and name of the repository.
   * @example "example/contact-centre-platform"
   */
  readonly repository: string;
  /**
   * Id of the repository, digits in quotes: `id` in the answer to `GET /repos/<owner>/<name>`.
   * @example "719284305"
   */
  readonly repositoryId: string;
  /**
   * Id of the repository's owner, digits in quotes: `owner.id` in the same answer.
   * @example "48120977"
   */
  readonly ownerId: string;
  /**
   * Whether the account already has an OIDC provider for GitHub. An account can have only one, so the
   * home's stack must not create a second.
   * @default false
   */
  readonly existingOidcProvider?: boolean;
}

/** Endpoints of an S3-compatible store. */
export interface S3CompatibleStorage {
  /**
   * URL of the S3 API.
   * @example "https://s3.example.com"
   */
  readonly s3Endpoint: string;
  /**
   * URL of the DynamoDB API, where the store has one.
   * @default - no DynamoDB: only lock mode `s3` is possible
   * @example "https://dynamodb.example.com"
   */
  readonly dynamodbEndpoint?: string;
  /**
   * Whether buckets are addressed as `endpoint/bucket` and not as `bucket.endpoint`.
   * @default true
   */
  readonly usePathStyle?: boolean;
  /**
   * Whether Terraform sends no checksums with its objects, for a store that refuses them.
   * @default - checksums are sent
   */
  readonly skipChecksums?: boolean;
  /**
   * How the store encrypts the states of its organisations: `kms` with each one's own KMS key;
   * `sse-s3` with the store's own key, which is the same for all of them; `none` without asking the
   * store to encrypt, for one that refuses to. The last two are a warning in each synthesis.
   * @default "kms"
   */
  readonly encryption?: StateEncryption;
}

/** How a state is encrypted. Amazon S3 always uses `kms`. */
export type StateEncryption = "kms" | "sse-s3" | "none";

/** Where an organisation's Terraform state is stored, and how it is locked. */
export interface OrgStateEntry {
  /**
   * Name of the state home.
   * @example "production"
   */
  readonly home: string;
  /**
   * Object key of the state, in the organisation's own folder.
   * @default - `orgs/<org>/terraform.tfstate`
   * @example "orgs/na-prod/contact-centre/terraform.tfstate"
   */
  readonly key?: string;
  /**
   * How Terraform locks the state: `s3` with a lock file, `dynamodb` in a DynamoDB table, `both` with
   * both. A run with `s3` and a run with `dynamodb` do not exclude each other.
   * @default "s3"
   */
  readonly lock?: LockMode;
  /**
   * Whether the organisation has a lock table of its own and does not share the home's. Only with a
   * lock mode that uses a table.
   * @default false
   */
  readonly ownLockTable?: boolean;
  /**
   * Principals that may assume the organisation's roles, in addition to the workflows of the home's
   * GitHub repository. A role that nobody could assume is for the state admins.
   * @default - nobody else
   */
  readonly assumedBy?: RolePrincipals;
  /**
   * Roles of trusted accounts that use the state directly, without assuming a role of the home's
   * account. They need the tags `genesys-org` and `genesys-state-key`, and permissions of their own.
   * Only with lock mode `s3`, since accounts do not share a lock table.
   * @default - none
   */
  readonly crossAccountRoles?: CrossAccountRoles;
}

/** ARNs of IAM roles and users, of the home's account or of one that the home trusts. */
export interface RolePrincipals {
  /**
   * ARNs of the roles and users that may plan.
   * @example ["arn:aws:iam::111111111111:role/ci-plan"]
   */
  readonly reader?: readonly string[];
  /**
   * ARNs of the roles and users that may apply.
   * @example ["arn:aws:iam::111111111111:role/ci-apply"]
   */
  readonly writer?: readonly string[];
  /**
   * ARNs of the roles and users that may remove a lock.
   * @example ["arn:aws:iam::111111111111:role/on-call"]
   */
  readonly unlocker?: readonly string[];
}

/** ARNs of IAM roles of accounts that the home trusts. */
export interface CrossAccountRoles {
  /**
   * ARNs of the roles that plan.
   * @example ["arn:aws:iam::333333333333:role/ci-plan"]
   */
  readonly reader?: readonly string[];
  /**
   * ARNs of the roles that apply.
   * @example ["arn:aws:iam::333333333333:role/ci-apply"]
   */
  readonly writer?: readonly string[];
}

/** How Terraform logs in to Vault. The tokens come from the environment and are never written here. */
export type VaultAuth =
  | VaultTokenAuth
  | VaultJwtAuth
  | VaultAwsAuth
  | VaultAppRoleAuth
  | VaultKubernetesAuth;

/** Login with a token that the machine has already. */
export interface VaultTokenAuth {
  /** `token`: with `VAULT_TOKEN`, or the machine's token helper. */
  readonly method: "token";
}

/** Login with a JWT, for example of a CI system. */
export interface VaultJwtAuth {
  /** `jwt`: with the JWT in `TERRAFORM_VAULT_AUTH_JWT`. */
  readonly method: "jwt";
  /**
   * Mount of the JWT auth method.
   * @default - `jwt`
   * @example "github-actions"
   */
  readonly mount?: string;
  /**
   * First part of the Vault role's name: Terraform adds `-deployer` or `-planner`.
   * @default - `genesys-<org>`
   * @example "genesys-na-prod"
   */
  readonly role?: string;
}

/** Login with the AWS identity of the runner. */
export interface VaultAwsAuth {
  /** `aws`: with the runner's AWS identity. */
  readonly method: "aws";
  /**
   * Mount of the AWS auth method.
   * @default - `aws`
   * @example "aws"
   */
  readonly mount?: string;
  /**
   * First part of the Vault role's name: Terraform adds `-deployer` or `-planner`.
   * @default - `genesys-<org>`
   * @example "genesys-na-prod"
   */
  readonly role?: string;
  /**
   * Region of the STS that Vault asks for the identity, Vault's `sts_region`. AWS refuses a login that is
   * signed for another region.
   * @default - `us-east-1`, the region of Vault's own default, the global STS
   * @example "eu-central-1"
   */
  readonly stsRegion?: string;
  /**
   * Vault's `iam_server_id_header_value`: a login that is signed for one Vault is of no use at another.
   * @default - none; Vault must not require one
   * @example "vault.example.com"
   */
  readonly serverId?: string;
}

/** Login with an AppRole. */
export interface VaultAppRoleAuth {
  /** `approle`: with the ids in `TF_VAR_vault_role_id` and `TF_VAR_vault_secret_id`. */
  readonly method: "approle";
  /**
   * Mount of the AppRole auth method.
   * @default - `approle`
   * @example "approle"
   */
  readonly mount?: string;
  /**
   * First part of the AppRole's name, which ends in `-deployer` or `-planner`. Terraform logs in by the
   * role's id, and `VaultOrgAccess` creates the role.
   * @default - `genesys-<org>`
   * @example "genesys-na-prod"
   */
  readonly role?: string;
}

/** Login with the token of a Kubernetes service account. */
export interface VaultKubernetesAuth {
  /** `kubernetes`: with the service account's token in `TERRAFORM_VAULT_AUTH_JWT`. */
  readonly method: "kubernetes";
  /**
   * Mount of the Kubernetes auth method.
   * @default - `kubernetes`
   * @example "kubernetes-ci"
   */
  readonly mount?: string;
  /**
   * First part of the Vault role's name: Terraform adds `-deployer` or `-planner`.
   * @default - `genesys-<org>`
   * @example "genesys-na-prod"
   */
  readonly role?: string;
}

/** Where an organisation's own credentials (deployer, planner, master) are stored, unless in Vault. */
export interface OrgCredentialsEntry {
  /**
   * `aws-secrets-manager`: in Secrets Manager, in the organisation's account and region.
   * @example "aws-secrets-manager"
   */
  readonly source: "aws-secrets-manager";
  /**
   * ARNs of the IAM roles, of the organisation's account, that write and read the three credentials, with
   * `genesys-orgs rotate`, `grant` and `doctor`.
   * @default - the roles of the organisation's account among the state admins of its home
   * @example ["arn:aws:iam::111111111111:role/genesys-operator"]
   */
  readonly operators?: readonly string[];
}

/** Where an organisation's provider credentials are stored in Vault (KV version 2). */
export interface OrgVaultEntry {
  /**
   * URL of the Vault server.
   * @example "https://vault.example.com"
   */
  readonly address: string;
  /**
   * Namespace of Vault Enterprise or OpenBao.
   * @default - the root namespace
   * @example "contact-centre"
   */
  readonly namespace?: string;
  /**
   * Mount of the KV version 2 engine.
   * @default "secret"
   */
  readonly mount?: string;
  /**
   * How Terraform logs in to Vault.
   * @default { "method": "token" }
   */
  readonly auth?: VaultAuth;
  /**
   * Whether Terraform works with the token of its login. Otherwise the provider first creates a child
   * token, valid for 20 minutes, and the token needs `update` on `auth/token/create`.
   * @default - `false` for `token`; `true` for the other logins, whose tokens should live for minutes
   * @example true
   */
  readonly skipChildToken?: boolean;
  /**
   * Name of the deployer's entry below the mount, without `data/`. The deployer may change the
   * organisation.
   * @default - `genesys/<environment>/<project>/deployer`
   * @example "contact-centre/na-prod/deployer"
   */
  readonly deployer?: string;
  /**
   * Name of the planner's entry below the mount, without `data/`. The planner can only view, and pull
   * requests run with it.
   * @default - `genesys/<environment>/<project>/planner`
   * @example "contact-centre/na-prod/planner"
   */
  readonly planner?: string;
  /**
   * Name of the master's entry below the mount, without `data/`. The rotator creates and retires the
   * other OAuth clients with it.
   * @default - `genesys/<environment>/<project>/master`
   * @example "contact-centre/na-prod/master"
   */
  readonly master?: string;
  /**
   * The secrets engine of the organisation's brokered OAuth clients.
   * @default - the defaults of its fields
   */
  readonly broker?: OrgBrokerEntry;
}

/** The secrets engine of an organisation's brokered OAuth clients, in the organisation's Vault. */
export interface OrgBrokerEntry {
  /**
   * Mount of the engine. Two organisations cannot share one.
   * @default - `genesyscloud/<org>`
   * @example "genesyscloud/na-prod"
   */
  readonly mount?: string;
  /**
   * Name of the entry with the engine's first master, below the organisation's KV mount and without `data/`.
   * No other job uses this OAuth client.
   * @default - `genesys/<environment>/<project>/broker`
   * @example "contact-centre/na-prod/broker"
   */
  readonly entry?: string;
  /**
   * Number of OAuth clients, all of the organisation's, from which the engine creates no more.
   * @default - four fifths of `rotation.mostClients`, so that rotations still have room
   * @example 300
   */
  readonly mostClients?: number;
}

/** The AWS account with an organisation's secrets. */
export interface OrgAwsEntry {
  /**
   * AWS account, 12 digits in quotes.
   * @example "111111111111"
   */
  readonly account: string;
  /**
   * AWS region of the secrets.
   * @example "us-east-1"
   */
  readonly region: string;
  /**
   * ARN of the role that the AWS provider assumes to apply. Needed where `account` is not the account
   * of the state home; requires `planRole`.
   * @default - none: the credentials of the environment are used as they are
   * @example "arn:aws:iam::111111111111:role/genesys-na-prod-deploy"
   */
  readonly deployRole?: string;
  /**
   * ARN of the role that the AWS provider assumes to plan. It must only read, since pull requests run
   * with it.
   * @default - none
   * @example "arn:aws:iam::111111111111:role/genesys-na-prod-plan"
   */
  readonly planRole?: string;
  /**
   * ARN of the permissions boundary of the roles that the organisation's stack creates.
   * @default - `genesys-<org>-boundary`, from the organisation's access stack, where `account` is the
   *   account of the state home; elsewhere none
   * @example "arn:aws:iam::111111111111:policy/platform-boundary"
   */
  readonly permissionsBoundary?: string;
}

/** The network of an organisation's rotation, for addresses that do not change. */
export interface RotationNetworkEntry {
  /**
   * Ids of the subnets of the Lambda functions. Their route to the internet is a NAT gateway.
   * @example ["subnet-0a1b2c3d4e5f60718"]
   */
  readonly subnetIds: readonly string[];
  /**
   * Ids of the security groups of the Lambda functions; they must allow HTTPS to the internet.
   * @example ["sg-0a1b2c3d4e5f60718"]
   */
  readonly securityGroupIds: readonly string[];
  /**
   * Addresses from which calls of the functions arrive: those of the NAT gateways, or of
   * `rotation.proxy`.
   * @example ["198.51.100.7"]
   */
  readonly egressAddresses: readonly string[];
}

/** How an organisation's OAuth clients rotate. */
export interface OrgRotationEntry {
  /**
   * Version of the Vault entry `master` that the rotator works with. To give it a newer one, raise
   * this number and apply the organisation's stack.
   * @default 1
   */
  readonly masterVersion?: number;
  /**
   * Number of OAuth clients, all of the organisation's, from which the rotator creates no more.
   * Genesys Cloud documents no single limit.
   * @default 500
   */
  readonly mostClients?: number;
  /**
   * Number of OAuth clients from which an alarm warns that there are many.
   * @default 50
   */
  readonly warnClients?: number;
  /**
   * Whether the reconciler changes nothing and only logs what it would do.
   * @default false
   */
  readonly dryRun?: boolean;
  /**
   * URL of the proxy between the rotation's Lambda functions and Genesys Cloud, with its port and without
   * credentials. Without `network`, it must be reachable from the internet.
   * @default - none
   * @example "http://proxy.example.com:3128"
   */
  readonly proxy?: string;
  /**
   * Network of the Lambda functions. Clients with `allowedAddresses` need it: the functions log in as
   * the clients, too.
   * @default - none: the functions are in no VPC, and their addresses change
   */
  readonly network?: RotationNetworkEntry;
  /**
   * Name of the field of Genesys Cloud's API with the addresses that a client may call from. Genesys
   * announced such addresses in April 2026, and has not published the field yet.
   * @default - none: `allowedAddresses` are recorded, and not sent
   * @example "allowedIpAddresses"
   */
  readonly allowedAddressesField?: string;
  /**
   * Times in which rotations may begin. A rotation begins outside them only if the credential would
   * otherwise become older than its class allows, or if somebody starts it.
   * @default - any time
   * @example [{ "from": "02:00", "to": "05:00" }]
   */
  readonly windows?: readonly RotationWindow[];
  /**
   * ARNs of the targets that the alarms of the organisation's rotation notify, such as an SNS topic.
   * @default - the topic of `monitoring`; without it, alarms show in CloudWatch only
   * @example ["arn:aws:sns:us-east-1:111111111111:on-call"]
   */
  readonly alarmActions?: readonly string[];
}

/**
 * Alerts about odd accesses to an organisation's secrets, and a dashboard. The account of the secrets needs a
 * trail of CloudTrail that records management events.
 */
export interface OrgMonitoringEntry {
  /**
   * ARN of the SNS topic of the alerts, in the account and region of the secrets.
   * @default - the environment's topic, `genesys-alerts-<environment>`
   * @example "arn:aws:sns:us-east-1:111111111111:security"
   */
  readonly topicArn?: string;
  /**
   * Name of the CloudWatch log group that the trail writes to. Alarms about the number of reads and of
   * denied calls need it.
   * @default - none: no such alarms
   * @example "cloudtrail/management-events"
   */
  readonly trailLogGroup?: string;
  /**
   * Number of reads of all the organisation's secrets in an hour above which an alarm goes off.
   * @default - by the highest sensitivity of its credentials
   * @example 2000
   */
  readonly mostReadsAnHour?: number;
  /**
   * Roles that may read secrets, in place of the ARNs of all consumers: where so many consumers do not fit
   * into one event pattern. `*` stands for any text.
   * @default - the consumers of all credentials
   * @example ["arn:aws:iam::111111111111:role/genesys-consumers/*"]
   */
  readonly expectedReaders?: readonly string[];
  /**
   * Name of the EventBridge bus of the organisation's Amazon EventBridge integration, to be told of OAuth
   * clients that somebody else than the rotator makes, changes or deletes.
   * @default - none: no such alerts
   * @example "aws.partner/genesys.com/cloud/4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01/na-prod"
   */
  readonly genesysEventBus?: string;
  /**
   * Id of the master, the OAuth client with which the rotator works: its id, and never its secret. Its own
   * work is then no alert.
   * @default - none: the rotator's work is an alert as well
   * @example "7b0f2a44-5a8e-4b0f-8a1d-2f9b6c0d1e11"
   */
  readonly masterClientId?: string;
}

/** Settings of the Genesys Cloud provider. */
export interface GenesysProviderEntry {
  /**
   * Number of access tokens that the provider requests when it starts, 1 to 50. The provider's own
   * default of 10 is too much for a small stack.
   * @default 2
   */
  readonly tokenPoolSize?: number;
  /**
   * How long the provider retries to read a missing object, as a Go duration.
   * @default - the provider's: "5m"
   * @example "90s"
   */
  readonly customRetryTimeout?: string;
  /**
   * URL of the proxy between Terraform and Genesys Cloud, with its port. Credentials for it are
   * environment variables of the run.
   * @default - none
   * @example "http://proxy.example.com:3128"
   */
  readonly proxy?: string;
}

/** Permissions of a Genesys Cloud role: actions on one entity of one permission domain. */
export interface RolePermission {
  /**
   * Permission domain.
   * @example "routing"
   */
  readonly domain: string;
  /**
   * Entity of the domain.
   * @example "queue"
   */
  readonly entity: string;
  /**
   * Actions on the entity, without wildcards.
   * @example ["view"]
   */
  readonly actions: readonly string[];
  /**
   * Conditions under which the permission holds; Genesys Cloud has them for some permissions.
   * @default - none: the permission always holds
   */
  readonly conditions?: PermissionConditions;
}

/** Conditions of a permission. */
export interface PermissionConditions {
  /** Whether all terms must be true, or one of them. */
  readonly conjunction: "AND" | "OR";
  /** Comparisons. */
  readonly terms: readonly PermissionTerm[];
}

/** A comparison in the conditions of a permission. */
export interface PermissionTerm {
  /**
   * Name of the variable that is compared, as Genesys Cloud has it for the permission.
   * @example "Conversation.queues"
   */
  readonly variable: string;
  /** Comparison: equal, in, or greater or less (or equal). */
  readonly operator: "EQ" | "IN" | "GE" | "GT" | "LE" | "LT";
  /** Values that the variable is compared with. */
  readonly operands: readonly PermissionOperand[];
}

/** A value in the conditions of a permission: a queue, a user, a literal or another variable. */
export type PermissionOperand =
  | {
      /** Kind of the value. */
      readonly type: "QUEUE";
      /** Id of the queue, a UUID. */
      readonly queueId: string;
    }
  | {
      /** Kind of the value. */
      readonly type: "USER";
      /** Id of the user, a UUID. */
      readonly userId: string;
    }
  | {
      /** Kind of the value. */
      readonly type: "SCALAR" | "VARIABLE";
      /** The literal, or the name of the variable. */
      readonly value: string;
    };

/** The entry of one consumer: a workload that reads credentials, of one organisation or of several. */
export interface ConsumerEntry {
  /**
   * Name of the workload in this registry, in kebab-case. Credentials name it in their `consumers`.
   * @example "crm-sync"
   */
  readonly name: string;
  /**
   * ARN of the IAM role that the workload runs with, of any account.
   * @example "arn:aws:iam::111111111111:role/crm-sync"
   */
  readonly role: string;
  /**
   * Purpose of the workload, in at most 200 characters.
   * @default - none
   * @example "Keeps external contacts and the CRM in step"
   */
  readonly description?: string;
  /**
   * Team or person responsible for the workload.
   * @default - unknown
   * @example "crm-team"
   */
  readonly owner?: string;
}

/** One OAuth client that an organisation needs (grant CLIENT-CREDENTIALS): rotated, or brokered by Vault. */
export interface OAuthClientEntry {
  /**
   * Name of the credential as its consumers know it, in kebab-case.
   * @example "crm-sync"
   */
  readonly name: string;
  /**
   * Purpose of the client, in at most 200 characters.
   * @default - `<name> of <org>`
   * @example "Keeps external contacts and the CRM in step"
   */
  readonly description?: string;
  /**
   * Permissions of the client. They become its own Genesys Cloud role.
   * @default - none of its own: the client has `roles`
   */
  readonly permissions?: readonly RolePermission[];
  /**
   * Ids of existing Genesys Cloud roles that the client gets as well. Nobody can see here what they
   * permit: prefer `permissions`.
   * @default - none
   */
  readonly roles?: readonly string[];
  /**
   * Ids of the divisions for which the roles are granted, or `*` for all.
   * @default - the home division
   * @example ["*"]
   */
  readonly divisions?: readonly string[];
  /**
   * Lifetime of the client's access tokens in seconds, 300 to 172800 (48 hours).
   * @default 3600
   */
  readonly accessTokenValiditySeconds?: number;
  /**
   * IP addresses and ranges (CIDR) that the client may call from. Those of `rotation.network` are added.
   * @default - the organisation's `allowedAddresses`
   * @example ["203.0.113.0/24"]
   */
  readonly allowedAddresses?: readonly string[];
  /** How sensitive the credential is, how often it rotates, and who is responsible for it. */
  readonly classification?: ClassificationEntry;
  /**
   * Workloads that may read the secret: names of consumers of the registry, or ARNs of IAM roles.
   * @default - none: only the rotator may read it
   * @example ["crm-sync", "arn:aws:iam::111111111111:role/report"]
   */
  readonly consumers?: readonly string[];
  /**
   * Id of an OAuth client that somebody made by hand and that this one takes over from: its consumers move,
   * then `genesys-orgs hand-over` retires it. Until then, nothing changes it.
   * @default - it takes over from no other
   * @example "55555555-5555-4555-8555-555555555555"
   */
  readonly replaces?: string;
  /**
   * Vault as the broker of the client: `{}` for access tokens that end with their lease.
   * @default - none: its secret is in Secrets Manager and rotates
   * @example {}
   */
  readonly broker?: BrokerEntry;
}

/**
 * Vault as the broker of an OAuth client: consumers get access tokens from the secrets engine, or clients of
 * their own, and what they get ends with its lease. No secret is stored in Secrets Manager.
 */
export interface BrokerEntry {
  /**
   * Duration of a lease in seconds, 60 to 2505600 (29 days). The lease of a token ends with the token at the
   * latest; the lease of a client is renewed for this time.
   * @default 3600
   */
  readonly ttlSeconds?: number;
  /**
   * Duration of a lease with all its renewals in seconds, at most 2505600 (29 days).
   * @default 86400
   */
  readonly maxTtlSeconds?: number;
  /**
   * Whether consumers may also get a client of their own, for what needs a client id and a secret. Each lease
   * is then one OAuth client of the organisation.
   * @default false
   */
  readonly creds?: boolean;
  /**
   * Duration of the lease of a client before its first renewal, in seconds. If Vault loses a lease in a crash,
   * its client is removed five minutes after this time.
   * @default 600
   */
  readonly firstTtlSeconds?: number;
  /**
   * Number of clients that are leased at once, at most.
   * @default 20
   */
  readonly mostLeases?: number;
  /**
   * Whether a client is deleted, with its tokens, when its lease ends. Otherwise it is deactivated then, and
   * deleted when its tokens have ended.
   * @default false
   */
  readonly deleteAtOnce?: boolean;
}

/** Differences from other organisations, from a snapshot or from the code that `compare` leaves out. */
export interface IgnoredDifferenceEntry {
  /**
   * Type of the objects, as commands name it.
   * @example "queues"
   */
  readonly type: string;
  /**
   * Path of the argument, with all that is below it; `*` stands for any text.
   * @default - all arguments, and objects that only one side has
   * @example "media_settings_call"
   */
  readonly attribute?: string;
  /**
   * Name of the objects, below the names of their parents and joined by " / "; `*` stands for any text.
   * @default - all objects of the type
   * @example "Test *"
   */
  readonly name?: string;
  /**
   * Reason why the difference is ignored, at least 10 characters.
   * @example "each organisation has its own phone numbers"
   */
  readonly reason: string;
}

/** A difference between the state and the organisation that is known, and that `drift` does not report. */
export interface KnownDriftEntry {
  /**
   * Address of the object in Terraform; `*` stands for any text, but not in the type.
   * @example "genesyscloud_routing_queue.support"
   */
  readonly address: string;
  /**
   * Path of the attribute, with all that is below it; `*` stands for any text.
   * @default - all attributes, and the deletion of the object
   * @example "bullseye_rings.*.expansion_timeout_seconds"
   */
  readonly attribute?: string;
  /**
   * Reason why the difference is accepted, at least 10 characters.
   * @example "supervisors change the timeouts during the day"
   */
  readonly reason: string;
  /**
   * The last day on which the difference is accepted, `YYYY-MM-DD` in UTC. After it, `drift` reports
   * the difference again, and fails until the entry is removed or gets another day.
   * @example "2027-03-31"
   */
  readonly until: string;
}

/** The entry of one organisation. Everything else is derived from it. */
export interface OrgEntry {
  /**
   * Name of the organisation in this registry, in kebab-case.
   * @example "na-prod"
   */
  readonly name: string;
  /** Stage of the organisation: first part of its Vault entries, secrets and OAuth clients. */
  readonly environment: Environment;
  /**
   * Id of the organisation in Genesys Cloud, a UUID.
   * @example "4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01"
   */
  readonly organizationId: string;
  /** Genesys Cloud region, by its AWS name. */
  readonly genesysRegion: GenesysRegion;
  /**
   * Second part of the names of Vault entries and secrets, in kebab-case.
   * @default - the organisation's name
   * @example "north-america"
   */
  readonly project?: string;
  /** Where the organisation's Terraform state is stored, and how it is locked. */
  readonly state: OrgStateEntry;
  /**
   * Where the organisation's provider credentials are stored in Vault. Required, unless `credentials`
   * names another place.
   */
  readonly vault?: OrgVaultEntry;
  /**
   * Where the organisation's own credentials are stored.
   * @default - in Vault
   * @example { "source": "aws-secrets-manager" }
   */
  readonly credentials?: OrgCredentialsEntry;
  /** The AWS account with the organisation's secrets. */
  readonly aws: OrgAwsEntry;
  /** Settings of the Genesys Cloud provider. */
  readonly provider?: GenesysProviderEntry;
  /**
   * Team or person responsible for the organisation.
   * @example "contact-centre-na"
   */
  readonly owner: string;
  /**
   * Tags of every AWS resource of the organisation's stack, in addition to `genesys-org`,
   * `environment`, `owner` and `managed-by`.
   * @default - none
   * @example { "cost-centre": "cc-1" }
   */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * OAuth clients whose secrets rotate.
   * @default - none
   */
  readonly oauthClients?: readonly OAuthClientEntry[];
  /**
   * Credentials that are not OAuth clients of Genesys Cloud.
   * @default - none
   */
  readonly secrets?: readonly ManagedSecretEntry[];
  /**
   * ARNs of the IAM roles that may read every credential of the organisation in an emergency. The
   * master's secret stays with the rotator: its value is in Vault.
   * @default - none
   * @example ["arn:aws:iam::111111111111:role/break-glass"]
   */
  readonly breakGlassRoles?: readonly string[];
  /** How the organisation's OAuth clients rotate. */
  readonly rotation?: OrgRotationEntry;
  /**
   * Alerts about odd accesses to the organisation's secrets, and its dashboard; `{}` for the defaults.
   * @default - none: neither alerts nor a dashboard
   * @example {}
   */
  readonly monitoring?: OrgMonitoringEntry;
  /**
   * IP addresses and ranges (CIDR) that the organisation's OAuth clients may call from, unless a client
   * has its own.
   * @default - none: the clients may call from anywhere, as far as Genesys Cloud allows it
   * @example ["203.0.113.0/24"]
   */
  readonly allowedAddresses?: readonly string[];
  /**
   * Sensitivities that credentials of the organisation may have.
   * @default - all; in a sandbox all but critical
   * @example ["medium", "low"]
   */
  readonly allowedSensitivities?: readonly Sensitivity[];
  /**
   * Differences that `genesys-orgs drift` knows, and does not report.
   * @default - none
   */
  readonly knownDrift?: readonly KnownDriftEntry[];
  /**
   * Differences that `genesys-orgs compare` leaves out, and counts.
   * @default - none
   */
  readonly ignoredDifferences?: readonly IgnoredDifferenceEntry[];
  /**
   * Whether the organisation has left. Its stack is no longer synthesized and the roles of its state
   * are removed; key, lock table and state stay. An organisation must be retired before its entry may
   * be removed.
   * @default false
   */
  readonly retired?: boolean;
}

/** The committed record of the keys that the stacks of the state homes created. */
export interface StateRecord {
  readonly version: 1;
  readonly homes: Readonly<Record<string, HomeRecord>>;
}

/** The record of one home. */
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

/** The record of one org in its home. */
export interface OrgAccessRecord {
  /** Full ARN of the org's own KMS key. */
  readonly kmsKeyArn: string;
}

/** A checked state home, with everything that follows from its entry. */
export interface Home extends Omit<Required<StateHomeEntry>, "storage" | "github"> {
  readonly storage?: Required<
    Pick<S3CompatibleStorage, "s3Endpoint" | "usePathStyle" | "encryption">
  > &
    Pick<S3CompatibleStorage, "dynamodbEndpoint" | "skipChecksums">;
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
  /** Name of the lock table that is shared by the orgs without one of their own. */
  readonly lockTable: string;
  /** Full ARN of the home's own key; undefined until it is recorded. */
  readonly kmsKeyArn?: string;
}

/** A checked OAuth client, with its names derived and its defaults filled in. */
export interface Credential {
  readonly name: string;
  readonly description: string;
  readonly permissions?: readonly RolePermission[];
  /** Ids of existing Genesys Cloud roles. */
  readonly roles?: readonly string[];
  /** Undefined for the home division. */
  readonly divisions?: readonly string[];
  readonly accessTokenValiditySeconds: number;
  /** Addresses that the client may call from, those of the rotation included; undefined for any. */
  readonly allowedAddresses?: readonly string[];
  readonly classification: Classification;
  /** ARNs of the roles that may read the secret. */
  readonly consumers: readonly string[];
  /** `[Environment]-[ServiceName]`, for example `Production-CrmSync`. */
  readonly clientName: string;
  /** `/genesys/<environment>/<project>/<credential>`. */
  readonly secretName: string;
  /** Id of the client made by hand that it takes over from, in lower case. */
  readonly replaces?: string;
}

/** A checked OAuth client that Vault brokers, with its names derived and its defaults filled in. */
export interface BrokeredClient
  extends Pick<
    Credential,
    | "name"
    | "description"
    | "permissions"
    | "roles"
    | "divisions"
    | "accessTokenValiditySeconds"
    | "allowedAddresses"
    | "classification"
    | "consumers"
    | "clientName"
  > {
  readonly broker: Required<BrokerEntry>;
  /** Days after which the engine replaces the client that tokens belong to. */
  readonly rotationDays: number;
}

/** A checked organisation, with everything that follows from its entry. */
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
  /** Undefined for an org without Vault. */
  readonly vault?: OrgVault;
  /** The org's own credentials in Secrets Manager; undefined for those in Vault. */
  readonly credentials?: OrgCredentials;
  readonly aws: OrgAwsEntry;
  readonly provider: GenesysProviderEntry & { readonly tokenPoolSize: number };
  /** Names of the org's IAM roles. */
  readonly roles: OrgRoleNames;
  /** `/genesys/<environment>/<project>/`: the beginning of the name of each of the org's secrets. */
  readonly secretPrefix: string;
  /** The beginnings of the names of all of the org's secrets, one for each root; that one is first. */
  readonly secretPrefixes: readonly string[];
  /** Those whose secrets rotate. */
  readonly oauthClients: readonly Credential[];
  /** OAuth clients that Vault brokers. */
  readonly brokeredClients: readonly BrokeredClient[];
  /** Credentials that are not OAuth clients. */
  readonly secrets: readonly OrgSecret[];
  /** ARNs of the roles that may read every credential in an emergency. */
  readonly breakGlassRoles: readonly string[];
  /** The consumers of the registry, which all its orgs share. */
  readonly consumers: readonly ConsumerEntry[];
  readonly allowedAddresses?: readonly string[];
  readonly allowedSensitivities: readonly Sensitivity[];
  /** Differences that `genesys-orgs drift` does not report. */
  readonly knownDrift: readonly KnownDriftEntry[];
  /** Differences that `genesys-orgs compare` leaves out. */
  readonly ignoredDifferences: readonly IgnoredDifferenceEntry[];
  /** Warnings about the org's entry, for each synthesis. */
  readonly warnings: readonly string[];
  readonly rotation: Required<
    Omit<OrgRotationEntry, "proxy" | "network" | "allowedAddressesField">
  > &
    Pick<OrgRotationEntry, "proxy" | "network" | "allowedAddressesField">;
  /** Undefined where nothing watches the accesses to the org's secrets. */
  readonly monitoring?: OrgMonitoringEntry & { readonly topicArn: string };
}

/** An org's state, with its names derived. */
export interface OrgState {
  readonly home: Home;
  readonly key: string;
  /** `orgs/<name>`: the only folder of the home that the org's roles can reach. */
  readonly folder: string;
  readonly lock: LockMode;
  /** Name of the lock table; undefined where the lock mode uses none. */
  readonly lockTable?: string;
  /** Whether that table is the org's own. */
  readonly ownLockTable: boolean;
  /** `<bucket>/<key>`: the id of Terraform's lock. */
  readonly lockId: string;
  readonly encryption: StateEncryption;
  /** Full ARN of the org's key; undefined until it is recorded, and without encryption by KMS. */
  readonly kmsKeyArn?: string;
  /** Alias of the org's key. */
  readonly keyAlias: string;
  readonly access: OrgAccess;
}

/** Access to an org's state, and the stack that grants it. */
export interface OrgAccess {
  /** `state-access-<name>`. */
  readonly stackId: string;
  /** Object key of that stack's own state. */
  readonly stateKey: string;
  /** ARNs of the principals that may assume each role. */
  readonly assumedBy: Readonly<Record<StateRole, readonly string[]>>;
  /** ARNs of other accounts' roles that use the state directly. */
  readonly crossAccountRoles: Readonly<Record<"reader" | "writer", readonly string[]>>;
}

/** An org's place in Vault, with its names derived. */
export interface OrgVault {
  readonly address: string;
  readonly namespace?: string;
  readonly mount: string;
  readonly auth: VaultAuth;
  readonly skipChildToken: boolean;
  /** Names of the entries below the mount. */
  readonly entries: Readonly<Record<VaultCredential, string>>;
  /** Names of the Vault roles, by the job that logs in. */
  readonly roles: Readonly<Record<VaultJob, string>>;
  readonly broker: Required<OrgBrokerEntry>;
  readonly access: OrgVaultAccess;
}

/** The stack that grants access to an org's entries in Vault. */
export interface OrgVaultAccess {
  /** `vault-access-<name>`. */
  readonly stackId: string;
  /** Object key of that stack's state, in the org's home. */
  readonly stateKey: string;
}

/** An org's own credentials in Secrets Manager. */
export interface OrgCredentials {
  readonly source: "aws-secrets-manager";
  /** ARNs of the roles that write and read them. */
  readonly operators: readonly string[];
  /** Names of the secrets. */
  readonly secrets: Readonly<Record<VaultCredential, string>>;
}

/** Names of the IAM roles that belong to one org. */
export interface OrgRoleNames extends Readonly<Record<StateRole, string>> {
  /** Rotates the org's credentials. */
  readonly rotator: string;
  /** Retires the OAuth clients of earlier versions. */
  readonly reconciler: string;
  /** Starts the reconciler. */
  readonly scheduler: string;
}
