import { accountOf } from "./checks/principals";
import { allowedSensitivitiesOf, earlierNameWarning } from "./classification";
import { HOME_DEFAULTS, ORG_DEFAULTS } from "./defaults";
import { deriveBrokeredClient } from "./derive-brokered-client";
import { type DerivingOrg, deriveCredential } from "./derive-credential";
import { deriveSecret } from "./derive-secret";
import type {
  ConsumerEntry,
  Home,
  Org,
  OrgCredentials,
  OrgEntry,
  OrgState,
  OrgVault,
  OrgVaultEntry,
  StateHomeEntry,
  StateRecord,
  StateRole,
} from "./model";
import { alertTopicArnOf } from "./monitoring-names";
import {
  accessStackIdOf,
  accessStateKeyOf,
  boundaryArnOf,
  brokerMountOf,
  derivedTagsOf,
  HOME_STATE_KEY,
  homeKeyAliasOf,
  homeStackIdOf,
  keyAliasOf,
  lockTableOf,
  logBucketOf,
  partitionOf,
  projectOf,
  roleNamesOf,
  sharedLockTableOf,
  stackIdOf,
  stateFolderOf,
  stateKeyOf,
  vaultAccessStackIdOf,
  vaultAccessStateKeyOf,
  vaultEntryOf,
  vaultRolesOf,
} from "./names";
import { recordedHomeKeyOf, recordedKeyOf } from "./recorded-keys";
import { ownSecretNameOf, secretPrefixesOf, secretPrefixOf } from "./secret-name";

/** Part of an org's OAuth clients up to which the engine creates more. */
const BROKER_SHARE = 0.8;

/** Returns a state home with everything that follows from its checked entry. */
export function deriveHome(entry: StateHomeEntry, record?: StateRecord): Home {
  const { storage, github, ...home } = entry;
  return {
    trustedAccounts: [],
    ...home,
    ...(storage && { storage: { ...HOME_DEFAULTS.storage, ...storage } }),
    ...(github && { github: { ...HOME_DEFAULTS.github, ...github } }),
    stackId: homeStackIdOf(home.name),
    partition: partitionOf(home.region),
    stateKey: HOME_STATE_KEY,
    logBucket: logBucketOf(home.bucket),
    keyAlias: homeKeyAliasOf(home.name),
    lockTable: sharedLockTableOf(home.name),
    kmsKeyArn: recordedHomeKeyOf(record, home.name),
  };
}

/** Returns an org with everything that follows from its checked entry. */
export function deriveOrg(
  entry: OrgEntry,
  home: Home,
  record?: StateRecord,
  consumers: readonly ConsumerEntry[] = [],
): Org {
  const { name, environment, owner, vault } = entry;
  const project = projectOf(entry);
  const monitoring = entry.monitoring && { topicArn: alertTopicArnOf(entry), ...entry.monitoring };
  const { allowedAddresses } = entry;
  const rotation = {
    ...ORG_DEFAULTS.rotation,
    windows: [],
    alarmActions: monitoring ? [monitoring.topicArn] : [],
    ...entry.rotation,
  };
  const { allowedSensitivities = allowedSensitivitiesOf(environment) } = entry;
  const breakGlassRoles = entry.breakGlassRoles ?? [];
  const deriving: DerivingOrg = {
    name,
    environment,
    owner,
    project,
    allowedSensitivities,
    allowedAddresses,
    rotation,
    consumers,
  };
  const clients = entry.oauthClients ?? [];
  return {
    name,
    stackId: stackIdOf(name),
    environment,
    // In the API's form, which the Vault entry is compared with.
    organizationId: entry.organizationId.toLowerCase(),
    genesysRegion: entry.genesysRegion,
    project,
    owner,
    retired: entry.retired ?? ORG_DEFAULTS.retired,
    tags: { ...entry.tags, ...derivedTagsOf(entry) },
    state: deriveState(entry, home, record),
    vault: vault && deriveVault(entry, vault, rotation.mostClients),
    credentials: deriveCredentials(entry, home),
    aws: {
      ...entry.aws,
      permissionsBoundary: entry.aws.permissionsBoundary ?? boundaryOf(entry, home),
    },
    provider: { ...ORG_DEFAULTS.provider, ...entry.provider },
    roles: roleNamesOf(name),
    secretPrefix: secretPrefixOf(entry),
    secretPrefixes: secretPrefixesOf(entry),
    secrets: (entry.secrets ?? []).map((secret) =>
      deriveSecret(
        {
          name,
          environment,
          owner,
          project,
          allowedSensitivities,
          consumers,
          breakGlassRoles,
          aws: entry.aws,
        },
        secret,
      ),
    ),
    oauthClients: clients
      .filter(({ broker }) => !broker)
      .map((client) => deriveCredential(deriving, client)),
    brokeredClients: clients
      .filter(({ broker }) => broker)
      .map((client) => deriveBrokeredClient(deriving, client)),
    breakGlassRoles,
    allowedAddresses,
    consumers,
    allowedSensitivities,
    knownDrift: entry.knownDrift ?? [],
    ignoredDifferences: entry.ignoredDifferences ?? [],
    warnings: warningsOf(entry),
    rotation,
    monitoring,
  };
}

function deriveVault(entry: OrgEntry, vault: OrgVaultEntry, mostClients: number): OrgVault {
  const { address, namespace, mount = ORG_DEFAULTS.vault.mount, broker } = vault;
  const { auth = ORG_DEFAULTS.vault.auth } = vault;
  return {
    address,
    namespace,
    mount,
    auth,
    // The other logins give each run a token of its own, which can be short-lived itself.
    skipChildToken: vault.skipChildToken ?? auth.method !== "token",
    entries: {
      deployer: vault.deployer ?? vaultEntryOf(entry, "deployer"),
      planner: vault.planner ?? vaultEntryOf(entry, "planner"),
      master: vault.master ?? vaultEntryOf(entry, "master"),
    },
    roles: vaultRolesOf(entry.name, auth),
    broker: {
      mount: broker?.mount ?? brokerMountOf(entry.name),
      entry: broker?.entry ?? vaultEntryOf(entry, "broker"),
      mostClients: broker?.mostClients ?? Math.max(1, Math.floor(mostClients * BROKER_SHARE)),
    },
    access: {
      stackId: vaultAccessStackIdOf(entry.name),
      stateKey: vaultAccessStateKeyOf(entry.name),
    },
  };
}

function deriveCredentials(entry: OrgEntry, home: Home): OrgCredentials | undefined {
  const { credentials } = entry;
  if (!credentials) return undefined;
  // The secrets admit nobody of another account.
  const isRole = (arn: string) => arn.includes(":role/") && accountOf(arn) === entry.aws.account;
  const { source, operators = home.stateAdmins.filter(isRole) } = credentials;
  const names = { secretPrefix: secretPrefixOf(entry) };
  return {
    source,
    operators,
    secrets: {
      deployer: ownSecretNameOf(names, "deployer"),
      planner: ownSecretNameOf(names, "planner"),
      master: ownSecretNameOf(names, "master"),
    },
  };
}

const warningsOf = ({ name, oauthClients = [], secrets = [] }: OrgEntry): string[] =>
  [
    ...oauthClients.map((client) => ({ ...client, what: "OAuth client" })),
    ...secrets.map((secret) => ({ ...secret, what: "secret" })),
  ].flatMap(({ what, name: credential, classification }) => {
    const warning = earlierNameWarning(classification?.sensitivity);
    return warning === undefined ? [] : `${name}: ${what} ${credential}: ${warning}`;
  });

/** The access stack's boundary, where that stack is in the account of the org's roles. */
function boundaryOf({ name, aws }: OrgEntry, home: Home): string | undefined {
  const own = aws.account === home.account && !home.storage;
  return own ? boundaryArnOf(name, aws) : undefined;
}

function deriveState({ name, state }: OrgEntry, home: Home, record?: StateRecord): OrgState {
  const defaults = ORG_DEFAULTS.state;
  const { lock = defaults.lock, ownLockTable = defaults.ownLockTable } = state;
  const { key = stateKeyOf(name) } = state;
  const { encryption = HOME_DEFAULTS.storage.encryption } = home.storage ?? {};
  const assumedBy = (role: StateRole) => {
    const named = state.assumedBy?.[role] ?? [];
    // AWS refuses a role that nobody may assume.
    return named.length > 0 || home.github ? named : home.stateAdmins;
  };
  return {
    home,
    key,
    folder: stateFolderOf(name),
    lock,
    lockTable: lockTableOf(name, home.name, lock, ownLockTable),
    ownLockTable,
    lockId: `${home.bucket}/${key}`,
    encryption,
    kmsKeyArn: encryption === "kms" ? recordedKeyOf(record, home.name, name) : undefined,
    keyAlias: keyAliasOf(name),
    access: {
      stackId: accessStackIdOf(name),
      stateKey: accessStateKeyOf(name),
      assumedBy: {
        reader: assumedBy("reader"),
        writer: assumedBy("writer"),
        unlocker: assumedBy("unlocker"),
      },
      crossAccountRoles: { reader: [], writer: [], ...state.crossAccountRoles },
    },
  };
}
