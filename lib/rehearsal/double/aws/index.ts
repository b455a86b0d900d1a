import type { World } from "../../world";
import type { NewObject, ProviderBehaviour, Session } from "../core/behaviour";
import { uuid } from "../core/made-up-values";
import { equal, firstBlock, type ObjectValue, text, UNKNOWN, type Value } from "../core/value";
import { account, accountAndRegion } from "./account";
import { cloudtrail } from "./cloudtrail";
import { cloudwatch } from "./cloudwatch";
import { type AwsContext, type AwsResource, type AwsService, allTags, arnOf } from "./common";
import { dynamoDb } from "./dynamodb";
import { events } from "./events";
import { iam } from "./iam";
import { kms } from "./kms";
import { lambda } from "./lambda";
import { logs } from "./logs";
import { s3 } from "./s3";
import { scheduler } from "./scheduler";
import { secretsManager } from "./secrets-manager";
import { sns } from "./sns";
import { sqs } from "./sqs";
import { ssm } from "./ssm";

/** The services that the double knows, one file each. For all others it has the schema only. */
const services: readonly AwsService[] = [
  account,
  cloudtrail,
  cloudwatch,
  dynamoDb,
  events,
  iam,
  kms,
  lambda,
  logs,
  s3,
  scheduler,
  secretsManager,
  sns,
  sqs,
  ssm,
];

/**
 * Everything that the double knows about AWS.
 *
 * The rules come from the schema definitions of hashicorp/aws 6.26.0. For S3, DynamoDB, OIDC
 * providers, managed policies, Lambda, EventBridge, CloudWatch, CloudTrail, SNS and SQS they come from copies of other
 * versions. The lengths of policies and the formats of schedules and secret names are limits of the
 * services.
 */
const aws: Required<AwsService> = {
  resources: Object.assign({}, ...services.map(({ resources }) => resources)),
  dataSources: Object.assign({}, ...services.map(({ dataSources }) => dataSources)),
  ephemeralResources: Object.assign(
    {},
    ...services.map(({ ephemeralResources }) => ephemeralResources),
  ),
  families: Object.assign({}, ...services.map(({ families }) => families)),
};

/** The rules of each type of resource. */
export const AWS_RESOURCES = aws.resources;

/**
 * Behaviour of the AWS provider: accounts in memory, without any permission check.
 * @param folder Folder where Terraform runs, from which relative paths of files start.
 */
export function awsBehaviour(
  folder: string,
  { functionErrors, secrets = [] }: Pick<World, "functionErrors" | "secrets"> = {},
): ProviderBehaviour {
  return {
    rules: {
      provider: { conflicts: { allowed_account_ids: ["forbidden_account_ids"] } },
      resources: aws.resources,
      dataSources: aws.dataSources,
    },
    configure: (config) => {
      const context = { ...accountAndRegion(config), folder, functionErrors, secrets };
      return session(context, firstBlock(config, "default_tags")?.tags);
    },
  };
}

function session(context: AwsContext, defaultTags: Value | undefined): Session {
  return {
    scope: `AWS account ${context.account}`,
    plan: (type, planned, prior) => {
      if ("region" in planned && isAbsent(planned.region)) planned.region = context.region;
      if ("tags_all" in planned) {
        const tags = allTags(defaultTags, planned.tags);
        planned.tags_all = prior && equal(prior.tags_all, tags) ? (prior.tags_all ?? {}) : tags;
      }
      return aws.resources[type]?.plan?.(planned, prior) ?? [];
    },
    authorize: (operation, type, object) => {
      if (operation === "delete") aws.resources[type]?.beforeDestroy?.(object, context);
    },
    computed: (object) => {
      const at = { ...context, region: text(object.planned, "region") ?? context.region };
      return { region: at.region, ...computedOf(object.type)(object, at) };
    },
    computedIn: (type, path) => aws.resources[type]?.nested?.[path],
    data: (type, query) => aws.dataSources[type]?.read?.(query, context) ?? {},
    ephemeral: (type, query) => aws.ephemeralResources[type]?.read?.(query, context) ?? {},
  };
}

function isAbsent(value: Value | undefined): boolean {
  return value === null || value === undefined || value === UNKNOWN;
}

function computedOf(type: string): NonNullable<AwsResource["computed"]> {
  const family = Object.entries(aws.families).find(([beginning]) => type.startsWith(beginning));
  return aws.resources[type]?.computed ?? family?.[1] ?? idAndArn;
}

/** Returns values that are enough for most types: the name as the id, and a plausible ARN. */
function idAndArn(object: NewObject, context: AwsContext): ObjectValue {
  const name = text(object.planned, "name") ?? uuid(object.seed);
  const service = object.type.split("_")[1] ?? "aws";
  return { id: name, arn: arnOf(service, context, name) };
}
