import type { Synthesized } from "../support/state-stacks";
import { arn, org, roleArn, secretArn, secretsKeyArn } from "./deployment";
import { context, of } from "./resources";

/** A call of AWS, as AWS compares it with policies. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/** What Terraform does with the objects of a stack. */
export type Run = "plan" | "apply";

type Block = Readonly<Record<string, unknown>>;

interface TypeCalls {
  /** Calls that read an object. */
  readonly read: readonly Call[];
  /** Further calls that create it, change it, and delete it. */
  readonly write: readonly Call[];
}

const on = (
  resource: string,
  actions: string,
  more: Call["context"] = {},
  service = resource.split(":")[2],
): Call[] =>
  actions.split(" ").map((action) => ({
    action: action.includes(":") ? action : `${service}:${action}`,
    resource,
    context: more,
  }));

const alarms = (block: Block) => arn("cloudwatch", `alarm:${block.alarm_name}`);
const lambda = ({ function_name: name }: Block) => arn("lambda", `function:${name}`);
const logGroup = (name: unknown) => arn("logs", `log-group:${name}`);
const rule = (bus: unknown, name: unknown) =>
  arn("events", `rule/${bus === undefined ? "" : `${bus}/`}${name}`);
const bounded = { "iam:PermissionsBoundary": of.boundary };

/**
 * The calls of the provider hashicorp/aws by types of resources. They were recorded from version 5.100.0, which
 * planned, created, changed and destroyed the sample org na-prod against moto; changes that this run did not make
 * are added by hand. Since 6.26, the provider lists versions in place of reading a write-only value
 * (hashicorp/terraform-provider-aws#44876).
 */
const TYPES: Readonly<Record<string, (block: Block) => TypeCalls>> = {
  aws_cloudwatch_dashboard: ({ dashboard_name: name }) => {
    const dashboard = arn("cloudwatch", `dashboard/${name}`).replace("us-east-1", "");
    return {
      read: on(dashboard, "GetDashboard"),
      write: on(dashboard, "PutDashboard DeleteDashboards"),
    };
  },
  aws_cloudwatch_event_rule: ({ event_bus_name: bus, name, event_pattern: text }) => {
    const pattern = JSON.parse(`${text}`);
    const events = {
      "events:source": pattern.source,
      "events:detail-type": pattern["detail-type"],
    };
    return {
      read: on(rule(bus, name), "DescribeRule ListTagsForResource"),
      write: [
        ...on(rule(bus, name), "PutRule", events),
        ...on(rule(bus, name), "TagResource UntagResource DeleteRule"),
      ],
    };
  },
  aws_cloudwatch_event_target: ({ event_bus_name: bus, rule: name, arn: target }) => ({
    read: on(rule(bus, name), "ListTargetsByRule"),
    write: [
      ...on(rule(bus, name), "PutTargets", { "events:TargetArn": [`${target}`] }),
      ...on(rule(bus, name), "RemoveTargets"),
    ],
  }),
  aws_cloudwatch_log_group: ({ name }) => ({
    read: [...on("*", "logs:DescribeLogGroups"), ...on(logGroup(name), "ListTagsForResource")],
    write: on(
      logGroup(name),
      "CreateLogGroup PutRetentionPolicy AssociateKmsKey TagResource UntagResource DeleteLogGroup",
    ),
  }),
  aws_cloudwatch_log_metric_filter: ({ log_group_name: name }) => ({
    read: on(logGroup(name), "DescribeMetricFilters"),
    write: on(logGroup(name), "PutMetricFilter DeleteMetricFilter"),
  }),
  aws_cloudwatch_metric_alarm: (block) => ({
    read: [
      ...on(arn("cloudwatch", "alarm:of-others"), "DescribeAlarms"),
      ...on(alarms(block), "ListTagsForResource"),
    ],
    write: on(alarms(block), "PutMetricAlarm TagResource UntagResource DeleteAlarms"),
  }),
  aws_iam_role: ({ name }) => ({
    read: on(roleArn(`${name}`), "GetRole ListRolePolicies ListAttachedRolePolicies"),
    write: [
      ...on(roleArn(`${name}`), "CreateRole", bounded),
      ...on(
        roleArn(`${name}`),
        "UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole ListInstanceProfilesForRole DeleteRole",
      ),
    ],
  }),
  aws_iam_role_policy: ({ role }) => ({
    read: on(roleArn(`${role}`), "GetRolePolicy"),
    write: on(roleArn(`${role}`), "PutRolePolicy DeleteRolePolicy", bounded),
  }),
  aws_kms_alias: ({ name }) => ({
    read: on("*", "kms:ListAliases"),
    write: [arn("kms", `${name}`), of.secretsKey].flatMap((each) =>
      on(each, "CreateAlias DeleteAlias", each === of.secretsKey ? context.aliases(`${name}`) : {}),
    ),
  }),
  aws_kms_key: () => ({
    read: on(of.secretsKey, "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags"),
    write: [
      ...on("*", "kms:CreateKey"),
      ...on(
        of.secretsKey,
        "PutKeyPolicy EnableKeyRotation UpdateKeyDescription ScheduleKeyDeletion",
      ),
    ],
  }),
  aws_lambda_alias: (block) => ({
    read: on(lambda(block), "GetAlias"),
    write: on(lambda(block), "CreateAlias UpdateAlias DeleteAlias"),
  }),
  aws_lambda_function: (block) => ({
    read: on(lambda(block), "GetFunction GetFunctionCodeSigningConfig ListVersionsByFunction"),
    write: [
      ...on(
        lambda(block),
        "CreateFunction UpdateFunctionCode UpdateFunctionConfiguration TagResource UntagResource DeleteFunction",
      ),
      ...on(`${block.role}`, "iam:PassRole", context.passedTo("lambda")),
    ],
  }),
  aws_lambda_function_event_invoke_config: (block) => ({
    read: on(lambda(block), "GetFunctionEventInvokeConfig"),
    write: on(lambda(block), "PutFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig"),
  }),
  aws_lambda_invocation: (block) => ({
    read: [],
    write: [
      ...on(lambda(block), "InvokeFunction"),
      ...on(`${lambda(block)}:$LATEST`, "InvokeFunction"),
    ],
  }),
  aws_lambda_permission: (block) => ({
    read: on(lambda(block), "GetPolicy"),
    write: on(lambda(block), "AddPermission RemovePermission"),
  }),
  aws_scheduler_schedule: ({ name }) => ({
    read: on(arn("scheduler", `schedule/default/${name}`), "GetSchedule"),
    write: [
      ...on(
        arn("scheduler", `schedule/default/${name}`),
        "CreateSchedule UpdateSchedule DeleteSchedule",
      ),
      ...on(of.schedulerRole, "iam:PassRole", context.passedTo("scheduler")),
    ],
  }),
  aws_secretsmanager_secret: ({ name }) => ({
    read: on(secretArn(`${name}`), "DescribeSecret GetResourcePolicy"),
    write: on(
      secretArn(`${name}`),
      "CreateSecret UpdateSecret TagResource UntagResource DeleteSecret",
    ),
  }),
  aws_secretsmanager_secret_policy: ({ secret_arn: secret }) => ({
    read: on(`${secret}`, "GetResourcePolicy"),
    write: on(`${secret}`, "PutResourcePolicy ValidateResourcePolicy DeleteResourcePolicy"),
  }),
  aws_secretsmanager_secret_rotation: ({ secret_id: secret, rotation_lambda_arn: rotator }) => ({
    read: on(`${secret}`, "DescribeSecret"),
    write: [
      ...on(`${secret}`, "RotateSecret CancelRotateSecret"),
      ...on(`${rotator}`, "InvokeFunction"),
    ],
  }),
  aws_secretsmanager_secret_version: ({ secret_id: secret }) => ({
    read: on(`${secret}`, "ListSecretVersionIds"),
    write: on(`${secret}`, "PutSecretValue UpdateSecretVersionStage"),
  }),
  aws_sqs_queue: ({ name }) => ({
    read: on(arn("sqs", `${name}`), "GetQueueAttributes ListQueueTags"),
    write: on(
      arn("sqs", `${name}`),
      "CreateQueue SetQueueAttributes TagQueue UntagQueue DeleteQueue",
    ),
  }),
  aws_ssm_parameter: ({ name }) => ({
    read: [
      ...on("*", "ssm:DescribeParameters"),
      ...on(arn("ssm", `parameter${name}`), "GetParameter ListTagsForResource"),
    ],
    write: on(
      arn("ssm", `parameter${name}`),
      "PutParameter AddTagsToResource RemoveTagsFromResource DeleteParameter",
    ),
  }),
};

/**
 * Returns the calls of the AWS provider for a stack of na.
 * @throws Error for a type of resource whose calls nobody has listed
 */
export function providerCalls({ resource }: Synthesized, run: Run): Call[] {
  return Object.entries(resource)
    .filter(([type]) => type.startsWith("aws_"))
    .flatMap(([type, blocks]) => {
      const calls = TYPES[type];
      if (!calls) throw new Error(`list the calls of ${type} here: what does its job call?`);
      return Object.values(blocks).flatMap((block) => {
        const { read, write } = calls(resolved(resource, block));
        return run === "plan" ? read : [...read, ...write];
      });
    });
}

/** Returns a block with the values of other blocks in the place of references to them. */
function resolved(resource: Synthesized["resource"], block: Block): Block {
  const value = (whole: string, type: string, id: string, field: string) => {
    const { name, function_name: functionName, ...found } = resource[type]?.[id] ?? {};
    if (field === "name" || field === "function_name") return `${name ?? functionName}`;
    switch (type) {
      case "aws_secretsmanager_secret":
        return secretArn(`${name}`);
      case "aws_lambda_function":
        return arn("lambda", `function:${functionName}`);
      case "aws_iam_role":
        return roleArn(`${name}`);
      case "aws_kms_key":
        return secretsKeyArn("na");
      default:
        return `${found[field] ?? whole}`;
    }
  };
  return Object.fromEntries(
    Object.entries(block).map(([name, text]) => [
      name,
      typeof text === "string"
        ? text.replaceAll(/(?<!\$)\$\{(\w+)\.([\w-]+)\.(\w+)\}/g, value)
        : text,
    ]),
  );
}

/** The calls of Terraform's S3 backend in lock mode `both`. */
export function backendCalls(run: Run): Call[] {
  const { none, folder, item, throughS3, throughTable, newObject } = context;
  const encrypted = context.with(of.stateKey);
  const tableName = `${org("na").state.lockTable}`;
  const [lock, digest] = [item("na"), item("na", "-md5")];
  const read = [
    ...on(of.bucket, "ListBucket", { "s3:prefix": "env:/" }),
    ...on(of.bucket, "ListBucket", folder("na")),
    ...on(of.state, "GetObject", none),
    ...on(of.stateKey, "Decrypt", throughS3()),
    ...on(of.table, "GetItem", digest),
    ...on(of.homeKey, "Decrypt", throughTable(tableName)),
  ];
  if (run === "plan") return read;
  return [
    ...read,
    ...on(of.lock, "PutObject", { ...encrypted, ...newObject }),
    ...on(of.lock, "GetObject DeleteObject", none),
    ...on(of.state, "PutObject", encrypted),
    ...on(of.stateKey, "GenerateDataKey", throughS3()),
    ...on(of.table, "GetItem PutItem DeleteItem", lock),
    ...on(of.table, "PutItem", digest),
  ];
}
