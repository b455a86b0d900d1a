import type { OrgEntry, OrgRegistry, StateHomeEntry, StateRole } from "../../../lib";
import { entry } from "../sample-org";
import { homeRegistry } from "../state-stacks";
import { type Documents, documentsOf } from "./documents";
import type { Document, Principal } from "./evaluate";

const [HOME_ACCOUNT, TRUSTED, STRANGE] = ["111111111111", "222222222222", "333333333333"];
export const GITHUB = { repository: "example/platform", repositoryId: "7", ownerId: "8" };
const PARTNER = `arn:aws:iam::${TRUSTED}:role/partner`;
export const PARTNER_KEY = `arn:aws:kms:us-east-1:${TRUSTED}:key/00000000-0000-4000-8000-000000000009`;
const RUNNER = `arn:aws:iam::${TRUSTED}:role/runner`;
const DEPLOYER = `arn:aws:iam::${HOME_ACCOUNT}:role/deployer`;

/**
 * A home with every form of org: `file` locks with a file, and roles of another account use its
 * state; `shared` and `neighbour` are in the home's lock table, `table` has its own, and `retired`
 * has left.
 */
export function world(home: Partial<StateHomeEntry> = {}, orgs = ORGS): World {
  const registry = homeRegistry([...orgs], {
    trustedAccounts: [TRUSTED],
    github: GITHUB,
    ...home,
  });
  return { registry, documents: documentsOf(registry) };
}

export interface World {
  readonly registry: OrgRegistry;
  readonly documents: Documents;
}

const ORGS: readonly OrgEntry[] = [
  entry("file", 1, {
    state: {
      home: "home",
      crossAccountRoles: { reader: [`${PARTNER}-reader`], writer: [PARTNER] },
    },
  }),
  entry("shared", 2, {
    state: {
      home: "home",
      lock: "both",
      assumedBy: { writer: [DEPLOYER, RUNNER], reader: [RUNNER] },
    },
  }),
  entry("neighbour", 5, { state: { home: "home", lock: "both" } }),
  entry("table", 3, { state: { home: "home", lock: "both", ownLockTable: true } }),
  entry("retired", 4, { state: { home: "home" }, retired: true }),
];

const everything: Document = {
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/** A session of a role. */
function session(
  account: string,
  role: string,
  tags: Record<string, string>,
  ...policies: Document[]
) {
  const tagged = Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
  return {
    arn: `arn:aws:sts::${account}:assumed-role/${role}/session`,
    context: {
      "aws:PrincipalAccount": account,
      "aws:PrincipalArn": `arn:aws:iam::${account}:role/${role}`,
      ...Object.fromEntries(tagged),
    },
    policies,
  };
}

/** Those who call, by what they are. */
export function principals({ registry, documents }: World) {
  const tagsOf = (name: string) => {
    const { kmsKeyArn = "" } = registry.get(name).state;
    return { "genesys-org": name, "genesys-state-key": kmsKeyArn };
  };
  return {
    /** A role that the product made. */
    role: (role: StateRole, org: string): Principal => {
      const policy = documents.get(`${role} of ${org}`);
      if (!policy) throw new Error(`${org} has no ${role}`);
      return session(HOME_ACCOUNT, registry.get(org).roles[role], tagsOf(org), policy);
    },
    /** A role that the product made, and to whose policies somebody added everything. */
    widened: (role: StateRole, org: string): Principal =>
      session(HOME_ACCOUNT, registry.get(org).roles[role], tagsOf(org), everything),
    /** A session of one org's writer, with everything in its policies and another org's tags. */
    taggedSession: (of: string, org: string): Principal =>
      session(HOME_ACCOUNT, registry.get(of).roles.writer, tagsOf(org), everything),
    /** A role of the account that has the name and the tags of an org's writer, and another key. */
    namesakeWithKey: (org: string, key: string): Principal =>
      session(
        HOME_ACCOUNT,
        registry.get(org).roles.writer,
        { ...tagsOf(org), "genesys-state-key": key },
        everything,
      ),
    stateAdmin: session(HOME_ACCOUNT, "admin", {}, everything),
    /** Whoever has AdministratorAccess in the home's account. */
    administrator: session(HOME_ACCOUNT, "administrator", {}, everything),
    /** An administrator whose role somebody gave an org's tags. */
    disguised: (org: string) => session(HOME_ACCOUNT, "administrator", tagsOf(org), everything),
    /** An administrator with an org's name as a tag, and a key of their own as the other. */
    disguisedWithKey: (org: string, key: string) =>
      session(
        HOME_ACCOUNT,
        "administrator",
        { ...tagsOf(org), "genesys-state-key": key },
        everything,
      ),
    /** The role that an org names for its writer. */
    deployer: session(HOME_ACCOUNT, "deployer", {}, everything),
    root: {
      arn: `arn:aws:iam::${HOME_ACCOUNT}:root`,
      context: { "aws:PrincipalArn": `arn:aws:iam::${HOME_ACCOUNT}:root` },
      policies: [everything],
    },
    partner: session(TRUSTED, "partner", tagsOf("file"), everything),
    partnerReader: session(TRUSTED, "partner-reader", tagsOf("file"), everything),
    /** The partner's writer, whose account has given it another org's name. */
    retaggedPartner: (org: string) =>
      session(TRUSTED, "partner", { ...tagsOf("file"), "genesys-org": org }, everything),
    untaggedPartner: session(TRUSTED, "partner", {}, everything),
    /** Another role of the partner's account, with the org's tags. */
    disguisedPartner: session(TRUSTED, "other", tagsOf("file"), everything),
    /** The same, which is to write with a key of the partner's account. */
    disguisedWithOwnKey: session(
      TRUSTED,
      "other",
      { ...tagsOf("file"), "genesys-state-key": PARTNER_KEY },
      everything,
    ),
    /** The role of another account that an org names for its reader. */
    remoteRunner: session(TRUSTED, "runner", {}, everything),
    stranger: session(STRANGE, "partner", tagsOf("file"), everything),
    logDelivery: { arn: "logging.s3.amazonaws.com", context: {}, policies: [] } as Principal,
    github: {
      arn: `arn:aws:iam::${HOME_ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
      context: {},
      policies: [],
    } as Principal,
  };
}

export type Principals = ReturnType<typeof principals>;
