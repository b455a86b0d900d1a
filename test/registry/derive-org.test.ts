import type { OrgEntry } from "../../lib/registry";
import { deriveHome, deriveOrg } from "../../lib/registry/derive-org";

const ADMINS = ["arn:aws:iam::111111111111:role/admin"];
const HOME = deriveHome({
  name: "production",
  bucket: "state-production",
  account: "111111111111",
  region: "us-east-1",
  stateAdmins: ADMINS,
});
const KEY = "arn:aws:kms:us-east-1:111111111111:key/aaaaaaaa-0000-4000-8000-000000000000";
const LEAST: OrgEntry = {
  name: "na-prod",
  environment: "production",
  organizationId: "4F7C1F0A-3b0e-4d51-9a55-0c9b8e2d6a01",
  genesysRegion: "us-east-1",
  state: { home: "production" },
  vault: { address: "https://vault.example.com" },
  aws: { account: "111111111111", region: "us-east-1" },
  owner: "team-a",
};

const recordOf = (home: string, org: string) =>
  ({
    version: 1,
    homes: {
      [home]: {
        account: "111111111111",
        region: "us-east-1",
        bucket: "state-production",
        orgs: { [org]: { kmsKeyArn: KEY } },
      },
    },
  }) as const;

const derived = (patch: Partial<OrgEntry> = {}) => deriveOrg({ ...LEAST, ...patch }, HOME);

test("everything but the required fields of an entry has a default", () => {
  expect(derived()).toEqual({
    name: "na-prod",
    stackId: "org-na-prod",
    environment: "production",
    organizationId: "4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01",
    genesysRegion: "us-east-1",
    project: "na-prod",
    owner: "team-a",
    retired: false,
    tags: {
      "genesys-org": "na-prod",
      environment: "production",
      owner: "team-a",
      "managed-by": "cdktf-genesys-orgs",
    },
    state: {
      home: HOME,
      key: "orgs/na-prod/terraform.tfstate",
      encryption: "kms",
      folder: "orgs/na-prod",
      lock: "s3",
      lockTable: undefined,
      ownLockTable: false,
      lockId: "state-production/orgs/na-prod/terraform.tfstate",
      kmsKeyArn: undefined,
      keyAlias: "alias/genesys-state/na-prod",
      access: {
        stackId: "state-access-na-prod",
        stateKey: "access/na-prod/terraform.tfstate",
        assumedBy: { reader: ADMINS, writer: ADMINS, unlocker: ADMINS },
        crossAccountRoles: { reader: [], writer: [] },
      },
    },
    vault: {
      address: "https://vault.example.com",
      namespace: undefined,
      mount: "secret",
      auth: { method: "token" },
      skipChildToken: false,
      entries: {
        deployer: "genesys/production/na-prod/deployer",
        planner: "genesys/production/na-prod/planner",
        master: "genesys/production/na-prod/master",
      },
      roles: {
        deployer: "genesys-na-prod-deployer",
        planner: "genesys-na-prod-planner",
        rotate: "genesys-na-prod-rotate",
      },
      broker: {
        mount: "genesyscloud/na-prod",
        entry: "genesys/production/na-prod/broker",
        mostClients: 400,
      },
      access: {
        stackId: "vault-access-na-prod",
        stateKey: "vault-access/na-prod/terraform.tfstate",
      },
    },
    aws: {
      account: "111111111111",
      region: "us-east-1",
      permissionsBoundary: "arn:aws:iam::111111111111:policy/genesys-na-prod-boundary",
    },
    provider: { tokenPoolSize: 2 },
    roles: {
      reader: "genesys-na-prod-state-reader",
      writer: "genesys-na-prod-state-writer",
      unlocker: "genesys-na-prod-state-unlocker",
      rotator: "genesys-na-prod-rotator",
      reconciler: "genesys-na-prod-reconciler",
      scheduler: "genesys-na-prod-scheduler",
    },
    secretPrefix: "/genesys/production/na-prod/",
    oauthClients: [],
    brokeredClients: [],
    secretPrefixes: ["/genesys/production/na-prod/"],
    secrets: [],
    breakGlassRoles: [],
    consumers: [],
    knownDrift: [],
    ignoredDifferences: [],
    allowedSensitivities: ["critical", "high", "medium", "low"],
    warnings: [],
    monitoring: undefined,
    rotation: {
      masterVersion: 1,
      mostClients: 500,
      warnClients: 50,
      dryRun: false,
      alarmActions: [],
      windows: [],
    },
  });
});

test("a key in the entry is the one that Terraform locks", () => {
  const { state } = derived({
    state: { home: "production", key: "orgs/old/terraform.tfstate", lock: "both" },
  });
  expect(state.key).toBe("orgs/old/terraform.tfstate");
  expect(state.lockId).toBe("state-production/orgs/old/terraform.tfstate");
  expect(state.lockTable).toBe("genesys-state-lock.production");
});

test("an org may have a lock table of its own", () => {
  const { state } = derived({ state: { home: "production", lock: "both", ownLockTable: true } });
  expect(state.lockTable).toBe("genesys-state-lock-na-prod");
});

test("with a GitHub repository, nobody else may assume a role but the named principals", () => {
  const github = { repository: "example/platform", repositoryId: "1", ownerId: "2" };
  const home = { ...HOME, github: { ...github, existingOidcProvider: false } };
  const on = ["arn:aws:iam::111111111111:role/on-call"];
  const state = { home: "production", assumedBy: { unlocker: on } };
  expect(deriveOrg({ ...LEAST, state }, home).state.access.assumedBy).toEqual({
    reader: [],
    writer: [],
    unlocker: on,
  });
});

test.each([
  ["us-east-1", "aws"],
  ["us-gov-west-1", "aws-us-gov"],
  ["cn-north-1", "aws-cn"],
  ["eusc-de-east-1", "aws-eusc"],
])("a home in %s is in the partition %s", (region, partition) => {
  expect(deriveHome({ ...HOME, region }).partition).toBe(partition);
});

test("an org's key comes from the record of its own home", () => {
  expect(deriveOrg(LEAST, HOME, recordOf("production", "na-prod")).state.kmsKeyArn).toBe(KEY);
  expect(deriveOrg(LEAST, HOME, recordOf("production", "eu-prod")).state.kmsKeyArn).toBeUndefined();
  expect(deriveOrg(LEAST, HOME, recordOf("staging", "na-prod")).state.kmsKeyArn).toBeUndefined();
});

test("a home named like an inherited property of JavaScript has no record", () => {
  const home = { ...HOME, name: "constructor" };
  expect(deriveOrg(LEAST, home, recordOf("production", "na-prod")).state.kmsKeyArn).toBeUndefined();
});

test("Vault entries, mount and login in the entry stay as they are", () => {
  const vault = {
    address: "https://vault.example.com",
    namespace: "admin",
    mount: "kv",
    auth: { method: "jwt", role: "ci" },
    deployer: "cc/na/full",
    planner: "cc/na/view",
    master: "cc/na/rotator",
    broker: { mount: "brokers/na", entry: "cc/na/broker", mostClients: 30 },
  } as const;
  const { address, namespace, mount, auth, deployer, planner, master, broker } = vault;
  expect(derived({ vault }).vault).toEqual({
    address,
    namespace,
    mount,
    auth,
    skipChildToken: true,
    entries: { deployer, planner, master },
    roles: { deployer: "ci-deployer", planner: "ci-planner", rotate: "ci-rotate" },
    broker,
    access: { stackId: "vault-access-na-prod", stateKey: "vault-access/na-prod/terraform.tfstate" },
  });
});

test("an org has its own tags and the derived ones", () => {
  expect(derived({ tags: { "cost-centre": "cc-1" } }).tags).toMatchObject({
    "cost-centre": "cc-1",
    "genesys-org": "na-prod",
  });
});

test("S3-compatible storage addresses buckets by path, unless the entry says otherwise", () => {
  const storage = { s3Endpoint: "http://localhost:4566" };
  const defaults = { usePathStyle: true, encryption: "kms" };
  expect(deriveHome({ ...HOME, storage }).storage).toEqual({ ...storage, ...defaults });
  expect(deriveHome({ ...HOME, storage: { ...storage, usePathStyle: false } }).storage).toEqual({
    ...storage,
    ...defaults,
    usePathStyle: false,
  });
  expect(HOME.storage).toBeUndefined();
});

test("an earlier name of a sensitivity works, and is a warning for each synthesis", () => {
  const org = derived({
    oauthClients: [
      {
        name: "crm-sync",
        permissions: [{ domain: "routing", entity: "queue", actions: ["view"] }],
        classification: { sensitivity: "confidential" },
      },
    ],
  });
  expect(org.oauthClients[0]?.classification.sensitivity).toBe("high");
  expect(org.warnings).toEqual([
    'na-prod: OAuth client crm-sync: the sensitivity "confidential" is now called "high": rename it, since a later release will refuse it',
  ]);
});

test("an org without Vault has its own credentials in Secrets Manager, which the roles of the state admins write", () => {
  const { vault, credentials } = derived({
    vault: undefined,
    credentials: { source: "aws-secrets-manager" },
  });
  expect(vault).toBeUndefined();
  expect(credentials).toEqual({
    source: "aws-secrets-manager",
    operators: ["arn:aws:iam::111111111111:role/admin"],
    secrets: {
      deployer: "/genesys/production/na-prod/_deployer",
      planner: "/genesys/production/na-prod/_planner",
      master: "/genesys/production/na-prod/_master",
    },
  });
});
