import { loadSchemas } from "../../lib/rehearsal";
import { checkBackend, checkSchemas, secretVariables } from "../../lib/rehearsal/preflight";
import { temporaryFolder } from "../support/folders";

const schemas = loadSchemas();
const terraform = { required_providers: { aws: { source: "hashicorp/aws" } } };

test("a stack of known types passes", () => {
  const stack = {
    terraform,
    resource: { aws_kms_key: { k: {} } },
    data: { aws_caller_identity: { me: {} } },
  };
  expect(() => checkSchemas(stack, schemas, "cdk.tf.json")).not.toThrow();
});

test("every type without a schema is named, with the fix", () => {
  const stack = { terraform, resource: { aws_vpc: {} }, data: { aws_sns_topic: {} } };
  expect(() => checkSchemas(stack, schemas, "org-a/cdk.tf.json")).toThrow(
    `org-a/cdk.tf.json: resource type aws_vpc has no schema in ${schemas.folder}; data source type aws_sns_topic has no schema in ${schemas.folder}. Add the missing entries to schemas/in-use.json and run \`npm run schemas\``,
  );
});

test("a provider without a schema is named", () => {
  const stack = { terraform: { required_providers: { random: { source: "hashicorp/random" } } } };
  expect(() => checkSchemas(stack, schemas, "cdk.tf.json")).toThrow(
    "provider random (registry.terraform.io/hashicorp/random) has no schema",
  );
});

test.each(["aws", "hashicorp/aws", "HashiCorp/AWS", "registry.opentofu.org/hashicorp/aws"])(
  "a provider with the source %s is HashiCorp's, as in Terraform",
  (source) => {
    const stack = { terraform: { required_providers: { aws: { source } } } };
    expect(() => checkSchemas(stack, schemas, "cdk.tf.json")).not.toThrow();
  },
);

test("a provider of another registry is another provider", () => {
  const source = "registry.example.com/hashicorp/aws";
  const stack = { terraform: { required_providers: { aws: { source } } } };
  expect(() => checkSchemas(stack, schemas, "cdk.tf.json")).toThrow(
    "provider aws (registry.example.com/hashicorp/aws) has no schema",
  );
});

test("a provider that a stack uses without naming its source is HashiCorp's", () => {
  expect(() => checkSchemas({ resource: { null_resource: { n: {} } } }, schemas, "f")).toThrow(
    "provider null (registry.terraform.io/hashicorp/null) has no schema",
  );
  const aliased = { d: { provider: "other.alias" } };
  expect(() => checkSchemas({ data: { aws_caller_identity: aliased } }, schemas, "f")).toThrow(
    "provider other (registry.terraform.io/hashicorp/other) has no schema",
  );
});

test("a type that is built into Terraform needs no schema", () => {
  expect(() =>
    checkSchemas({ resource: { terraform_data: { d: {} } } }, schemas, "f"),
  ).not.toThrow();
});

test("a folder without schemas is refused", () => {
  expect(() => loadSchemas(temporaryFolder())).toThrow(/has no provider schema/);
});

test("arguments that the S3 backend does not have are named", () => {
  const s3 = { bucket: "b", key: "k", role_arn: "arn", use_lockfile: true, versioning: true };
  expect(() => checkBackend({ terraform: { backend: { s3 } } }, "org-a/cdk.tf.json")).toThrow(
    "org-a/cdk.tf.json: the s3 backend of Terraform 1.11 has no argument role_arn, versioning; remove it",
  );
  expect(() => checkBackend({ terraform: { backend: {} } }, "f")).not.toThrow();
});

test("the secret variables are those that are sensitive or ephemeral and take any text", () => {
  const variable = {
    plain: { type: "string" },
    password: { type: "string", sensitive: true },
    token: { ephemeral: true },
    ports: { type: "list(number)", sensitive: true },
  };
  expect(secretVariables({ variable })).toEqual(["password", "token"]);
});
