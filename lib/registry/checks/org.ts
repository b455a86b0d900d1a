import type { BrokeredClient, Credential, Org, OrgEntry } from "../model";
import { derivedTagsOf, partitionOf, STATE_KEY_TAG, SUPPORTED_PARTITIONS } from "../names";
import { oneLine, printable, problemAbout, type RegistryProblem } from "../registry-error";
import { endsLikeSuffix } from "../secret-name";
import { brokeredClientProblems } from "./brokered-clients";
import type { CheckedOrg } from "./checked";
import { classificationProblems } from "./classification";
import { managedSecretProblems } from "./managed-secrets";
import { NEEDS_NETWORK } from "./oauth-client";
import { type OwnEntry, ownEntriesOf } from "./own-entries";
import { accountOf, partitionProblems } from "./principals";
import { regionProblems } from "./region";

const MOST_TAGS = 50;

/** Rules over one org and its home. */
export const checkOrgInHome = (checked: CheckedOrg): RegistryProblem[] => [
  ...lockProblems(checked),
  ...principalProblems(checked),
];

/** Rules over several fields of one org. */
export const checkOrg = (checked: CheckedOrg): RegistryProblem[] => [
  ...awsProblems(checked),
  ...monitoringProblems(checked),
  ...vaultProblems(checked),
  ...credentialProblems(checked),
  ...tagProblems(checked),
  ...clientProblems(checked),
  ...brokeredClientProblems(checked),
  ...managedSecretProblems(checked),
  ...addressProblems(checked),
];

function* lockProblems({ subject, entry, org }: CheckedOrg): Generator<RegistryProblem> {
  const { home, lock } = org.state;
  if (entry.state.ownLockTable && lock === "s3") {
    const expected =
      'set state.lock to "both", or leave this field out, because lock mode s3 uses no table';
    yield problemAbout(subject, ["state", "ownLockTable"], true, "own-lock-table", expected);
  }
  if (home.storage && !home.storage.dynamodbEndpoint && lock !== "s3") {
    const expected = `use s3, or give home ${home.name} a storage.dynamodbEndpoint`;
    yield problemAbout(subject, ["state", "lock"], lock, "lock-endpoint", expected);
  }
}

/** Only accounts that the home trusts may use a state, and roles of other accounts only without a table. */
function* principalProblems({ subject, entry, org }: CheckedOrg): Generator<RegistryProblem> {
  const { home, lock } = org.state;
  const { account: own, trustedAccounts: trusted } = home;
  const given = (field: "assumedBy" | "crossAccountRoles") =>
    Object.entries({ ...entry.state[field] }).flatMap(([role, arns = []]) =>
      arns.map((arn, index) => ({ path: ["state", field, role, index], arn })),
    );
  const [runners, roles] = [given("assumedBy"), given("crossAccountRoles")];
  for (const { path, arn } of [...runners, ...roles]) {
    yield* partitionProblems(subject, path, arn, home.region);
  }
  for (const { path, arn } of runners) {
    if ([own, ...trusted].includes(accountOf(arn))) continue;
    const expected = `name a principal of account ${oneLine([own, ...trusted].join(" or "))}, or add the account to the home's trustedAccounts`;
    yield problemAbout(subject, path, arn, "assumed-by-account", expected);
  }
  for (const { path, arn } of roles) {
    const account = accountOf(arn);
    if (trusted.includes(account) && account !== own) continue;
    const expected =
      account === own
        ? `name it in state.assumedBy, because account ${own} is the home's own`
        : "add its account to the home's trustedAccounts, or leave it out";
    yield problemAbout(subject, path, arn, "cross-account-role", expected);
  }
  if (roles.length > 0 && lock !== "s3") {
    const expected =
      "use s3, because the roles of state.crossAccountRoles cannot use the lock table and would lock nobody out";
    yield problemAbout(subject, ["state", "lock"], lock, "cross-account-lock", expected);
  }
}

function* awsProblems({ subject, org }: CheckedOrg): Generator<RegistryProblem> {
  const { account, region, deployRole, planRole } = org.aws;
  yield* regionProblems(subject, ["aws", "region"], region);
  if (org.oauthClients.length + org.secrets.length > 0 && !isSupported(region)) {
    const expected = `choose a region of the partition ${SUPPORTED_PARTITIONS.join(" or ")}; OAuth clients cannot rotate in other partitions`;
    yield problemAbout(subject, ["aws", "region"], region, "secrets-partition", expected);
  }
  for (const [place, arn] of isSupported(region) ? org.breakGlassRoles.entries() : []) {
    yield* partitionProblems(subject, ["breakGlassRoles", place], arn, region, "aws.region");
  }
  const roles = [
    ["deployRole", deployRole, "deploy-role-account"],
    ["planRole", planRole, "plan-role-account"],
  ] as const;
  for (const [field, role, rule] of roles) {
    if (!role || accountOf(role) === account) continue;
    const expected = `name a role of aws.account, which is ${account}`;
    yield problemAbout(subject, ["aws", field], role, rule, expected);
  }
  if (deployRole && (!planRole || planRole === deployRole)) {
    const expected =
      "name another role than deployRole that can only read, because pull requests plan with it";
    yield problemAbout(subject, ["aws", "planRole"], planRole, "plan-role", expected);
  }
}

function* monitoringProblems({ subject, org }: CheckedOrg): Generator<RegistryProblem> {
  const { account, region } = org.aws;
  const topicArn = org.monitoring?.topicArn ?? "";
  if (topicArn === "" || topicArn.includes(`:sns:${region}:${account}:`)) return;
  const expected = `name a topic of aws.account and aws.region, which are ${account} and ${region}: a rule sends its alerts to no other`;
  yield problemAbout(subject, ["monitoring", "topicArn"], topicArn, "alert-topic-place", expected);
}

function* vaultProblems(checked: CheckedOrg): Generator<RegistryProblem> {
  const first = new Map<string, OwnEntry>();
  for (const own of ownEntriesOf(checked)) {
    const before = first.get(own.name);
    if (before === undefined) {
      first.set(own.name, own);
      continue;
    }
    // The user can change the one that the entry names.
    const { path, name } = own.given ? own : before;
    const [one, other] = [before, own].map((each) => each.path.join("."));
    const expected = `give ${one} and ${other} an entry each, so that a plan cannot apply and an apply cannot create OAuth clients`;
    yield problemAbout(checked.subject, ["vault", ...path], name, "vault-entries-differ", expected);
  }
}

/** Each org has a place for its own credentials, and says nothing about another place. */
function* credentialProblems({ subject, entry, org }: CheckedOrg): Generator<RegistryProblem> {
  if (!org.credentials) return;
  const { account, region } = org.aws;
  const { operators } = org.credentials;
  for (const [place, arn] of operators.entries()) {
    const field = ["credentials", "operators", place];
    if (isSupported(region)) {
      yield* partitionProblems(subject, field, arn, region, "aws.region");
    }
    if (accountOf(arn) === account) continue;
    const expected = `name roles of account ${account}, because the secrets admit nobody else`;
    yield problemAbout(subject, field, arn, "credential-operator-account", expected);
  }
  if (operators.length === 0) {
    const expected = `name the roles of account ${account} that write the org's credentials, because none of the home's state admins is one`;
    yield problemAbout(
      subject,
      ["credentials", "operators"],
      undefined,
      "credential-operator",
      expected,
    );
  }
  if (org.vault) {
    const expected =
      "leave out vault or credentials: an organisation has one place for its secrets";
    yield problemAbout(subject, ["vault"], entry.vault, "credential-source", expected);
  }
  const { masterVersion } = entry.rotation ?? {};
  if (masterVersion === undefined) return;
  const expected = "leave it out: from Secrets Manager the rotator always reads the newest master";
  yield problemAbout(
    subject,
    ["rotation", "masterVersion"],
    masterVersion,
    "master-version",
    expected,
  );
}

function* tagProblems({ subject, entry }: CheckedOrg): Generator<RegistryProblem> {
  const derived = Object.keys(derivedTagsOf(entry));
  const tags = Object.entries(entry.tags ?? {});
  // IAM does not distinguish keys that differ only by case.
  const first = new Map<string, string>();
  for (const [key, value] of tags) {
    const same = first.get(key.toLowerCase());
    if ([...derived, STATE_KEY_TAG].includes(key.toLowerCase())) {
      const expected = "leave it out, because the library sets this tag";
      yield problemAbout(subject, ["tags", key], value, "tag-derived", expected);
    } else if (same !== undefined) {
      const expected = `keep one of the two, because IAM does not distinguish it from ${printable(same, [])}`;
      yield problemAbout(subject, ["tags", key], value, "tag-case", expected);
    } else first.set(key.toLowerCase(), key);
  }
  // Leaves room for three tags of the constructs.
  const room = MOST_TAGS - derived.length - 3;
  if (tags.length > room) {
    const expected = `give at most ${room}; AWS allows ${MOST_TAGS}, and the library sets the others`;
    const value = `an object with ${tags.length} keys`;
    yield { subject, path: "tags", value, rule: "tag-count", expected };
  }
}

/** The rotation tries each credential, and must be able to. */
function* addressProblems({ subject, entry, org }: CheckedOrg): Generator<RegistryProblem> {
  if (org.rotation.network) return;
  const clients = (entry.oauthClients ?? []).map((client, index) => ({
    path: ["oauthClients", index, "allowedAddresses"],
    // The rotation does not try a brokered client.
    addresses: client.broker ? undefined : client.allowedAddresses,
  }));
  const all = [{ path: ["allowedAddresses"], addresses: entry.allowedAddresses }, ...clients];
  for (const { path, addresses } of all) {
    if (!addresses?.length) continue;
    yield problemAbout(subject, path, addresses, "allowed-addresses-network", NEEDS_NETWORK);
  }
}

const isSupported = (region: string) => SUPPORTED_PARTITIONS.includes(partitionOf(region));

function* clientProblems({ subject, entry, org }: CheckedOrg): Generator<RegistryProblem> {
  const byName = new Map<string, number>();
  const byClientName = new Map<string, string>();
  const byReplaced = new Map<string, number>();
  for (const [index, client] of clientsInOrder(entry, org).entries()) {
    const { name, clientName, consumers, classification } = client;
    const { replaces, secretName } = "secretName" in client ? client : {};
    if (replaces !== undefined) {
      const problem = replacesProblem(byReplaced.get(replaces), replaces, org.monitoring);
      const path = ["oauthClients", index, "replaces"];
      if (problem) yield problemAbout(subject, path, replaces, ...problem);
      if (!byReplaced.has(replaces)) byReplaced.set(replaces, index);
    }
    yield* classificationProblems(
      subject,
      ["oauthClients", index, "classification"],
      org,
      classification,
    );
    // A partition that is not supported is a problem by itself.
    for (const [place, arn] of isSupported(org.aws.region) ? consumers.entries() : []) {
      // A name that the registry does not have is a problem by itself.
      if (!arn.startsWith("arn:")) continue;
      const path = ["oauthClients", index, "consumers", place];
      yield* partitionProblems(subject, path, arn, org.aws.region, "aws.region");
    }
    const problem = (rule: string, expected: string) =>
      problemAbout(subject, ["oauthClients", index, "name"], name, rule, expected);
    const before = byName.get(name);
    const alike = byClientName.get(clientName.toLowerCase());
    if (before !== undefined) {
      const expected = `choose another name, because oauthClients[${before}] has this one`;
      yield problem("oauth-client-duplicate", expected);
    } else if (alike !== undefined) {
      const expected = `choose another name; in Genesys Cloud ${clientName} is too like the client of ${alike}`;
      yield problem("oauth-client-alike", expected);
    }
    if (before === undefined) byName.set(name, index);
    if (alike === undefined) byClientName.set(clientName.toLowerCase(), name);
    if (secretName !== undefined && endsLikeSuffix(secretName)) {
      yield problem(
        "secret-suffix",
        "choose another last word; Secrets Manager confuses a hyphen and six characters at the end of a name with its own suffix",
      );
    }
  }
}

/** All OAuth clients of an org, in the order of its entry. */
function clientsInOrder(
  { oauthClients = [] }: Pick<OrgEntry, "oauthClients">,
  org: Pick<Org, "oauthClients" | "brokeredClients">,
): readonly (Credential | BrokeredClient)[] {
  const [rotated, brokered] = [org.oauthClients.values(), org.brokeredClients.values()];
  return oauthClients.map(({ broker }) => {
    const { value } = (broker ? brokered : rotated).next();
    return value as Credential | BrokeredClient;
  });
}

/** The rule that a replaced client breaks, and what to do; undefined if it breaks none. */
function replacesProblem(
  before: number | undefined,
  replaces: string,
  monitoring: Org["monitoring"],
): readonly [rule: string, expected: string] | undefined {
  if (before !== undefined) {
    const expected = `name it once, because oauthClients[${before}] replaces this client already`;
    return ["replaced-client-duplicate", expected];
  }
  if (replaces !== monitoring?.masterClientId?.toLowerCase()) return undefined;
  return [
    "replaced-client-own",
    "name a client that somebody made by hand, because this is monitoring.masterClientId; `genesys-orgs rotate` replaces the organisation's own clients",
  ];
}
