import type { VaultCredential } from "../model";
import { logBucketOf, STATE_KEY, secretPrefixOf, stateFolderOf, stateKeyOf } from "../names";
import { fieldsAt, namedOf, recordedKeyOf, textAt, valueAt } from "../raw-value";
import { printable, problemAbout, type RegistryProblem } from "../registry-error";
import { type HomeDrafts, VAULT_CREDENTIALS, vaultEntryAt } from "./org";

/** An entry that may be wrong, and what problems call it. */
export interface Subject {
  readonly subject: string;
  readonly entry: unknown;
}

/** Something that only one org may have. */
interface Claim {
  readonly path: string;
  /** What must be unique; compared as it is. */
  readonly key: string;
  readonly value: string;
  /** The org's name, where the value follows from it: what has one name collides by that alone. */
  readonly derivedFrom?: string;
  /** Where a state key has to be. */
  readonly folder?: string;
}

interface OwnedClaim extends Claim {
  readonly subject: string;
}

/** What two orgs may not share. Each problem names both. */
export function orgCollisions(
  orgs: readonly Subject[],
  homes: HomeDrafts,
  record: unknown,
): RegistryProblem[] {
  const claims = (claim: (org: unknown) => Claim[]) => owned(orgs, claim);
  return [
    ...clashes(
      "name-shared",
      "give one of the two another name",
      claims((org) => claimed("name", textAt(org, "name"))),
    ),
    ...clashes(
      "organization-id-shared",
      "keep one entry for each Genesys Cloud organisation",
      claims((org) => {
        const id = textAt(org, "organizationId");
        return claimed("organizationId", id, id?.toLowerCase());
      }),
    ),
    ...stateKeyProblems(claims((org) => stateKeyClaim(org, homes))),
    ...clashes(
      "kms-key-shared",
      "correct the record: each org's state has a key of its own",
      claims((org) => {
        const name = textAt(org, "name") ?? "";
        const arn = recordedKeyOf(record, textAt(org, "state", "home") ?? "", name);
        return claimed("recorded KMS key", arn, arn, name);
      }),
    ),
    ...clashes(
      "vault-entry-shared",
      "give each org Vault entries of its own",
      claims((org) => VAULT_CREDENTIALS.flatMap((credential) => vaultClaims(org, credential))),
    ),
    ...clashes(
      "vault-role-shared",
      "give each org a Vault role of its own, or one org's runs read another's entries",
      claims(vaultRoleClaims),
    ),
    ...(["deployRole", "planRole"] as const).flatMap((field) =>
      clashes(
        "aws-role-shared",
        "give each org a role of its own, or one org's runs reach another's secrets",
        claims((org) => claimed(`aws.${field}`, textAt(org, "aws", field))),
      ),
    ),
    ...clashes(
      "secret-prefix-shared",
      "give one of the two another project",
      claims((org) => {
        const named = namedOf(org);
        const prefix = named && secretPrefixOf(named);
        const place = `${textAt(org, "aws", "account")} ${textAt(org, "aws", "region")}`;
        return claimed("secret prefix", prefix, `${place} ${prefix}`, named?.name);
      }),
    ),
  ];
}

/** What two homes may not share. */
export function homeCollisions(homes: readonly Subject[]): RegistryProblem[] {
  const claims = (claim: (home: unknown) => Claim[]) => owned(homes, claim);
  return [
    ...clashes(
      "home-name-shared",
      "give one of the two another name",
      claims((home) => claimed("name", textAt(home, "name"))),
    ),
    ...clashes(
      "bucket-shared",
      "give each home a bucket of its own, and remember that <bucket>-logs is one, too",
      claims((home) => {
        const bucket = textAt(home, "bucket");
        const logs = bucket === undefined ? undefined : logBucketOf(bucket);
        return [...claimed("bucket", bucket), ...claimed("bucket", logs, logs, bucket)];
      }),
    ),
    ...clashes(
      "github-oidc-provider",
      "an account has one OIDC provider for GitHub: set github.existingOidcProvider in one of the two",
      claims((home) => {
        const creates =
          fieldsAt(home, "github").length > 0 &&
          valueAt(home, "github", "existingOidcProvider") !== true;
        return creates ? claimed("account", textAt(home, "account")) : [];
      }),
    ),
  ];
}

function stateKeyClaim(org: unknown, homes: HomeDrafts): Claim[] {
  const name = textAt(org, "name");
  const home = textAt(org, "state", "home");
  const bucket = textAt(homes.get(home ?? ""), "bucket") ?? `home ${home}`;
  const written = textAt(org, "state", "key");
  const key = written ?? (name && stateKeyOf(name));
  // What is no key at all has a problem of its own, and no folder to compare.
  if (!key || !STATE_KEY.test(key)) return [];
  const derivedFrom = written === undefined ? name : undefined;
  return claimed("state.key", key, `${bucket}/${key}`, derivedFrom).map((claim) => ({
    ...claim,
    folder: name && stateFolderOf(name),
  }));
}

function vaultClaims(org: unknown, credential: VaultCredential): Claim[] {
  const entry = vaultEntryAt(org, credential);
  const mount = textAt(org, "vault", "mount") ?? "secret";
  const written = textAt(org, "vault", credential) !== undefined;
  const derivedFrom = written ? undefined : textAt(org, "name");
  return claimed(`vault.${credential}`, entry, `${vaultPathOf(org, mount)} ${entry}`, derivedFrom);
}

/** A namespace and a mount in it, as Vault's URL has them: where one ends is not to be seen. */
function vaultPathOf(org: unknown, mount: string): string {
  // A server's name has no case, and 443 is the port that https has anyway.
  const server = (textAt(org, "vault", "address") ?? "")
    .toLowerCase()
    .replace(/(:443)?\/{0,9}$/, "");
  const namespace = textAt(org, "vault", "namespace");
  return `${server} ${[namespace, mount].filter(Boolean).join("/")}`;
}

function vaultRoleClaims(org: unknown): Claim[] {
  const role = textAt(org, "vault", "auth", "role");
  const method = textAt(org, "vault", "auth", "method") ?? "";
  const mount = textAt(org, "vault", "auth", "mount") ?? method;
  return claimed("vault.auth.role", role, `${vaultPathOf(org, `auth/${mount}`)} ${role}`);
}

/** Keys that collide, and those that do not, but are outside of what the org's roles can reach. */
function stateKeyProblems(claims: readonly OwnedClaim[]): RegistryProblem[] {
  const collisions = stateKeyCollisions(claims);
  const outside = claims.filter(
    (claim) =>
      claim.folder !== undefined &&
      !claim.value.startsWith(`${claim.folder}/`) &&
      !collisions.some(({ first, second }) => first === claim || second === claim),
  );
  return [
    ...collisions.map(({ problem }) => problem),
    ...outside.map(({ subject, value, folder }) => {
      const expected = `the org's roles reach ${folder}/ and nothing else: choose a key in it`;
      return problemAbout(subject, ["state", "key"], value, "state-key-folder", expected);
    }),
  ];
}

interface StateKeyCollision {
  readonly first: OwnedClaim;
  readonly second: OwnedClaim;
  readonly problem: RegistryProblem;
}

/** Equal keys, keys that differ by case alone, and keys in another org's folder. */
function stateKeyCollisions(claims: readonly OwnedClaim[]): StateKeyCollision[] {
  const folderOf = ({ key }: Claim) => key.slice(0, key.lastIndexOf("/")).toLowerCase();
  const byFolder = new Map<string, OwnedClaim>();
  const between = (rule: string, first: OwnedClaim, second: OwnedClaim, expected: string) => ({
    first,
    second,
    problem: collision(rule, first, second, expected),
  });
  const equal = claims.flatMap((claim) => {
    const before = byFolder.get(folderOf(claim));
    if (!before) byFolder.set(folderOf(claim), claim);
    if (!before || sameByName(before, claim)) return [];
    const [rule, expected] =
      before.key === claim.key
        ? [
            "state-key-shared",
            "give each org a key of its own, or they overwrite each other's state",
          ]
        : [
            "state-key-case",
            `it differs from ${printable(before.value, [])} by case alone: choose another folder`,
          ];
    return [between(rule, before, claim, expected)];
  });
  const nested = [...byFolder.values()].flatMap((claim) => {
    const parts = folderOf(claim).split("/");
    const above = parts.flatMap((_, depth) => byFolder.get(parts.slice(0, depth).join("/")) ?? []);
    return above.map((outer) => {
      const expected = `it lies in the folder of ${printable(outer.value, [])}, whose roles could read it: choose another folder`;
      return between("state-key-inside", outer, claim, expected);
    });
  });
  return [...equal, ...nested];
}

function clashes(rule: string, expected: string, claims: readonly OwnedClaim[]): RegistryProblem[] {
  const first = new Map<string, OwnedClaim>();
  return claims.flatMap((claim) => {
    const before = first.get(claim.key);
    if (!before) first.set(claim.key, claim);
    // What an org has twice itself is a rule of its own.
    if (!before || before.subject === claim.subject || sameByName(before, claim)) return [];
    return [collision(rule, before, claim, expected)];
  });
}

const sameByName = (one: Claim, other: Claim) =>
  one.derivedFrom !== undefined && one.derivedFrom === other.derivedFrom;

function collision(
  rule: string,
  first: OwnedClaim,
  second: OwnedClaim,
  expected: string,
): RegistryProblem {
  const value = printable(second.value, []);
  return {
    subject: `${first.subject}, ${second.subject}`,
    path: second.path,
    value: first.key === second.key ? `${value} in both` : value,
    rule,
    expected,
  };
}

const owned = (subjects: readonly Subject[], claim: (entry: unknown) => Claim[]): OwnedClaim[] =>
  subjects.flatMap(({ subject, entry }) => claim(entry).map((made) => ({ ...made, subject })));

/** A claim, where there is a value to claim. */
const claimed = (
  path: string,
  value: string | undefined,
  key = value,
  derivedFrom?: string,
): Claim[] => (value === undefined || key === undefined ? [] : [{ path, value, key, derivedFrom }]);
