// What rotates the OAuth clients of one organisation: two functions with their code, roles and
// logs, a key, a schedule, alarms, and the credential that they work with.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import {
  AssetType,
  type ITerraformDependable,
  TerraformAsset,
  TerraformResource,
  type TerraformStack,
} from "cdktf";
import { Construct } from "constructs";
import type { Client, Org } from "./org";

type Part = "rotator" | "reconciler";

const zips = join(__dirname, "../../dist/lambda");
const sums: Record<`${Part}.zip`, string> = JSON.parse(
  readFileSync(join(zips, "sha256.json"), "utf8"),
);

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

/** What bounds every role of an organisation. */
const boundaryOf = ({ name, aws }: Org) =>
  `arn:aws:iam::${aws.account}:policy/genesys-${name}-boundary`;

/** The condition of a Vault entry that has to be this organisation's. */
export const entryOfOrg = (org: Org) => ({
  condition: `\${lower(try(self.data["org_id"], "")) == "${org.organizationId}"}`,
  error_message: `The credential in Vault is not that of ${org.name}`,
});

export class OrgRotation extends Construct {
  readonly keyArn: string;
  private readonly rotator: LambdaFunction;
  private readonly reconciler: LambdaFunction;
  private readonly readyToRotate: ITerraformDependable[] = [];

  constructor(
    private readonly stack: TerraformStack,
    private readonly org: Org,
  ) {
    super(stack, "rotation");
    const { account, region } = org.aws;
    const secrets = `arn:aws:secretsmanager:${region}:${account}:secret:/genesys/${org.environment}/${org.name}/*`;
    const parameters = `arn:aws:ssm:${region}:${account}:parameter/genesys/${org.environment}/${org.name}`;

    const key = this.secretsKey();
    this.keyArn = key.arn;
    const master = this.master();
    const deadLetters = new SqsQueue(this, "dead-letters", {
      name: `genesys-${org.name}-dead-letters`,
      messageRetentionSeconds: 14 * 24 * 3600,
      sqsManagedSseEnabled: true,
    });

    this.rotator = this.function("rotator", master.arn, deadLetters.arn, [
      {
        Sid: "Rotate",
        Effect: "Allow",
        Action: [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:ListSecretVersionIds",
          "secretsmanager:PutSecretValue",
          "secretsmanager:UpdateSecretVersionStage",
        ],
        Resource: secrets,
        Condition: {
          ArnEquals: {
            "secretsmanager:resource/AllowRotationLambdaArn": `arn:aws:lambda:${region}:${account}:function:genesys-${org.name}-rotator`,
          },
        },
      },
      {
        Sid: "Specification",
        Effect: "Allow",
        Action: "ssm:GetParameters",
        Resource: `${parameters}/*`,
      },
    ]);
    this.reconciler = this.function("reconciler", master.arn, deadLetters.arn, [
      {
        Sid: "Compare",
        Effect: "Allow",
        Action: ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
        Resource: secrets,
      },
      {
        Sid: "Specifications",
        Effect: "Allow",
        Action: "ssm:GetParametersByPath",
        Resource: [parameters, `${parameters}/*`],
      },
      {
        Sid: "Retirements",
        Effect: "Allow",
        Action: ["ssm:DeleteParameter", "ssm:PutParameter"],
        Resource: `${parameters}/*/retirement`,
      },
    ]);
    this.readyToRotate.push(
      this.rotator,
      new LambdaPermission(this, "invoke-permission", {
        functionName: this.rotator.functionName,
        action: "lambda:InvokeFunction",
        principal: "secretsmanager.amazonaws.com",
        sourceAccount: account,
        sourceArn: secrets,
      }),
    );
    this.runReconciler(secrets, deadLetters);
    this.alarms();
  }

  /** Rotates the credential of one client, from its birth on. */
  rotate(
    client: Client,
    clientName: string,
    secret: SecretsmanagerSecret,
    secretPolicy: SecretsmanagerSecretPolicy,
    roleDivisions: { roleId: string; divisionId: string }[],
  ): void {
    const rotationDays = client.classification?.rotationDays ?? 30;
    const specification = new SsmParameter(this.stack, `${client.name}-specification`, {
      name: `/genesys/${this.org.environment}/${this.org.name}/${client.name}/specification`,
      description: `What the OAuth client ${clientName} is to be`,
      type: "String",
      tier: "Intelligent-Tiering",
      value: JSON.stringify({
        secretArn: secret.arn,
        clientName,
        roleDivisions,
        accessTokenValiditySeconds: client.accessTokenValiditySeconds ?? 3600,
        rotationDays,
      }),
    });
    const rotation = new SecretsmanagerSecretRotation(this.stack, `${client.name}-rotation`, {
      secretId: secret.arn,
      rotationLambdaArn: this.rotator.arn,
      rotateImmediately: true,
      rotationRules: { scheduleExpression: `rate(${rotationDays} days)` },
      dependsOn: [...this.readyToRotate, secretPolicy, specification],
    });
    this.refuseDestroy(`${client.name}-retired-before-destroy`, { credential: client.name }, [
      rotation,
    ]);
  }

  /** Nothing in the stack is destroyed while one of its clients is alive; to be called last. */
  guardStack(): void {
    const everything = this.stack.node.findAll().filter(TerraformResource.isTerraformResource);
    this.refuseDestroy("retired-before-destroy", {}, everything);
  }

  private refuseDestroy(id: string, input: object, dependsOn: ITerraformDependable[]): void {
    new LambdaInvocation(this.stack, id, {
      functionName: this.reconciler.functionName,
      input: JSON.stringify(input),
      lifecycleScope: "CRUD",
      dependsOn,
    });
  }

  private secretsKey(): KmsKey {
    const { org } = this;
    const { account, region } = org.aws;
    const consumers = org.oauthClients.flatMap((client) => client.consumers);
    const readers = [...new Set([account, ...consumers.map((arn) => arn.split(":")[4] as string)])];
    const throughSecretsManager = (accounts: string[]) => ({
      StringEquals: {
        "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
        "kms:CallerAccount": accounts,
      },
    });
    const key = new KmsKey(this, "key", {
      description: `Secrets of ${org.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policy(
        {
          Sid: "Administer",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: [
            "kms:CancelKeyDeletion",
            "kms:Create*",
            "kms:DeleteAlias",
            "kms:Describe*",
            "kms:Disable*",
            "kms:Enable*",
            "kms:Get*",
            "kms:List*",
            "kms:Put*",
            "kms:Revoke*",
            "kms:ScheduleKeyDeletion",
            "kms:TagResource",
            "kms:UntagResource",
            "kms:Update*",
          ],
          Resource: "*",
        },
        {
          Sid: "Read",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: throughSecretsManager(readers),
        },
        {
          Sid: "Write",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: ["kms:DescribeKey", "kms:GenerateDataKey"],
          Resource: "*",
          Condition: throughSecretsManager([account]),
        },
        {
          Sid: "Logs",
          Effect: "Allow",
          Principal: { Service: `logs.${region}.amazonaws.com` },
          Action: [
            "kms:Decrypt*",
            "kms:Describe*",
            "kms:Encrypt*",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*",
          ],
          Resource: "*",
          Condition: {
            ArnEquals: {
              "kms:EncryptionContext:aws:logs:arn": ["rotator", "reconciler"].map(
                (part) =>
                  `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/genesys-${org.name}-${part}`,
              ),
            },
          },
        },
      ),
      tags: { "genesys-secrets-of": org.name },
    });
    new KmsAlias(this, "key-alias", {
      name: `alias/genesys-secrets/${org.name}`,
      targetKeyId: key.keyId,
    });
    return key;
  }

  /** The credential that the rotator works with, from Vault into Secrets Manager. */
  private master(): SecretsmanagerSecret {
    const { org, stack } = this;
    const planning = `var.genesys_credential == "planner"`;
    const entries = `genesys/${org.environment}/${org.name}`;
    const entry = "ephemeral.vault_kv_secret_v2.master";
    stack.addOverride(entry, {
      mount: "secret",
      name: `\${${planning} ? "${entries}/planner" : "${entries}/master"}`,
      version: `\${${planning} ? null : 1}`,
      lifecycle: {
        postcondition: [
          entryOfOrg(org),
          {
            condition: `\${!(terraform.applying && ${planning})}`,
            error_message: "The planner's credential can plan, and not apply.",
          },
        ],
      },
    });
    const secret = new SecretsmanagerSecret(this, "master", {
      name: `/genesys/${org.environment}/${org.name}/_master`,
      description: `What the rotator of ${org.name} works with`,
      kmsKeyId: this.keyArn,
      recoveryWindowInDays: 0,
    });
    const secretPolicy = new SecretsmanagerSecretPolicy(this, "master-policy", {
      secretArn: secret.arn,
      blockPublicPolicy: true,
      policy: policy({
        Sid: "NobodyElseReads",
        Effect: "Deny",
        Principal: "*",
        Action: "secretsmanager:GetSecretValue",
        Resource: "*",
        Condition: {
          ArnNotEquals: {
            "aws:PrincipalArn": ["rotator", "reconciler"].map(
              (part) => `arn:aws:iam::${org.aws.account}:role/genesys-${org.name}-${part}`,
            ),
          },
        },
      }),
    });
    const version = new SecretsmanagerSecretVersion(this, "master-version", {
      secretId: secret.arn,
      secretStringWo: `\${${entry}.data_json}`,
      secretStringWoVersion: 1,
      dependsOn: [secretPolicy],
    });
    this.readyToRotate.push(version, secretPolicy);
    return secret;
  }

  private function(
    part: Part,
    masterArn: string,
    deadLettersArn: string,
    statements: object[],
  ): LambdaFunction {
    const { org } = this;
    const { account, region } = org.aws;
    const name = `genesys-${org.name}-${part}`;
    const role = new IamRole(this, `${part}-role`, {
      name,
      description: `${org.name}: role of the ${part}`,
      assumeRolePolicy: policy({
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
      permissionsBoundary: boundaryOf(org),
    });
    const rolePolicy = new IamRolePolicy(this, `${part}-policy`, {
      name: "rotation",
      role: role.name,
      policy: policy(
        ...statements,
        {
          Sid: "Master",
          Effect: "Allow",
          Action: "secretsmanager:GetSecretValue",
          Resource: masterArn,
        },
        {
          Sid: "SecretsKey",
          Effect: "Allow",
          Action: part === "rotator" ? ["kms:Decrypt", "kms:GenerateDataKey"] : "kms:Decrypt",
          Resource: this.keyArn,
          Condition: {
            StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
          },
        },
        {
          Sid: "Logs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/${name}:*`,
        },
        {
          Sid: "DeadLetters",
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Resource: deadLettersArn,
        },
      ),
    });
    const logs = new CloudwatchLogGroup(this, `${part}-logs`, {
      name: `/aws/lambda/${name}`,
      retentionInDays: 365,
      kmsKeyId: this.keyArn,
    });
    const sum = sums[`${part}.zip`];
    const code = new TerraformAsset(this, `${part}-code`, {
      path: join(zips, `${part}.zip`),
      type: AssetType.FILE,
      assetHash: Buffer.from(sum, "base64").toString("hex"),
    });
    if (part === "rotator") this.readyToRotate.push(rolePolicy, logs);
    return new LambdaFunction(this, part, {
      functionName: name,
      description: `${org.name}: ${part} of OAuth clients`,
      role: role.arn,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: code.path,
      sourceCodeHash: sum,
      memorySize: 256,
      timeout: 300,
      deadLetterConfig: { targetArn: deadLettersArn },
      loggingConfig: { logFormat: "Text", logGroup: logs.name },
      environment: {
        variables: {
          ORG: org.name,
          ORGANIZATION_ID: org.organizationId,
          GENESYS_REGION: org.genesysRegion,
          SECRET_ARN_PREFIX: `arn:aws:secretsmanager:${region}:${account}:secret:/genesys/${org.environment}/${org.name}/`,
          MASTER_SECRET_ARN: masterArn,
          MOST_CLIENTS: "500",
          WARN_CLIENTS: "50",
        },
      },
      dependsOn: [rolePolicy, logs],
    });
  }

  /** Every hour, and whenever a label of a secret moves. */
  private runReconciler(secrets: string, deadLetters: SqsQueue): void {
    const { org, reconciler } = this;
    const name = `genesys-${org.name}-reconciler`;
    const role = new IamRole(this, "scheduler-role", {
      name: `genesys-${org.name}-scheduler`,
      description: `${org.name}: starts the reconciler`,
      assumeRolePolicy: policy({
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": org.aws.account } },
      }),
      permissionsBoundary: boundaryOf(org),
    });
    const rolePolicy = new IamRolePolicy(this, "scheduler-policy", {
      name: "schedule",
      role: role.name,
      policy: policy(
        {
          Sid: "Reconcile",
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: reconciler.arn,
        },
        {
          Sid: "DeadLetters",
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Resource: deadLetters.arn,
        },
      ),
    });
    new SchedulerSchedule(this, "schedule", {
      name,
      description: `${org.name}: retires OAuth clients`,
      scheduleExpression: "rate(1 hour)",
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 },
      target: {
        arn: reconciler.arn,
        roleArn: role.arn,
        deadLetterConfig: { arn: deadLetters.arn },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
      },
      dependsOn: [rolePolicy],
    });
    const rule = new CloudwatchEventRule(this, "label-rule", {
      name,
      description: `${org.name}: a label of a secret moved`,
      eventPattern: JSON.stringify({
        source: ["aws.secretsmanager"],
        "detail-type": ["Secret Label Updated"],
        resources: [{ prefix: secrets.replace(/\*$/, "") }],
      }),
    });
    const permission = new LambdaPermission(this, "label-permission", {
      functionName: reconciler.functionName,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(this, "label-target", {
      rule: rule.name,
      arn: reconciler.arn,
      dependsOn: [permission],
    });
    new LambdaFunctionEventInvokeConfig(this, "retries", {
      functionName: reconciler.functionName,
      maximumEventAgeInSeconds: 3600,
      maximumRetryAttempts: 1,
    });
  }

  private alarms(): void {
    const { name } = this.org;
    const ours = { namespace: "GenesysOrgs", dimensions: { Org: name } };
    const aboveZero = {
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    };
    new CloudwatchMetricAlarm(this, "rotation-failed", {
      alarmName: `genesys-${name}-rotation-failed`,
      alarmDescription: `${name}: a step of a rotation failed; see the log of genesys-${name}-rotator`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: `genesys-${name}-rotator` },
      statistic: "Sum",
      period: 300,
      ...aboveZero,
    });
    new CloudwatchMetricAlarm(this, "rotation-overdue", {
      alarmName: `genesys-${name}-rotation-overdue`,
      alarmDescription: `${name}: a credential is older than it may be`,
      ...ours,
      metricName: "OverdueCredentials",
      statistic: "Maximum",
      period: 3600,
      ...aboveZero,
    });
    new CloudwatchMetricAlarm(this, "client-lost", {
      alarmName: `genesys-${name}-client-lost`,
      alarmDescription: `${name}: the current value of a credential has no client`,
      ...ours,
      metricName: "LostClients",
      statistic: "Minimum",
      period: 3600,
      ...aboveZero,
      evaluationPeriods: 2,
    });
    new CloudwatchMetricAlarm(this, "reconciler-silent", {
      alarmName: `genesys-${name}-reconciler-silent`,
      alarmDescription: `${name}: the reconciler does not run; see the log of genesys-${name}-reconciler`,
      ...ours,
      metricName: "ManagedClients",
      statistic: "SampleCount",
      period: 3600,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 3,
      treatMissingData: "breaching",
    });
    new CloudwatchMetricAlarm(this, "clients", {
      alarmName: `genesys-${name}-clients`,
      alarmDescription: `${name}: the organisation has 50 OAuth clients or more`,
      ...ours,
      metricName: "ClientHeadroom",
      statistic: "Minimum",
      period: 3600,
      comparisonOperator: "LessThanOrEqualToThreshold",
      threshold: 450,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
    new CloudwatchMetricAlarm(this, "dead-letters-alarm", {
      alarmName: `genesys-${name}-dead-letters`,
      alarmDescription: `${name}: a run of rotator or reconciler was given up`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: `genesys-${name}-dead-letters` },
      statistic: "Maximum",
      period: 300,
      ...aboveZero,
    });
  }
}
