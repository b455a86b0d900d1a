import { entry } from "../support/sample-org";
import { accessStack, homeRegistry, homeStack, resources } from "../support/state-stacks";

const orgs = [entry("na-prod", 1)];

test("a trust policy that is too large for AWS fails the synthesis of an access stack", () => {
  const writer = Array.from({ length: 30 }, (_, index) => {
    return `arn:aws:iam::111111111111:role/a-role-with-a-long-name-number-${index}`;
  });
  const state = { home: "home", assumedBy: { writer } };
  expect(() => accessStack(homeRegistry([entry("na-prod", 1, { state })]).get("na-prod"))).toThrow(
    /GO-POLICY-SIZE.*AWS allows 2048 for a trust policy/,
  );
});

test("a bucket policy that is too large for S3 fails the synthesis of a home", () => {
  const trustedAccounts = ["222222222222"];
  const reader = Array.from({ length: 250 }, (_, index) => {
    return `arn:aws:iam::222222222222:role/a-role-with-a-long-name-number-${index}`;
  });
  const state = { home: "home", crossAccountRoles: { reader } };
  const registry = homeRegistry([entry("na-prod", 1, { state })], { trustedAccounts });
  expect(() => homeStack(registry)).toThrow(/GO-POLICY-SIZE.*AWS allows 20480 for a bucket policy/);
});

test("an empty list of principals counts as missing: AWS refuses a role that nobody may assume", () => {
  const state = { home: "home", assumedBy: { reader: [] } };
  const { access } = homeRegistry([entry("na-prod", 1, { state })]).get("na-prod").state;
  expect(access.assumedBy.reader).toEqual(["arn:aws:iam::111111111111:role/admin"]);
});

test("the parts of broken uploads are deleted after a week", () => {
  const rules = resources(
    homeStack(homeRegistry(orgs)).stack,
    "aws_s3_bucket_lifecycle_configuration",
  ).flatMap(({ rule }) => rule as Record<string, unknown>[]);
  expect(rules.flatMap((rule) => rule.abort_incomplete_multipart_upload ?? [])).toEqual(
    Array(2).fill({ days_after_initiation: 7 }),
  );
});

test("an account whose roles are named several times is one principal, as AWS keeps it", () => {
  const roles = ["one", "two"].map((name) => `arn:aws:iam::111111111111:role/${name}`);
  const state = { home: "home", assumedBy: { writer: roles } };
  const access = accessStack(homeRegistry([entry("na-prod", 1, { state })]).get("na-prod"));
  const trusts = resources(access, "aws_iam_role").map((role) => `${role.assume_role_policy}`);
  expect(trusts.find((trust) => trust.includes("role/two"))).toContain(
    '"Principal":{"AWS":["arn:aws:iam::111111111111:root"]}',
  );
});

test("an org that names another boundary has none created", () => {
  const boundaries = (permissionsBoundary?: string) => {
    const aws = { account: "111111111111", region: "us-east-1", permissionsBoundary };
    const access = accessStack(homeRegistry([entry("na-prod", 1, { aws })]).get("na-prod"));
    const names = resources(access, "aws_iam_policy").map(({ name }) => `${name}`);
    return names.filter((name) => name.endsWith("boundary"));
  };
  expect(boundaries()).toEqual(["genesys-na-prod-boundary"]);
  expect(boundaries("arn:aws:iam::111111111111:policy/of-the-company")).toEqual([]);
});

test("versions and access logs are kept for the given number of days", () => {
  const days = (props: Parameters<typeof homeStack>[1]) =>
    resources(homeStack(homeRegistry(orgs), props).stack, "aws_s3_bucket_lifecycle_configuration")
      .flatMap(
        ({ rule }) => rule as Record<string, { days?: number; noncurrent_days?: number }[]>[],
      )
      .flatMap((rule) => [
        rule.expiration?.[0]?.days,
        rule.noncurrent_version_expiration?.[0]?.noncurrent_days,
      ])
      .filter((value) => value !== undefined);
  expect(days({})).toEqual([365, 1, 365]);
  expect(days({ stateVersionDays: 90, accessLogDays: 30 })).toEqual([30, 1, 90]);
});

test("every version, every key and every table is protected from loss", () => {
  const state = { home: "home", lock: "both", ownLockTable: true } as const;
  const registry = homeRegistry([entry("na-prod", 1, { state })]);
  const access = accessStack(registry.get("na-prod"));
  const { stack } = homeStack(registry);
  for (const bucket of resources(stack, "aws_s3_bucket_versioning")) {
    expect(bucket.versioning_configuration).toEqual({ status: "Enabled" });
  }
  expect(resources(access, "aws_dynamodb_table")).toEqual([
    expect.objectContaining({
      deletion_protection_enabled: true,
      point_in_time_recovery: { enabled: true },
      lifecycle: { prevent_destroy: true },
    }),
  ]);
  for (const key of [...resources(access, "aws_kms_key"), ...resources(stack, "aws_kms_key")]) {
    expect(key).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
  }
});

test("a table that another home's orgs share is not made here, and roles elsewhere do not count", () => {
  const registry = homeRegistry([entry("na-prod", 1)]);
  const [home] = registry.homes;
  if (!home) throw new Error("there is no home");
  const elsewhere = { ...home, name: "elsewhere", account: "999999999999" };
  const others = Array.from({ length: 400 }, (_, index) => {
    const org = registry.get("na-prod");
    const state = { ...org.state, home: elsewhere, lockTable: "shared", ownLockTable: false };
    return { ...org, name: `other-${index}`, state };
  });
  const { stack, warnings } = homeStack({
    homes: [home],
    orgs: [...registry.orgs, ...others],
  } as never);
  expect(resources(stack, "aws_dynamodb_table")).toEqual([]);
  expect(warnings).toEqual([]);
});

test("a bucket's policy allows the roles of other accounts for this home's orgs that are not retired", () => {
  const trustedAccounts = ["222222222222"];
  const partners = (name: string) => ({
    home: "home",
    crossAccountRoles: { writer: [`arn:aws:iam::222222222222:role/${name}`] },
  });
  const registry = homeRegistry(
    [
      entry("na-prod", 1, { state: partners("partner") }),
      entry("eu-prod", 2, { state: partners("former-partner"), retired: true }),
      entry("apac-prod", 3, { state: partners("elsewhere") }),
    ],
    { trustedAccounts },
  );
  const [home] = registry.homes;
  if (!home) throw new Error("there is no home");
  const orgs = registry.orgs.map((org) =>
    org.name === "apac-prod"
      ? { ...org, state: { ...org.state, home: { ...home, name: "elsewhere" } } }
      : org,
  );
  const { stack } = homeStack({ homes: [home], orgs } as never);
  const policies = JSON.stringify(resources(stack, "aws_s3_bucket_policy"));
  expect(policies.match(/role\/[\w-]*(partner|elsewhere)/g)?.sort()).toEqual([
    "role/partner",
    "role/partner",
    "role/partner",
  ]);
});

test("the outputs have the names that `state record` looks for, wherever the constructs are", () => {
  const registry = homeRegistry(orgs);
  expect(Object.keys(homeStack(registry).stack.output)).toEqual(["kms_key_arn"]);
  expect(Object.keys(accessStack(registry.get("na-prod")).output)).toEqual(["kms_key_arn"]);
});
