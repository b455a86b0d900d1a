import { OrgRegistry, RegistryError } from "../../lib/registry";

/** The keys of an organisation's entry, as messages list them. */
export const ORG_KEYS =
  "name, environment, organizationId, genesysRegion, project, state, vault, credentials, aws, provider, owner, tags, oauthClients, secrets, breakGlassRoles, rotation, monitoring, allowedAddresses, allowedSensitivities, knownDrift, ignoredDifferences, retired";

/** The keys of an OAuth client's entry, as messages list them. */
export const CLIENT_KEYS =
  "name, description, permissions, roles, divisions, accessTokenValiditySeconds, allowedAddresses, classification, consumers, replaces, broker";

/** A registry as plain data, wrong or not. */
export type Data = Record<string, unknown>;

/** Changes by path, such as `orgs/0/aws/account`; `undefined` removes. */
export type Patch = Readonly<Record<string, unknown>>;

const org = (name: string, digit: string) => ({
  name,
  environment: "production",
  organizationId: `${digit.repeat(8)}-1111-4111-8111-111111111111`,
  genesysRegion: "us-east-1",
  state: { home: "production", lock: "both" },
  vault: { address: "https://vault.example.com", auth: { method: "jwt" } },
  aws: {
    account: "111111111111",
    region: "us-east-1",
    deployRole: `arn:aws:iam::111111111111:role/deploy-${name}`,
    planRole: `arn:aws:iam::111111111111:role/plan-${name}`,
  },
  provider: { tokenPoolSize: 2 },
  owner: "team-a",
  tags: { "cost-centre": "cc-1" },
  oauthClients: [
    {
      name: "crm-sync",
      permissions: [{ domain: "routing", entity: "queue", actions: ["view"] }],
      classification: { rotationDays: 30 },
      consumers: ["arn:aws:iam::111111111111:role/crm"],
    },
    {
      name: "exporter",
      permissions: [{ domain: "analytics", entity: "conversationDetail", actions: ["view"] }],
    },
  ],
});

const home = (name: string, account: string) => ({
  name,
  bucket: `state-${name}`,
  account,
  region: "us-east-1",
  stateAdmins: [`arn:aws:iam::${account}:role/admin`],
});

/** ARN of a key in the home `production`. */
export const keyArn = (digit: string) =>
  `arn:aws:kms:us-east-1:111111111111:key/${digit.repeat(8)}-0000-4000-8000-000000000000`;

/** A valid registry with homes `production`, `lab` (no AWS) and orgs `na-prod`, `eu-prod`, `ap-prod`. */
export function validRegistry(): Data {
  return {
    homes: [
      home("production", "111111111111"),
      { ...home("lab", "222222222222"), storage: { s3Endpoint: "http://localhost:4566" } },
    ],
    orgs: [org("na-prod", "a"), org("eu-prod", "b"), org("ap-prod", "c")],
    record: {
      version: 1,
      homes: {
        production: {
          account: "111111111111",
          region: "us-east-1",
          bucket: "state-production",
          orgs: { "na-prod": { kmsKeyArn: keyArn("a") }, "eu-prod": { kmsKeyArn: keyArn("b") } },
        },
      },
    },
  };
}

/** The valid registry with changes. */
export function patched(patch: Patch): Data {
  const registry = validRegistry();
  for (const [path, value] of Object.entries(patch)) {
    const keys = path.split("/");
    const last = keys.pop() ?? "";
    const target = keys.reduce((inner, key) => inner[key] as Data, registry);
    if (value === undefined) delete target[last];
    else target[last] = value;
  }
  return registry;
}

/** Checks data of any form, as a caller without the compiler's help would. */
export const check = (registry: unknown): OrgRegistry => OrgRegistry.of(registry as never);

/** The message of a registry that cannot be used; fails when it can. */
export function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof RegistryError) return error.message;
    throw error;
  }
  throw new Error("The registry was accepted.");
}

/** The whole message with these problems. */
export const problemsText = (...problems: readonly string[]): string =>
  [
    `The registry has ${problems.length === 1 ? "1 problem" : `${problems.length} problems`}:`,
    ...problems.map((problem) => `  ${problem}`),
  ].join("\n");

/** A registry with a mistake, and the lines that it must be refused with. */
export interface BadRegistry {
  readonly what: string;
  readonly patch: Patch;
  readonly problems: readonly string[];
}
