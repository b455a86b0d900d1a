import type { VaultCredential } from "../model";
import {
  derivedTagsOf,
  partitionOf,
  STATE_KEY_TAG,
  SUPPORTED_PARTITIONS,
  VAULT_CREDENTIALS,
} from "../names";
import { oneLine, printable, problemAbout, type RegistryProblem } from "../registry-error";
import type { CheckedOrg } from "./checked";
import { accountOf, partitionProblems } from "./principals";

const MOST_TAGS = 50;

/** Rules over several fields of one org, and over its home. */
export const checkOrg = (checked: CheckedOrg): RegistryProblem[] => [
  ...lockProblems(checked),
  ...principalProblems(checked),
  ...awsProblems(checked),
  ...vaultProblems(checked),
  ...tagProblems(checked),
  ...clientProblems(checked),
];

function* lockProblems({ subject, entry, org }: CheckedOrg): Generator<RegistryProblem> {
  const { home, lock } = org.state;
  if (entry.state.ownLockTable && lock === "s3") {
    const expected = 'lock mode s3 has no table: set lock to "both", or leave this out';
    yield problemAbout(subject, ["state", "ownLockTable"], true, "own-lock-table", expected);
  }
  if (home.storage && !home.storage.dynamodbEndpoint && lock !== "s3") {
    const expected = `home ${home.name} has no storage.dynamodbEndpoint: use s3, or give it one`;
    yield problemAbout(subject, ["state", "lock"], lock, "lock-endpoint", expected);
  }
}

/** Only principals of accounts that the home trusts, and other accounts' roles without a table. */
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
    const expected = `name a principal of ${oneLine([own, ...trusted].join(" or "))}, or add the account to the home's trustedAccounts`;
    yield problemAbout(subject, path, arn, "assumed-by-account", expected);
  }
  for (const { path, arn } of roles) {
    const account = accountOf(arn);
    if (trusted.includes(account) && account !== own) continue;
    const expected =
      account === own
        ? `account ${own} is the home's: let it assume the org's role, with state.assumedBy`
        : "add its account to the home's trustedAccounts, or leave it out";
    yield problemAbout(subject, path, arn, "cross-account-role", expected);
  }
  if (roles.length > 0 && lock !== "s3") {
    const expected =
      "use s3: a lock table is not shared with the roles of crossAccountRoles, and they would not exclude anybody";
    yield problemAbout(subject, ["state", "lock"], lock, "cross-account-lock", expected);
  }
}

function* awsProblems({ subject, org }: CheckedOrg): Generator<RegistryProblem> {
  const { account, region, deployRole, planRole } = org.aws;
  if (org.oauthClients.length > 0 && !SUPPORTED_PARTITIONS.includes(partitionOf(region))) {
    const expected = `choose a region of the partitions ${SUPPORTED_PARTITIONS.join(" and ")}: for others it is not known what the policy of the secrets' key has to say`;
    yield problemAbout(subject, ["aws", "region"], region, "secrets-partition", expected);
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
    const expected = "name a role of its own that only reads: a pull request plans with it";
    yield problemAbout(subject, ["aws", "planRole"], planRole, "plan-role", expected);
  }
}

function* vaultProblems({ subject, entry, org }: CheckedOrg): Generator<RegistryProblem> {
  const first = new Map<string, VaultCredential>();
  for (const credential of VAULT_CREDENTIALS) {
    const name = org.vault.entries[credential];
    const before = first.get(name);
    if (before === undefined) {
      first.set(name, credential);
      continue;
    }
    // The one that was written down is the one to change.
    const field = entry.vault[credential] === undefined ? before : credential;
    const expected = `${before} and ${credential} need an entry each: who plans must not be able to apply, and who applies must not make clients`;
    yield problemAbout(subject, ["vault", field], name, "vault-entries-differ", expected);
  }
}

function* tagProblems({ subject, entry }: CheckedOrg): Generator<RegistryProblem> {
  const derived = Object.keys(derivedTagsOf(entry));
  const tags = Object.entries(entry.tags ?? {});
  // IAM does not tell keys apart that differ by case alone.
  const first = new Map<string, string>();
  for (const [key, value] of tags) {
    const same = first.get(key.toLowerCase());
    if ([...derived, STATE_KEY_TAG].includes(key.toLowerCase())) {
      const expected = "leave it out: this tag follows from the entry";
      yield problemAbout(subject, ["tags", key], value, "tag-derived", expected);
    } else if (same !== undefined) {
      const expected = `IAM takes it for the tag ${printable(same, [])}: keep one of the two`;
      yield problemAbout(subject, ["tags", key], value, "tag-case", expected);
    } else first.set(key.toLowerCase(), key);
  }
  // A few more are the constructs' own.
  const room = MOST_TAGS - derived.length - 3;
  if (tags.length > room) {
    const expected = `give at most ${room}, as AWS takes ${MOST_TAGS} and the rest are derived`;
    const value = `an object with ${tags.length} keys`;
    yield { subject, path: "tags", value, rule: "tag-count", expected };
  }
}

function* clientProblems({ subject, org }: CheckedOrg): Generator<RegistryProblem> {
  const byName = new Map<string, number>();
  const byClientName = new Map<string, string>();
  for (const [index, { name, clientName, secretName }] of org.oauthClients.entries()) {
    const problem = (rule: string, expected: string) =>
      problemAbout(subject, ["oauthClients", index, "name"], name, rule, expected);
    const before = byName.get(name);
    const alike = byClientName.get(clientName.toLowerCase());
    if (before !== undefined) {
      const expected = `oauthClients[${before}] has it: a credential has one client`;
      yield problem("oauth-client-duplicate", expected);
    } else if (alike !== undefined) {
      const expected = `in Genesys Cloud it would have the name of ${alike}: ${clientName}`;
      yield problem("oauth-client-alike", expected);
    }
    if (before === undefined) byName.set(name, index);
    if (alike === undefined) byClientName.set(clientName.toLowerCase(), name);
    // AWS finds secrets by partial ARN, and such an end looks like the suffix that it adds itself.
    if (/-[A-Za-z0-9]{6}$/.test(secretName)) {
      yield problem(
        "secret-suffix",
        "a secret's name may not end in a hyphen and six characters, which Secrets Manager confuses with its own suffix: choose another last word",
      );
    }
  }
}
