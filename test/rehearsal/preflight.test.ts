import { loadSchemas } from "../../lib/rehearsal";
import { checkSchemas } from "../../lib/rehearsal/preflight";
import { temporaryFolder } from "../support/folders";

const schemas = loadSchemas();
const terraform = { required_providers: { aws: { source: "hashicorp/aws" } } };

test("a stack of known types passes", () => {
  const stack = { terraform, resource: { aws_kms_key: {} }, data: { aws_caller_identity: {} } };
  expect(() => checkSchemas(stack, schemas, "cdk.tf.json")).not.toThrow();
});

test("every type without a schema is named, with what to do", () => {
  const stack = { terraform, resource: { aws_vpc: {} }, data: { aws_sns_topic: {} } };
  expect(() => checkSchemas(stack, schemas, "org-a/cdk.tf.json")).toThrow(
    `org-a/cdk.tf.json: resource type aws_vpc has no schema in ${schemas.folder}; data source type aws_sns_topic has no schema in ${schemas.folder}. Add what is missing to schemas/in-use.json and run \`npm run schemas\``,
  );
});

test("a provider without a schema is named", () => {
  const stack = { terraform: { required_providers: { random: { source: "hashicorp/random" } } } };
  expect(() => checkSchemas(stack, schemas, "cdk.tf.json")).toThrow(
    "provider random (registry.terraform.io/hashicorp/random) has no schema",
  );
});

test("what Terraform has built in needs none", () => {
  expect(() => checkSchemas({ resource: { terraform_data: {} } }, schemas, "f")).not.toThrow();
});

test("a folder without schemas is refused", () => {
  expect(() => loadSchemas(temporaryFolder())).toThrow(/has no provider schema/);
});
