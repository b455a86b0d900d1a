import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { policyJson } from "../../aws/policy-document";
import { Policies } from "../../policies";
import type { Org } from "../../registry/model";
import { SharedFile } from "../../stack/framework/shared-file";
import { executionPolicy, serviceTrust } from "../execution-policies";
import {
  functionNameOf,
  logGroupNameOf,
  type RotationFunctionName,
  secretArnPrefixOf,
} from "../rotation-names";
import { assetHash, lambdaZip } from "./lambda-zip";
import type { RoleBoundary } from "./role-boundary";

/** Properties of a {@link RotationFunction}. */
export interface RotationFunctionProps {
  readonly org: Org;
  readonly part: RotationFunctionName;
  readonly description: string;
  /** ARN of the master's secret, which may be a token. */
  readonly masterArn: string;
  /** That ARN, or a pattern that matches it alone. */
  readonly masterPattern: string;
  /** ARN of the key that encrypts the logs. */
  readonly kmsKeyArn: string;
  /**
   * ARN of the queue for events that could not be handled.
   * @default - none: the caller waits for the function's answer
   */
  readonly deadLettersArn?: string;
  /** Permissions boundary of the function's role. */
  readonly boundary?: RoleBoundary;
}

const LOG_RETENTION_DAYS = 365;
// The rotator waits until Genesys Cloud knows a new client: at most twice, for up to a minute.
const TIMEOUT_SECONDS = 300;

/**
 * Returns the variables that send calls of Genesys Cloud through a proxy. Node.js 24 reads them for `fetch`
 * alone, as a run with 24.22 showed: the AWS SDK has an agent of its own, so calls of AWS go directly.
 */
const proxied = (url: string) => ({ HTTPS_PROXY: url, NODE_USE_ENV_PROXY: "1" });

/** One of the two Lambda functions, with its code, role and log. */
export class RotationFunction extends Construct {
  readonly function: LambdaFunction;
  /** Resources that must exist before the function can work. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    const { org, part, masterArn, masterPattern, kmsKeyArn, deadLettersArn, boundary } = props;
    const { network } = org.rotation;
    const role = new IamRole(this, "role", {
      name: org.roles[part],
      description: `${org.name}: ${props.description}`,
      assumeRolePolicy: policyJson(serviceTrust(org, "lambda")),
      ...boundary,
    });
    const policy = new IamRolePolicy(this, "policy", {
      name: "rotation",
      role: role.name,
      policy: policyJson(executionPolicy(org, part, masterPattern, kmsKeyArn)),
    });
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: logGroupNameOf(org, part),
      retentionInDays: LOG_RETENTION_DAYS,
      kmsKeyId: kmsKeyArn,
    });
    const zip = lambdaZip(part);
    const code = new SharedFile(this, "code", {
      source: zip.path,
      hash: assetHash(zip.sha256),
    });
    this.function = new LambdaFunction(this, "function", {
      functionName: functionNameOf(org, part),
      description: `${org.name}: ${props.description}`,
      role: role.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: code.path,
      sourceCodeHash: zip.sha256,
      memorySize: 256,
      timeout: TIMEOUT_SECONDS,
      ...(network && {
        vpcConfig: {
          subnetIds: [...network.subnetIds],
          securityGroupIds: [...network.securityGroupIds],
        },
      }),
      ...(deadLettersArn !== undefined && { deadLetterConfig: { targetArn: deadLettersArn } }),
      loggingConfig: { logFormat: "Text", logGroup: logs.name },
      environment: {
        variables: {
          ORG: org.name,
          ORGANIZATION_ID: org.organizationId,
          GENESYS_REGION: org.genesysRegion,
          SECRET_ARN_PREFIX: secretArnPrefixOf(org),
          MASTER_SECRET_ARN: masterArn,
          MOST_CLIENTS: String(org.rotation.mostClients),
          WARN_CLIENTS: String(org.rotation.warnClients),
          ...(part === "reconciler" &&
            org.rotation.windows.length > 0 && {
              ROTATION_WINDOWS: JSON.stringify(org.rotation.windows),
            }),
          ...(org.rotation.dryRun && { DRY_RUN: "true" }),
          ...(org.rotation.proxy !== undefined && proxied(org.rotation.proxy)),
        },
      },
      // Its first run must find its permissions and its log.
      dependsOn: [policy, logs],
    });
    this.ready = [policy, logs, this.function];
    const waive = (rule: string, reason: string) => Policies.waive(this.function, rule, reason);
    if (!network) {
      waive(
        "CKV_AWS_117",
        "it calls AWS and Genesys Cloud over the internet, and nothing in a VPC",
      );
    }
    waive(
      "CKV_AWS_115",
      "concurrent runs are harmless, and reserved concurrency would be taken from other functions",
    );
    if (deadLettersArn === undefined) {
      waive("CKV_AWS_116", "Secrets Manager waits for its answer, so no event is ever left over");
    }
    waive("CKV_AWS_50", "its log shows all actions; traces would add nothing");
    waive("CKV_AWS_173", "its variables are names and limits, and AWS encrypts them anyway");
    waive("CKV_AWS_272", "the plan shows the SHA-256 of the code, which the package fixes");
  }
}
