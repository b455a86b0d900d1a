import type {
  Environment,
  LockMode,
  OrgAwsEntry,
  OrgEntry,
  OrgRoleNames,
  OrgVaultPolicy,
  StateRole,
  VaultAuth,
  VaultAwsAuth,
  VaultCredential,
  VaultJob,
} from "./model";

// Names that more than one part of the product needs.

/** The parts of an entry that its names are made of. */
type Named = Pick<OrgEntry, "name" | "environment" | "project">;

/** Id of an org's stack, as `cdktf deploy` takes it. */
export const stackIdOf = (org: string): string => `org-${org}`;

/** Second part of an org's Vault entries and secret names. */
export const projectOf = ({ name, project }: Named): string => project ?? name;

/** Id of a home's stack. */
export const homeStackIdOf = (home: string): string => `state-${home}`;

/** Id of the stack with an org's key, lock table and roles. */
export const accessStackIdOf = (org: string): string => `state-access-${org}`;

/** Id of the stack with an org's policies and roles in Vault. */
export const vaultAccessStackIdOf = (org: string): string => `vault-access-${org}`;

/** Folder of an org in its home. The bucket policy compares it with the tag of the role. */
export const stateFolderOf = (org: string): string => `orgs/${org}`;

/** Object key of an org's state. */
export const stateKeyOf = (org: string): string => `${stateFolderOf(org)}/terraform.tfstate`;

/** Id of the stack of a component. An org's name has no dot, so no org's stack has such an id. */
export const componentStackIdOf = (org: string, component: string): string =>
  `${stackIdOf(org)}.${component}`;

/** Object key of the state of an org's component. */
export const componentStateKeyOf = (org: string, component: string): string =>
  `${stateFolderOf(org)}/${component}/terraform.tfstate`;

/** Folder of the records of an org's runs. */
export const runFolderOf = (org: string): string => `${stateFolderOf(org)}/runs`;

/**
 * Object key of the record of a run. The key of a state has another ending.
 *
 * @param name of the record; `*` for a pattern of all
 */
export const runRecordKeyOf = (org: string, name: string): string =>
  `${runFolderOf(org)}/${name}.json`;

/** Form of a component's name. */
export const COMPONENT = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Form of a state's object key. */
export const STATE_KEY = /^orgs\/(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*\/terraform\.tfstate$/;

/** The longest key of a state: policies of at most a few thousand characters name it several times. */
export const MOST_STATE_KEY = 256;

// Only state admins can reach the objects outside of `orgs/`.

/** Object key of a home's own state. */
export const HOME_STATE_KEY = "home/terraform.tfstate";

/** Object key of the state of an org's access stack. */
export const accessStateKeyOf = (org: string): string => `access/${org}/terraform.tfstate`;

/** Object key of the state of an org's Vault access stack. */
export const vaultAccessStateKeyOf = (org: string): string =>
  `vault-access/${org}/terraform.tfstate`;

/** Bucket of a home's access logs. */
export const logBucketOf = (bucket: string): string => `${bucket}-logs`;

// Terraform also takes an alias or an id alone, but the bucket policy compares the full ARN, and an
// alias means another key in another account (AWS: S3, UsingKMSEncryption).
/** Form of a KMS key's full ARN. */
export const KMS_KEY_ARN =
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Alias of a home's own KMS key. */
export const homeKeyAliasOf = (home: string): string => `alias/genesys-state-home/${home}`;

/** Alias of an org's KMS key. */
export const keyAliasOf = (org: string): string => `alias/genesys-state/${org}`;

/** AWS partition of a region. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return region.startsWith("eusc-") ? "aws-eusc" : "aws";
}

/** Partitions that homes and secrets support; in others KMS has other names for services. */
export const SUPPORTED_PARTITIONS: readonly string[] = ["aws", "aws-us-gov"];

/** Name of the lock table that the orgs of a home share. */
export const sharedLockTableOf = (home: string): string =>
  // An org's name has no dot, so no org's own table has the name of a shared one.
  `genesys-state-lock.${home}`;

/** Name of an org's lock table, which is its own or its home's; undefined where the mode uses none. */
export function lockTableOf(
  org: string,
  home: string,
  mode: LockMode,
  own: boolean,
): string | undefined {
  if (mode === "s3") return undefined;
  return own ? `genesys-state-lock-${org}` : sharedLockTableOf(home);
}

/** The credentials that an org keeps in Vault. */
export const VAULT_CREDENTIALS: readonly VaultCredential[] = ["deployer", "planner", "master"];

/** Name of an org's Vault entry for a credential, below the mount; also for the engine's master. */
export const vaultEntryOf = (org: Named, credential: VaultCredential | "broker"): string =>
  `genesys/${org.environment}/${projectOf(org)}/${credential}`;

/** Mount of the secrets engine of an org's brokered clients. */
export const brokerMountOf = (org: string): string => `genesyscloud/${org}`;

/** Name of the policy in Vault with which people configure that engine. */
export const brokerPolicyNameOf = (org: string): string => `genesys-${org}-broker`;

/** Name of the policy in Vault of a brokered client's consumers, and of their role in a login. */
export const brokerConsumerNameOf = (org: string, client: string): string =>
  `genesys-${org}-consumer-${client}`;

/** Name of a policy of an org in Vault. */
export const vaultPolicyNameOf = (org: string, policy: OrgVaultPolicy): string =>
  `genesys-${org}-${policy}`;

/** First part of the names of an org's roles in Vault. */
export const vaultRolePrefixOf = (org: string, auth: VaultAuth): string =>
  auth.method === "token" ? `genesys-${org}` : (auth.role ?? `genesys-${org}`);

/** Names of an org's Vault roles. */
export function vaultRolesOf(org: string, auth: VaultAuth): Readonly<Record<VaultJob, string>> {
  const prefix = vaultRolePrefixOf(org, auth);
  return {
    deployer: `${prefix}-deployer`,
    planner: `${prefix}-planner`,
    rotate: `${prefix}-rotate`,
  };
}

/** Mount of a login's auth method in Vault. */
export const authMountOf = (auth: Exclude<VaultAuth, { method: "token" }>): string =>
  auth.mount ?? auth.method;

/** Region that a login by AWS is signed for. Without it, provider and SDK would each take the runner's. */
export const stsRegionOf = ({ stsRegion = "us-east-1" }: VaultAwsAuth): string => stsRegion;

/** Names of an org's IAM roles. */
export const roleNamesOf = (org: string): OrgRoleNames => ({
  reader: `genesys-${org}-state-reader`,
  writer: `genesys-${org}-state-writer`,
  unlocker: `genesys-${org}-state-unlocker`,
  rotator: `genesys-${org}-rotator`,
  reconciler: `genesys-${org}-reconciler`,
  scheduler: `genesys-${org}-scheduler`,
});

/** Name of the permissions boundary of the roles that an org's stack creates. */
export const boundaryNameOf = (org: string): string => `genesys-${org}-boundary`;

/** Name of the policy with which an org's writer changes its alerts. */
export const alertPolicyNameOf = (org: string): string => `genesys-${org}-alerts`;

/** ARN of that boundary. */
export const boundaryArnOf = (
  org: string,
  { account, region }: Pick<OrgAwsEntry, "account" | "region">,
): string => `arn:${partitionOf(region)}:iam::${account}:policy/${boundaryNameOf(org)}`;

/**
 * Names of the environments of an org's jobs in CI. The job comes first, so that the environments of two
 * orgs never have one name.
 */
export const environmentNamesOf = (org: string) => ({
  plan: `plan-${org}`,
  apply: `apply-${org}`,
  unlock: `unlock-${org}`,
  rotate: `rotate-${org}`,
});

/** Name of the GitHub environment whose jobs may assume a role. */
export function githubEnvironmentOf(org: string, role: StateRole): string {
  const { plan, apply, unlock } = environmentNamesOf(org);
  return { reader: plan, writer: apply, unlocker: unlock }[role];
}

/** Name of the environment whose jobs may log in to Vault for a job. */
export function vaultEnvironmentOf(org: string, job: VaultJob): string {
  const { plan, apply, rotate } = environmentNamesOf(org);
  return { planner: plan, deployer: apply, rotate }[job];
}

/** Tag of a role with the org whose state it may use. The bucket policy reads it. */
export const ORG_TAG = "genesys-org";

/** Tag of a role with the ARN of the KMS key that must encrypt the state. The bucket policy reads it. */
export const STATE_KEY_TAG = "genesys-state-key";

/** Pattern for the ARNs of an account's keys: a new key has an id that nobody knows before. */
export const keyArnPatternOf = ({
  account,
  region,
}: Pick<OrgAwsEntry, "account" | "region">): string =>
  `arn:${partitionOf(region)}:kms:${region}:${account}:key/*`;

/** First part of an OAuth client's name, by environment. */
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

/** Tags that every AWS resource of an org has. */
export const derivedTagsOf = (org: Pick<OrgEntry, "name" | "environment" | "owner">) => ({
  [ORG_TAG]: org.name,
  environment: org.environment,
  owner: org.owner,
  "managed-by": "cdktf-genesys-orgs",
});
