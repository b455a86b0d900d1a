import type { VaultCredential } from "../model";
import {
  clientNameOf,
  derivedTagsOf,
  partitionOf,
  STATE_KEY_TAG,
  secretNameOf,
  vaultEntryOf,
} from "../names";
import { fieldsAt, listAt, namedOf, textAt, valueAt } from "../raw-value";
import { oneLine, printable, problemAbout, type RegistryProblem } from "../registry-error";

/** State homes by name, as the registry has them. */
export type HomeDrafts = ReadonlyMap<string, unknown>;

/** Names of the homes, as a message lists them. */
export const namesOf = (homes: HomeDrafts): string => [...homes.keys()].map(oneLine).join(", ");

const MOST_TAGS = 50;

/** Those whose homes and secrets are known to work: elsewhere KMS has other names for services. */
const PARTITIONS = ["aws", "aws-us-gov"];

/** A principal of another partition is nobody: an exemption for it locks its owner out. */
function* partitionProblems(
  subject: string,
  path: readonly PropertyKey[],
  arn: unknown,
  region: string | undefined,
): Generator<RegistryProblem> {
  const partition = typeof arn === "string" ? /^arn:([^:]*):/.exec(arn)?.[1] : undefined;
  if (partition === undefined || region === undefined || partition === partitionOf(region)) return;
  const expected = `begin it with arn:${partitionOf(region)}: as the home's region does`;
  yield problemAbout(subject, path, arn, "arn-partition", expected);
}

/** Rules over several fields of one home. */
export function* crossCheckHome(home: unknown, subject: string): Generator<RegistryProblem> {
  const [account, region] = [textAt(home, "account"), textAt(home, "region")];
  if (region !== undefined && !PARTITIONS.includes(partitionOf(region))) {
    if (fieldsAt(home, "storage").length === 0) {
      const expected = `choose a region of the partitions ${PARTITIONS.join(" and ")}: for others it is not known what the policies of a home have to say`;
      yield problemAbout(subject, ["region"], region, "home-partition", expected);
    }
  }
  for (const [index, other] of listAt(home, "trustedAccounts").entries()) {
    if (other !== account) continue;
    const expected = "leave it out: it is the home's own account";
    yield problemAbout(subject, ["trustedAccounts", index], other, "trusted-account", expected);
  }
  for (const [index, arn] of listAt(home, "stateAdmins").entries()) {
    yield* partitionProblems(subject, ["stateAdmins", index], arn, region);
  }
  for (const [index, arn] of listAt(home, "stateAdmins").entries()) {
    const other = accountOf(arn);
    if (!other || !account || other === account) continue;
    const expected = `name a principal of the home's own account, ${oneLine(account)}: let others assume a role there`;
    yield problemAbout(subject, ["stateAdmins", index], arn, "state-admin-account", expected);
  }
}

/** Rules over several fields of one org, and over its home. */
export function crossCheckOrg(
  org: unknown,
  subject: string,
  homes: HomeDrafts,
): readonly RegistryProblem[] {
  return [
    ...stateProblems(org, subject, homes),
    ...principalProblems(org, subject, homes.get(textAt(org, "state", "home") ?? "")),
    ...accessProblems(org, subject),
    ...tagProblems(org, subject),
    ...clientProblems(org, subject),
  ];
}

export const VAULT_CREDENTIALS = ["deployer", "planner", "master"] as const;

/** Name of an org's Vault entry, written or derived. */
export function vaultEntryAt(org: unknown, credential: VaultCredential): string | undefined {
  const named = namedOf(org);
  return textAt(org, "vault", credential) ?? (named && vaultEntryOf(named, credential));
}

function* stateProblems(
  org: unknown,
  subject: string,
  homes: HomeDrafts,
): Generator<RegistryProblem> {
  const problem = (rule: string, field: string, value: unknown, expected: string) =>
    problemAbout(subject, ["state", field], value, rule, expected);
  const name = textAt(org, "state", "home");
  const home = homes.get(name ?? "");
  const mode = valueAt(org, "state", "lock") ?? "s3";

  // Without any home, that is the one thing to say.
  if (name !== undefined && !homes.has(name) && homes.size > 0) {
    yield problem("state-home", "home", name, `use one of ${namesOf(homes)}`);
  }
  if (valueAt(org, "state", "ownLockTable") === true && mode === "s3") {
    const expected = 'lock mode s3 has no table: set lock to "both", or leave this out';
    yield problem("own-lock-table", "ownLockTable", true, expected);
  }
  const endpoint = valueAt(home, "storage", "dynamodbEndpoint");
  if (fieldsAt(home, "storage").length > 0 && endpoint === undefined && mode !== "s3") {
    const expected = `home ${oneLine(name ?? "")} has no storage.dynamodbEndpoint: use s3, or give it one`;
    yield problem("lock-endpoint", "lock", mode, expected);
  }
}

/** Only principals of accounts that the home trusts, and other accounts' roles without a table. */
function* principalProblems(
  org: unknown,
  subject: string,
  home: unknown,
): Generator<RegistryProblem> {
  const own = textAt(home, "account");
  if (own === undefined) return;
  const trusted = listAt(home, "trustedAccounts").filter((account) => typeof account === "string");
  const given = (field: string) =>
    fieldsAt(org, "state", field).flatMap(([role]) =>
      [...listAt(org, "state", field, role).entries()].map(
        ([index, arn]) => ({ path: ["state", field, role, index], arn }) as const,
      ),
    );
  const untrusted = ({ arn }: { arn: unknown }, accounts: readonly string[]) => {
    const account = accountOf(arn);
    return account !== undefined && !accounts.includes(account);
  };
  const region = textAt(home, "region");
  for (const { path, arn } of [...given("assumedBy"), ...given("crossAccountRoles")]) {
    yield* partitionProblems(subject, path, arn, region);
  }
  for (const principal of given("assumedBy")) {
    if (!untrusted(principal, [own, ...trusted])) continue;
    const expected = `name a principal of ${oneLine([own, ...trusted].join(" or "))}, or add the account to the home's trustedAccounts`;
    yield problemAbout(subject, principal.path, principal.arn, "assumed-by-account", expected);
  }
  const mode = valueAt(org, "state", "lock") ?? "s3";
  for (const [index, role] of given("crossAccountRoles").entries()) {
    if (accountOf(role.arn) === own) {
      const expected = `account ${oneLine(own)} is the home's: let it assume the org's role, with state.assumedBy`;
      yield problemAbout(subject, role.path, role.arn, "cross-account-role", expected);
    } else if (untrusted(role, trusted)) {
      const expected = "add its account to the home's trustedAccounts, or leave it out";
      yield problemAbout(subject, role.path, role.arn, "cross-account-role", expected);
    }
    if (index === 0 && mode !== "s3") {
      const expected =
        "use s3: a lock table is not shared with the roles of crossAccountRoles, and they would not exclude anybody";
      yield problemAbout(subject, ["state", "lock"], mode, "cross-account-lock", expected);
    }
  }
}

/** Account of an IAM principal; undefined when this is no ARN of one. */
const accountOf = (arn: unknown): string | undefined =>
  typeof arn === "string" ? /^arn:[^:]*:iam::(\d{12}):/.exec(arn)?.[1] : undefined;

function* accessProblems(org: unknown, subject: string): Generator<RegistryProblem> {
  const region = textAt(org, "aws", "region");
  const rotates = listAt(org, "oauthClients").length > 0;
  if (rotates && region !== undefined && !PARTITIONS.includes(partitionOf(region))) {
    const expected = `choose a region of the partitions ${PARTITIONS.join(" and ")}: for others it is not known what the policy of the secrets' key has to say`;
    yield problemAbout(subject, ["aws", "region"], region, "secrets-partition", expected);
  }
  const entries = new Map<string, VaultCredential>();
  for (const credential of VAULT_CREDENTIALS) {
    const entry = vaultEntryAt(org, credential);
    if (entry === undefined) continue;
    const before = entries.get(entry);
    entries.set(entry, before ?? credential);
    if (before === undefined) continue;
    // The one that was written down is the one to change.
    const field = textAt(org, "vault", credential) === undefined ? before : credential;
    const expected = `${before} and ${credential} need an entry each: ${ENTRIES_DIFFER}`;
    yield problemAbout(subject, ["vault", field], entry, "vault-entries-differ", expected);
  }
  const account = textAt(org, "aws", "account");
  const roles = [
    ["deployRole", "deploy-role-account"],
    ["planRole", "plan-role-account"],
  ] as const;
  for (const [field, rule] of roles) {
    const role = textAt(org, "aws", field);
    const roleAccount = accountOf(role);
    if (!roleAccount || !account || !/^\d{12}$/.test(account) || roleAccount === account) continue;
    const expected = `name a role of aws.account, which is ${account}`;
    yield problemAbout(subject, ["aws", field], role, rule, expected);
  }
  const [deploy, plan] = [textAt(org, "aws", "deployRole"), textAt(org, "aws", "planRole")];
  if (deploy !== undefined && (plan === undefined || plan === deploy)) {
    const expected = "name a role of its own that only reads: a pull request plans with it";
    yield problemAbout(subject, ["aws", "planRole"], plan, "plan-role", expected);
  }
}

const ENTRIES_DIFFER = "who plans must not be able to apply, and who applies must not make clients";

function* tagProblems(org: unknown, subject: string): Generator<RegistryProblem> {
  const derived = Object.keys(derivedTagsOf({ name: "", environment: "production", owner: "" }));
  // IAM does not tell keys apart that differ by case alone.
  const first = new Map<string, string>();
  const tags = fieldsAt(org, "tags");
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

function* clientProblems(org: unknown, subject: string): Generator<RegistryProblem> {
  const named = namedOf(org);
  const byName = new Map<string, PropertyKey>();
  const byClientName = new Map<string, string>();
  for (const [index, client] of listAt(org, "oauthClients").entries()) {
    const name = textAt(client, "name");
    if (name === undefined) continue;
    const problem = (rule: string, expected: string) =>
      problemAbout(subject, ["oauthClients", index, "name"], name, rule, expected);
    const before = byName.get(name);
    const clientName = clientNameOf(named?.environment ?? "production", name);
    const alike = byClientName.get(clientName.toLowerCase());
    if (before !== undefined) {
      const expected = `oauthClients[${String(before)}] has it: a credential has one client`;
      yield problem("oauth-client-duplicate", expected);
    } else if (alike !== undefined) {
      const expected = `in Genesys Cloud it would have the name of ${oneLine(alike)}: ${oneLine(clientName)}`;
      yield problem("oauth-client-alike", expected);
    }
    if (before === undefined) byName.set(name, index);
    if (alike === undefined) byClientName.set(clientName.toLowerCase(), name);
    // AWS finds secrets by partial ARN, and such an end looks like the suffix that it adds itself.
    if (/-[A-Za-z0-9]{6}$/.test(named ? secretNameOf(named, name) : name)) {
      yield problem(
        "secret-suffix",
        "a secret's name may not end in a hyphen and six characters, which Secrets Manager confuses with its own suffix: choose another last word",
      );
    }
  }
}
