import { loadSchemas } from "../../lib/rehearsal";
import {
  checkBackend,
  checkSchemas,
  type PreflightProps,
  secretVariables,
} from "../../lib/rehearsal/preflight";
import { installedBindings } from "../../lib/rehearsal/schemas/installed-bindings";
import type { StackJson } from "../../lib/terraform/stack-folder";
import { temporaryFolder } from "../support/folders";

const schemas = loadSchemas();
const known = { schemas, bindings: [] };
const check = (stack: StackJson, file = "f", props: PreflightProps = known) =>
  checkSchemas([stack], props, file);
const terraform = { required_providers: { aws: { source: "hashicorp/aws" } } };

test("a stack of known types passes", () => {
  const stack = {
    terraform,
    resource: { aws_kms_key: { k: {} } },
    data: { aws_caller_identity: { me: {} } },
  };
  expect(() => check(stack, "cdk.tf.json")).not.toThrow();
});

test("every type without a schema is named, with the fix", () => {
  const stack = { terraform, resource: { aws_vpc: { v: {} } }, data: { aws_sns_topic: { t: {} } } };
  expect(() => check(stack, "org-a/cdk.tf.json")).toThrow(
    `org-a/cdk.tf.json cannot be rehearsed: there is no schema of resource type aws_vpc in ${schemas.folder}; there is no schema of data source type aws_sns_topic in ${schemas.folder}. Correct the name, or install the provider's bindings ("npm install @cdktf/provider-<name>")`,
  );
});

test("the installed bindings that lack a type as well are named with it", () => {
  const bindings = installedBindings(process.cwd());
  const aws = bindings.find(({ source }) => source.endsWith("/hashicorp/aws"));
  const stack = { terraform, resource: { aws_no_such_thing: { t: {} } } };
  expect(() => check(stack, "f", { schemas, bindings })).toThrow(
    `there is no schema of resource type aws_no_such_thing in ${schemas.folder} and ${aws?.name}.`,
  );
});

test("the types of a `check` block and of its own provider are found", () => {
  const data = { aws_vpc: { v: { provider: "aws.other" } } };
  expect(() => check({ terraform, check: { c: { data } } })).toThrow("data source type aws_vpc");
  const google = { google_storage_bucket: { b: { provider: "google-beta" } } };
  expect(() => check({ resource: google })).toThrow("the provider google-beta (");
});

test("a provider without a schema is named", () => {
  const stack = { terraform: { required_providers: { random: { source: "hashicorp/random" } } } };
  expect(() => check(stack, "cdk.tf.json")).toThrow(
    "there is no schema of the provider random (registry.terraform.io/hashicorp/random)",
  );
});

test.each(["aws", "hashicorp/aws", "HashiCorp/AWS", "registry.opentofu.org/hashicorp/aws"])(
  "a provider with the source %s is HashiCorp's, as in Terraform",
  (source) => {
    const stack = { terraform: { required_providers: { aws: { source } } } };
    expect(() => check(stack, "cdk.tf.json")).not.toThrow();
  },
);

test("a provider of another registry is another provider", () => {
  const source = "registry.example.com/hashicorp/aws";
  const stack = { terraform: { required_providers: { aws: { source } } } };
  expect(() => check(stack, "cdk.tf.json")).toThrow(
    "there is no schema of the provider aws (registry.example.com/hashicorp/aws)",
  );
});

test("a provider that a stack uses without naming its source is HashiCorp's", () => {
  expect(() => check({ resource: { null_resource: { n: {} } } }, "f")).toThrow(
    "there is no schema of the provider null (registry.terraform.io/hashicorp/null)",
  );
  const aliased = { d: { provider: "other.alias" } };
  expect(() => check({ data: { aws_caller_identity: aliased } }, "f")).toThrow(
    "there is no schema of the provider other (registry.terraform.io/hashicorp/other)",
  );
});

test("a type that is built into Terraform needs no schema", () => {
  expect(() => check({ resource: { terraform_data: { d: {} } } }, "f")).not.toThrow();
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
