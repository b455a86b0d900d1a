import type { ProviderBehaviour, Session } from "../behaviour";
import { Refusal } from "../refusal";
import { awsRules } from "../rules/aws";
import {
  equal,
  firstBlock,
  isObject,
  type ObjectValue,
  text,
  texts,
  UNKNOWN,
  type Value,
} from "../value";
import { computedValues, nestedValue, type Place } from "./aws-forms";
import { policyDocument } from "./aws-policy-document";
import { checkTable } from "./aws-table";

/** AWS: accounts in memory, without any permission check. */
export const awsBehaviour: ProviderBehaviour = { rules: awsRules, configure: session };

function session(config: ObjectValue): Session {
  const account = accountOf(config);
  const region = text(config, "region");
  if (region === undefined) {
    throw new Refusal("invalid AWS Region: ", "The provider aws has no region.");
  }
  const defaultTags = firstBlock(config, "default_tags")?.tags;
  return {
    scope: `AWS account ${account}`,
    plan: (type, planned, prior) => {
      if (type === "aws_dynamodb_table") checkTable(planned, prior);
      if (prior && type === "aws_ssm_parameter") planParameterUpdate(planned, prior);
      if ("region" in planned && isAbsent(planned.region)) planned.region = region;
      if (!("tags_all" in planned)) return;
      planned.tags_all = allTags(defaultTags, planned.tags);
      if (prior && equal(prior.tags_all, planned.tags_all)) planned.tags_all = prior.tags_all ?? {};
    },
    computed: (object) => {
      const at = { account, region: text(object.planned, "region") ?? region };
      return { region: at.region, ...computedValues(object, at) };
    },
    computedIn: nestedValue,
    data: (type, asked) => data(type, asked, { account, region }),
  };
}

function accountOf(config: ObjectValue): string {
  const role = text(firstBlock(config, "assume_role"), "role_arn");
  const fromRole = role?.split(":")[4];
  const allowed = texts(config.allowed_account_ids);
  const account = fromRole ?? allowed[0] ?? "000000000000";
  const forbidden = texts(config.forbidden_account_ids).includes(account);
  if ((allowed.length === 0 || allowed.includes(account)) && !forbidden) return account;
  throw new Refusal(
    `AWS account ID not allowed: ${account}`,
    `The provider assumes ${role ?? "no role"}; allowed accounts: ${allowed.join(", ") || "all"}.`,
  );
}

function isAbsent(value: Value | undefined): boolean {
  return value === null || value === undefined || value === UNKNOWN;
}

function allTags(defaults: Value | undefined, tags: Value | undefined): Value {
  if (defaults === UNKNOWN || tags === UNKNOWN) return UNKNOWN;
  return { ...(isObject(defaults) ? defaults : {}), ...(isObject(tags) ? tags : {}) };
}

function planParameterUpdate(planned: ObjectValue, prior: ObjectValue): void {
  const changed = (name: string) => !equal(prior[name], planned[name]);
  if (changed("insecure_value")) planned.value = UNKNOWN;
  if (changed("value") || changed("description")) planned.version = UNKNOWN;
  if (changed("value_wo_version")) planned.has_value_wo = UNKNOWN;
}

function data(type: string, asked: ObjectValue, { account, region }: Place): ObjectValue {
  switch (type) {
    case "aws_caller_identity": {
      const arn = `arn:aws:sts::${account}:assumed-role/rehearsal/rehearsal`;
      return { id: account, account_id: account, arn, user_id: "AROAREHEARSAL:rehearsal" };
    }
    case "aws_region":
      return { id: region, name: region, region };
    case "aws_partition":
      return { id: "aws", partition: "aws", dns_suffix: "amazonaws.com" };
    case "aws_iam_policy_document":
      return policyDocument(asked);
    default:
      return {};
  }
}
