import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { PolicyStatement } from "../aws/policy-document";
import { Policies } from "../policies";
import type { Home, Org } from "../registry/model";
import { bucketArn, tableArn } from "./arns";
import { LOCK_TABLES, stateChangeAlert, stateChangePattern } from "./state-access-events";

/** Properties of a {@link StateAccessTrail}. */
export interface StateAccessTrailProps {
  readonly home: Home;
  /** All orgs of the registry. */
  readonly orgs: readonly Org[];
  /** The policy that lets CloudTrail write to the home's bucket of logs. */
  readonly logPolicy: ITerraformDependable;
  /**
   * ARN of the SNS topic that is told of changes by others than the home's roles; may be a token.
   * @default - none: accesses are recorded only
   */
  readonly topicArn?: string;
}

const PREFIX = "trail";
const nameOf = (home: Home): string => `genesys-state-${home.name}`;
const arnOf = (home: Home): string =>
  `arn:${home.partition}:cloudtrail:${home.region}:${home.account}:trail/${nameOf(home)}`;

/**
 * Records each read and write of the states and locks of a home, with its caller, in the home's bucket of logs.
 * CloudTrail charges for each event. The table of locks has no other record of its readers.
 *
 * - digests show whether a log file was changed: CKV_AWS_36
 */
export class StateAccessTrail extends Construct {
  constructor(scope: Construct, id: string, props: StateAccessTrailProps) {
    super(scope, id);
    const { home, orgs, logPolicy, topicArn } = props;
    const dataOf = (name: string, type: string, arns: string) => ({
      name,
      fieldSelector: [
        { field: "eventCategory", equalTo: ["Data"] },
        { field: "resources.type", equalTo: [type] },
        { field: "resources.ARN", startsWith: [arns] },
      ],
    });
    const trail = new Cloudtrail(this, "trail", {
      name: nameOf(home),
      s3BucketName: home.logBucket,
      s3KeyPrefix: PREFIX,
      includeGlobalServiceEvents: false,
      enableLogFileValidation: true,
      advancedEventSelector: [
        dataOf("states", "AWS::S3::Object", `${bucketArn(home)}/`),
        dataOf("lock tables", "AWS::DynamoDB::Table", tableArn(home, LOCK_TABLES)),
      ],
      dependsOn: [logPolicy],
    });
    const waive = (rule: string, reason: string) => Policies.waive(trail, rule, reason);
    waive("CKV_AWS_35", "S3 can deliver the access logs in the same bucket only under SSE-S3");
    waive("CKV_AWS_67", "the home's bucket and tables are in one region");
    waive("CKV_AWS_252", "alerts come from EventBridge, not for each log file");
    waive("CKV2_AWS_10", "alerts come from EventBridge, not from a log group");
    if (topicArn === undefined) return;
    const rule = new CloudwatchEventRule(this, "changes", {
      name: `${nameOf(home)}-changed`,
      description: `${home.name}: tells of changes of states and locks by others than its roles`,
      eventPattern: JSON.stringify(stateChangePattern(home, orgs)),
      dependsOn: [trail],
    });
    new CloudwatchEventTarget(this, "alert", {
      rule: rule.name,
      targetId: "alert",
      arn: topicArn,
      inputTransformer: stateChangeAlert(home.name),
    });
  }

  /** Returns what CloudTrail needs in the policy of the home's bucket of logs. */
  static logDelivery(home: Home): PolicyStatement[] {
    const logs = `arn:${home.partition}:s3:::${home.logBucket}`;
    const statement = (
      Sid: string,
      action: string,
      resource: string,
      condition: Readonly<Record<string, string>> = {},
    ): PolicyStatement => ({
      Sid,
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: [action],
      Resource: [resource],
      Condition: { StringEquals: { "aws:SourceArn": arnOf(home), ...condition } },
    });
    return [
      statement("TrailAcl", "s3:GetBucketAcl", logs),
      statement("TrailDelivery", "s3:PutObject", `${logs}/${PREFIX}/AWSLogs/${home.account}/*`, {
        "s3:x-amz-acl": "bucket-owner-full-control",
      }),
    ];
  }
}
