import { entry } from "../support/sample-org";
import { accessStack, homeRegistry, homeStack, resources } from "../support/state-stacks";

const github = { repository: "example/platform", repositoryId: "719284305", ownerId: "48120977" };

describe("the OIDC provider for GitHub", () => {
  const providers = (home: Parameters<typeof homeRegistry>[1]) =>
    resources(
      homeStack(homeRegistry([entry("na-prod", 1)], home)).stack,
      "aws_iam_openid_connect_provider",
    );

  test("is created with a home that asks for it", () => {
    expect(providers({ github })).toEqual([
      expect.objectContaining({ url: "https://token.actions.githubusercontent.com" }),
    ]);
  });

  test("is not created if the account already has it", () => {
    expect(providers({ github: { ...github, existingOidcProvider: true } })).toEqual([]);
    expect(providers({})).toEqual([]);
  });
});

test("a home has a lock table exactly where an org shares it", () => {
  const tables = (state: Parameters<typeof entry>[2]) =>
    resources(homeStack(homeRegistry([entry("na-prod", 1, state)])).stack, "aws_dynamodb_table");
  expect(tables({ state: { home: "home" } })).toEqual([]);
  expect(tables({ state: { home: "home", lock: "both", ownLockTable: true } })).toEqual([]);
  expect(tables({ state: { home: "home", lock: "both" } })).toEqual([
    expect.objectContaining({ deletion_protection_enabled: true, hash_key: "LockID" }),
  ]);
});

describe("names of an org", () => {
  const state = { home: "home", lock: "both", ownLockTable: true } as const;
  const org = homeRegistry([entry("na-prod", 1, { state })]).get("na-prod");
  const stack = accessStack(org);

  test("in its access stack are the names that the registry derives", () => {
    expect(resources(stack, "aws_dynamodb_table")[0]?.name).toBe(org.state.lockTable);
    expect(resources(stack, "aws_kms_alias")[0]?.name).toBe(org.state.keyAlias);
    expect(resources(stack, "aws_iam_role").map(({ name }) => name)).toEqual([
      org.roles.reader,
      org.roles.unlocker,
      org.roles.writer,
    ]);
  });

  test("and its key are the tags that the home's bucket policy checks", () => {
    const [key] = Object.keys(stack.resource.aws_kms_key ?? {});
    for (const { tags } of resources(stack, "aws_iam_role")) {
      expect(tags).toEqual({
        "genesys-org": "na-prod",
        "genesys-state-key": `\${aws_kms_key.${key}.arn}`,
      });
    }
  });
});

test("states of homes and of access lie outside of every org's folder, under the home's key", () => {
  const registry = homeRegistry([entry("na-prod", 1)]);
  const home = homeStack(registry).stack.terraform.backend.s3;
  const access = accessStack(registry.get("na-prod")).terraform.backend.s3;
  expect([home?.key, access?.key]).toEqual([
    "home/terraform.tfstate",
    "access/na-prod/terraform.tfstate",
  ]);
  expect([home?.kms_key_id, access?.kms_key_id]).toEqual(
    Array(2).fill(registry.homes[0]?.kmsKeyArn),
  );
});

test("a home whose key is not recorded keeps its state in a local file, and names the next step", () => {
  const { homes } = homeRegistry([entry("na-prod", 1)]);
  const [home] = homes.map((each) => ({ ...each, kmsKeyArn: undefined }));
  const { stack, warnings } = homeStack({ homes: [home], orgs: [] } as never);
  // An app's synthesis gives a stack without a backend the local one.
  expect(stack.terraform.backend).toBeUndefined();
  expect(warnings).toEqual([
    "This stack's state is a local file: the record has no KMS key for home home. Run `genesys-orgs state bootstrap home`",
  ]);
});

test("the bucket's policy, which may lock its creator out, comes after all else of the bucket and the key", () => {
  const { stack } = homeStack(homeRegistry([entry("na", 1)]));
  const [policy] = resources(stack, "aws_s3_bucket_policy").filter(({ bucket }) =>
    `${bucket}`.includes("states"),
  );
  const [encryption] = resources(
    stack,
    "aws_s3_bucket_server_side_encryption_configuration",
  ).filter(({ bucket }) => `${bucket}`.includes("states"));
  const types = ((policy?.depends_on ?? []) as string[])
    .map((address) => address.split(".")[0])
    .sort();
  expect(types).toEqual([
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
  ]);
  expect(JSON.stringify(encryption)).toContain("${aws_kms_key.");
});
