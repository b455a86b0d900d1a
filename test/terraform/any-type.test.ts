import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Password } from "@cdktf/provider-random/lib/password";
import { Pet } from "@cdktf/provider-random/lib/pet";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { AssetType, TerraformAsset, TerraformHclModule } from "cdktf";
import type { OrgStack } from "../../lib";
import { rehearse } from "../../lib/rehearsal";
import { temporaryFolder } from "../support/folders";
import { synthesize } from "../support/rehearsal";
import { entry, registryOf } from "../support/sample-org";
import { describeWithTerraform } from "../support/terraform";

const REFERENCE = (expression: string) => `$\{${expression}}`;

async function rehearsed(add: (stack: OrgStack) => void) {
  const { world, folderOf } = synthesize(registryOf(entry("na-prod", 0)), add);
  const stacks = [{ stack: "org-na-prod", org: "na-prod", folder: folderOf("na-prod") }];
  const [result] = await rehearse({ stacks, world });
  if (!result) throw new Error("the rehearsal has no result");
  return result;
}

/** A user's files. */
function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function usersLambda(stack: OrgStack): void {
  const assumeRolePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  });
  const role = new IamRole(stack, "worker", { name: "worker", assumeRolePolicy });
  const code = new TerraformAsset(stack, "code", {
    path: folderWith({ "index.js": "exports.handler = async () => {};\n" }),
    type: AssetType.ARCHIVE,
  });
  const topic = new SnsTopic(stack, "calls", { name: "calls", contentBasedDeduplication: false });
  const worker = new LambdaFunction(stack, "function", {
    functionName: "worker",
    role: role.arn,
    filename: code.path,
    sourceCodeHash: code.assetHash,
    handler: "index.handler",
    runtime: "nodejs22.x",
    architectures: ["arm64"],
    memorySize: 512,
    timeout: 60,
    environment: { variables: { TOPIC: topic.arn } },
    tracingConfig: { mode: "Active" },
    ephemeralStorage: { size: 1024 },
    deadLetterConfig: { targetArn: topic.arn },
  });
  new SnsTopicSubscription(stack, "subscription", {
    topicArn: topic.arn,
    protocol: "lambda",
    endpoint: worker.arn,
  });
}

function usersTable(stack: OrgStack): void {
  new DynamodbTable(stack, "calls-table", {
    name: "calls",
    billingMode: "PROVISIONED",
    readCapacity: 5,
    writeCapacity: 5,
    hashKey: "id",
    rangeKey: "at",
    attribute: [
      { name: "id", type: "S" },
      { name: "at", type: "N" },
      { name: "queue", type: "S" },
    ],
    globalSecondaryIndex: [
      {
        name: "by-queue",
        hashKey: "queue",
        projectionType: "INCLUDE",
        nonKeyAttributes: ["note"],
        readCapacity: 1,
        writeCapacity: 1,
      },
    ],
    localSecondaryIndex: [{ name: "by-time", rangeKey: "queue", projectionType: "KEYS_ONLY" }],
    ttl: { attributeName: "expires", enabled: true },
    streamEnabled: true,
    streamViewType: "NEW_AND_OLD_IMAGES",
    replica: [{ regionName: "eu-west-1", pointInTimeRecovery: true }],
    tableClass: "STANDARD_INFREQUENT_ACCESS",
  });
}

describeWithTerraform("a rehearsal without printed schemas", () => {
  test("runs types of an installed provider by derived schemas, and names them", async () => {
    const result = await rehearsed((stack) => {
      usersLambda(stack);
      usersTable(stack);
      new RandomProvider(stack, "random");
      const pet = new Pet(stack, "pet", { length: 2, keepers: { team: "crm" } });
      new SnsTopic(stack, "named", { displayName: pet.id });
    });
    expect(result).toMatchObject({ error: undefined, secondPlanEmpty: true, secretBytes: 0 });
    expect(result.derivedSchemas).toEqual(["aws_sns_topic_subscription", "random_pet"]);
  });

  test("refuses a managed random_password by its name, at synth", () => {
    expect(() =>
      synthesize(registryOf(entry("na-prod", 0)), (stack) => {
        new RandomProvider(stack, "random");
        new Password(stack, "password", { length: 32 });
      }),
    ).toThrow(/GO-SECRET-IN-STATE: random_password stores the secret that it creates/);
  });

  test("runs an ephemeral random_password, whose value goes into a write-only argument", async () => {
    const result = await rehearsed((stack) => {
      new RandomProvider(stack, "random");
      stack.addOverride("ephemeral.random_password.smtp", { length: 32 });
      const secret = new SecretsmanagerSecret(stack, "smtp", {
        name: "/genesys/production/na-prod/smtp",
      });
      new SecretsmanagerSecretVersion(stack, "value", {
        secretId: secret.id,
        secretStringWo: REFERENCE("ephemeral.random_password.smtp.result"),
        secretStringWoVersion: 1,
      });
    });
    expect(result).toMatchObject({ error: undefined, secondPlanEmpty: true, secretBytes: 0 });
    expect(result.derivedSchemas).toEqual(["ephemeral random_password"]);
  });

  test.each([
    ["its own folder", (_stack: OrgStack, path: string) => path],
    [
      "an asset",
      (stack: OrgStack, path: string) =>
        `./${new TerraformAsset(stack, "module", { path, type: AssetType.DIRECTORY }).path}`,
    ],
  ])(
    "runs a local module of HCL in %s, with types, files and a module of its own",
    async (_, sourceOf) => {
      const folder = folderWith({
        "main.tf": `# A brace in a comment: {
terraform {
  required_providers {
    aws    = { source = "hashicorp/aws" }
    random = {
      source = "hashicorp/random"
    }
  }
}

variable "team" {
  default = "crm {"
}

resource "random_pet" "name" {
  keepers = { team = "\${var.team}" }
}

resource "aws_sqs_queue" "work" {
  name   = "work-\${random_pet.name.id}"
  policy = file("\${path.module}/policy.json")
}

module "alarm" {
  source = "./alarm"
  queue  = aws_sqs_queue.work.name
}
`,
        "policy.json": JSON.stringify({ Version: "2012-10-17", Statement: [] }),
      });
      mkdirSync(join(folder, "alarm"));
      writeFileSync(
        join(folder, "alarm/main.tf"),
        'variable "queue" {}\n\nresource "aws_ecr_repository" "alarm" {\n  name = "alarm-${var.queue}"\n}\n',
      );
      const result = await rehearsed((stack) => {
        new RandomProvider(stack, "random");
        const source = sourceOf(stack, folder);
        const skipAssetCreationFromLocalModules = true;
        new TerraformHclModule(stack, "work", { source, skipAssetCreationFromLocalModules });
      });
      expect(result).toMatchObject({ error: undefined, secondPlanEmpty: true });
      expect(result.derivedSchemas).toEqual(["aws_ecr_repository", "random_pet"]);
    },
  );
});
