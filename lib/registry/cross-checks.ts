import type { OrgEntry, StateHomeEntry, StateRecord } from "./model";
import { derivedTagsOf, secretNameOf, secretPrefixOf, stateKeyOf, vaultEntryOf } from "./names";
import { printable, type RegistryProblem } from "./registry-error";

/**
 * An entry that may be wrong elsewhere: what is there is read, so that one bad field does not hide
 * what is wrong with the others.
 */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly Draft<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> }
    : T;

/** What the orgs of a registry are checked against. */
export interface Surroundings {
  readonly homes: ReadonlyMap<string, Draft<StateHomeEntry>>;
  readonly record?: Draft<StateRecord>;
}

const MOST_TAGS = 50;
const LONGEST_SECRET_NAME = 512;

/** Rules over several fields of one org, and over its home. */
export function crossCheckOrg(
  org: Draft<OrgEntry>,
  subject: string,
  { homes }: Surroundings,
): RegistryProblem[] {
  const problems: RegistryProblem[] = [];
  const problem = (rule: string, path: string, value: unknown, expected: string) =>
    problems.push({ subject, path, value: printable(value, [path]), rule, expected });
  const { state, aws, tags, oauthClients } = org;
  const home = homes.get(state?.home ?? "");
  const mode = state?.lock ?? "s3";

  if (typeof state?.home === "string" && !home) {
    problem("state-home", "state.home", state.home, `use one of ${[...homes.keys()].join(", ")}`);
  }
  if (state?.ownLockTable === true && mode === "s3") {
    problem(
      "own-lock-table",
      "state.ownLockTable",
      true,
      'lock mode s3 has no table: set lock to "both", or leave this out',
    );
  }
  if (home?.storage && !home.storage.dynamodbEndpoint && mode !== "s3") {
    problem(
      "lock-endpoint",
      "state.lock",
      mode,
      `home ${home.name} has no storage.dynamodbEndpoint: use "s3"`,
    );
  }
  if (
    entryOf(org, "deployer") !== undefined &&
    entryOf(org, "deployer") === entryOf(org, "planner")
  ) {
    problem(
      "vault-entries-differ",
      "vault.planner",
      entryOf(org, "planner"),
      "it is the deployer's entry: a pull request would run with what can change the org",
    );
  }
  if (typeof aws?.deployRole === "string" && !aws.deployRole.includes(`:iam::${aws.account}:`)) {
    problem(
      "deploy-role-account",
      "aws.deployRole",
      aws.deployRole,
      `name a role of aws.account ${aws.account}`,
    );
  }
  if (isObject(tags)) {
    const derived = derivedTagsOf({ name: "", environment: "production", owner: "" });
    for (const key of Object.keys(tags).filter((tag) => Object.hasOwn(derived, tag))) {
      problem("tag-derived", `tags.${key}`, tags[key], "leave it out: it follows from the entry");
    }
    const count = Object.keys(tags).length;
    const room = MOST_TAGS - Object.keys(derived).length - 3;
    if (count > room)
      problem("tag-count", "tags", count, `at most ${room} of AWS's ${MOST_TAGS} are free`);
  }
  if (Array.isArray(oauthClients)) problems.push(...clientProblems(org, subject, oauthClients));
  return problems;
}

function clientProblems(
  org: Draft<OrgEntry>,
  subject: string,
  clients: readonly (Draft<NonNullable<OrgEntry["oauthClients"]>[number]> | undefined)[],
): RegistryProblem[] {
  const problems: RegistryProblem[] = [];
  const first = new Map<string, number>();
  clients.forEach((client, index) => {
    const name = client?.name;
    if (typeof name !== "string") return;
    const path = `oauthClients[${index}].name`;
    const value = printable(name, []);
    const before = first.get(name);
    if (before !== undefined) {
      problems.push({
        subject,
        path,
        value,
        rule: "oauth-client-duplicate",
        expected: `oauthClients[${before}] has it: each credential has one client`,
      });
    } else first.set(name, index);
    const secret = isNamed(org) ? secretNameOf(org, name) : undefined;
    if (secret && secret.length > LONGEST_SECRET_NAME) {
      problems.push({
        subject,
        path,
        value,
        rule: "secret-name",
        expected: `its secret's name has ${secret.length} characters, and Secrets Manager takes ${LONGEST_SECRET_NAME}`,
      });
    }
    // AWS finds secrets by partial ARN, and such an end looks like the suffix that it adds itself.
    if (secret && /-[A-Za-z0-9]{6}$/.test(secret)) {
      problems.push({
        subject,
        path,
        value,
        rule: "secret-suffix",
        expected:
          "its secret's name would end in a hyphen and six characters, which Secrets Manager confuses with its own suffix: choose another last word",
      });
    }
  });
  return problems;
}

/** The record against the homes. */
export function crossCheckRecord({ homes, record }: Surroundings): RegistryProblem[] {
  const problems: RegistryProblem[] = [];
  for (const [name, recorded] of Object.entries(record?.homes ?? {})) {
    const home = homes.get(name);
    const problem = (rule: string, path: string, value: unknown, expected: string) =>
      problems.push({
        subject: "record",
        path: `homes.${name}${path}`,
        value: printable(value, []),
        rule,
        expected,
      });
    if (!home) {
      problem("record-home", "", name, `no such home; use one of ${[...homes.keys()].join(", ")}`);
      continue;
    }
    for (const field of ["account", "region", "bucket"] as const) {
      if (recorded?.[field] !== undefined && recorded[field] !== home[field]) {
        problem(
          `record-${field}`,
          `.${field}`,
          recorded[field],
          `home ${name} has ${printable(home[field], [])}: run genesys-orgs state record ${name}`,
        );
      }
    }
    for (const [org, access] of Object.entries(recorded?.orgs ?? {})) {
      const [, region, account] =
        /^arn:[^:]*:kms:([^:]*):(\d{12}):/.exec(access?.kmsKeyArn ?? "") ?? [];
      if (account && (account !== home.account || region !== home.region)) {
        problem(
          "record-kms-home",
          `.orgs.${org}.kmsKeyArn`,
          access?.kmsKeyArn,
          `home ${name} is in account ${home.account} and region ${home.region}: a key of the home belongs there`,
        );
      }
    }
  }
  return problems;
}

/** Something that only one org may have. */
interface Claim {
  readonly org: string;
  readonly path: string;
  /** What must be unique; compared as it is. */
  readonly key: string;
  readonly value: unknown;
}

/** What two orgs may not share, or two homes. Each problem names both. */
export function collisions(
  orgs: readonly { readonly subject: string; readonly org: Draft<OrgEntry> }[],
  homeEntries: readonly Draft<StateHomeEntry>[],
  { homes, record }: Surroundings,
): RegistryProblem[] {
  const claims = (claim: (org: Draft<OrgEntry>) => Omit<Claim, "org">[]) =>
    orgs.flatMap(({ subject, org }) => claim(org).map((made) => ({ ...made, org: subject })));
  const bucketOf = (org: Draft<OrgEntry>) =>
    homes.get(org.state?.home ?? "")?.bucket ?? org.state?.home;

  return [
    ...homeCollisions(homeEntries),
    ...clashes(
      "name",
      "names are unique",
      claims(({ name }) => one("name", name)),
    ),
    ...clashes(
      "organization-id-shared",
      "one Genesys Cloud organisation has one entry",
      claims(({ organizationId }) => one("organizationId", organizationId, lower(organizationId))),
    ),
    ...stateKeyCollisions(
      claims((org) => {
        const key = org.state?.key ?? (org.name === undefined ? undefined : stateKeyOf(org.name));
        return one("state.key", key, key && `${bucketOf(org)}/${key}`);
      }),
    ),
    ...clashes(
      "kms-key-shared",
      "each org's state has a key of its own; correct the record",
      claims((org) => {
        const arn =
          org.name === undefined
            ? undefined
            : record?.homes?.[org.state?.home ?? ""]?.orgs?.[org.name]?.kmsKeyArn;
        return one("recorded KMS key", arn);
      }),
    ),
    ...clashes(
      "vault-entry-shared",
      "each org has Vault entries of its own",
      claims((org) =>
        (["deployer", "planner"] as const).flatMap((credential) => {
          const entry = entryOf(org, credential);
          const { address = "", namespace = "", mount = "secret" } = org.vault ?? {};
          return one(
            `vault.${credential}`,
            entry,
            entry && [String(address).replace(/\/+$/, ""), namespace, mount, entry].join("|"),
          );
        }),
      ),
    ),
    ...clashes(
      "secret-prefix-shared",
      "set project in one of the two",
      claims((org) => {
        const prefix = isNamed(org) ? secretPrefixOf(org) : undefined;
        return one(
          "secret prefix",
          prefix,
          prefix && `${org.aws?.account}|${org.aws?.region}|${prefix}`,
        );
      }),
    ),
  ];
}

function homeCollisions(homes: readonly Draft<StateHomeEntry>[]): RegistryProblem[] {
  const claims = (field: "name" | "bucket") =>
    homes.flatMap((home) =>
      one(field, home[field]).map((claim) => ({ ...claim, org: `home ${home.name}` })),
    );
  return [
    ...clashes("home-name", "names are unique", claims("name")),
    ...clashes("bucket-shared", "each home has a bucket of its own", claims("bucket")),
  ];
}

function clashes(rule: string, expected: string, claims: readonly Claim[]): RegistryProblem[] {
  const first = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const before = first.get(claim.key);
    if (!before) {
      first.set(claim.key, claim);
      return [];
    }
    // An org's own entries are compared by a rule of their own.
    if (before === claim || (before.org === claim.org && before.path !== claim.path)) return [];
    return [collision(rule, before, claim, expected)];
  });
}

/** Equal keys, keys that differ by case alone, and keys in another org's folder. */
function stateKeyCollisions(claims: readonly Claim[]): RegistryProblem[] {
  const folderOf = (key: string) => key.slice(0, key.lastIndexOf("/")).toLowerCase();
  const byFolder = new Map<string, Claim>();
  const equal = claims.flatMap((claim) => {
    const before = byFolder.get(folderOf(claim.key));
    if (!before) {
      byFolder.set(folderOf(claim.key), claim);
      return [];
    }
    return before.key === claim.key
      ? [
          collision(
            "state-key-shared",
            before,
            claim,
            "two orgs would overwrite each other's state and share its lock",
          ),
        ]
      : [
          collision(
            "state-key-case",
            before,
            claim,
            `it differs from ${JSON.stringify(before.value)} by case alone`,
          ),
        ];
  });
  const nested = [...byFolder.values()].flatMap((claim) => {
    const parts = folderOf(claim.key).split("/");
    const above = parts.flatMap((_, depth) => byFolder.get(parts.slice(0, depth).join("/")) ?? []);
    return above.map((outer) =>
      collision(
        "state-key-inside",
        outer,
        claim,
        `it lies in the folder of ${JSON.stringify(outer.value)}, whose roles could read it`,
      ),
    );
  });
  return [...equal, ...nested];
}

function collision(rule: string, first: Claim, second: Claim, expected: string): RegistryProblem {
  const value = printable(second.value, []);
  return {
    subject: `${first.org}, ${second.org}`,
    path: second.path,
    value: first.key === second.key ? `${value} in both` : value,
    rule,
    expected,
  };
}

/** A claim, where there is a value to claim. */
const one = (path: string, value: unknown, key: unknown = value): Omit<Claim, "org">[] =>
  typeof value === "string" && typeof key === "string" ? [{ path, value, key }] : [];

function entryOf(org: Draft<OrgEntry>, credential: "deployer" | "planner"): string | undefined {
  return org.vault?.[credential] ?? (isNamed(org) ? vaultEntryOf(org, credential) : undefined);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const lower = (value: unknown): unknown =>
  typeof value === "string" ? value.toLowerCase() : undefined;

function isNamed(
  org: Draft<OrgEntry>,
): org is Draft<OrgEntry> & Pick<OrgEntry, "name" | "environment"> {
  return typeof org.name === "string" && typeof org.environment === "string";
}
