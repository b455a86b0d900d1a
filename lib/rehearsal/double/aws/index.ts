import type { World } from "../../world";
import type { ProviderBehaviour, Session } from "../core/behaviour";
import { Refusal } from "../core/refusal";
import {
  equal,
  firstBlock,
  isObject,
  type ObjectValue,
  text,
  texts,
  UNKNOWN,
  type Value,
} from "../core/value";
import type { Place } from "./common";
import { computedValues, nestedValue } from "./computed-values";
import { policyDocument } from "./iam";
import { planners } from "./plans";
import { awsRules } from "./rules";

/**
 * AWS: accounts in memory, without any permission check.
 * @param folder Where Terraform runs: relative paths of files start there.
 */
export function awsBehaviour(
  folder: string,
  world: Pick<World, "functionErrors"> = {},
): ProviderBehaviour {
  return { rules: awsRules, configure: (config) => session(config, folder, world) };
}

function session(
  config: ObjectValue,
  folder: string,
  world: Pick<World, "functionErrors">,
): Session {
  const account = accountOf(config);
  const region = text(config, "region");
  if (region === undefined) {
    throw new Refusal("invalid AWS Region: ", "The provider aws has no region.");
  }
  const defaultTags = firstBlock(config, "default_tags")?.tags;
  return {
    scope: `AWS account ${account}`,
    plan: (type, planned, prior) => {
      if ("region" in planned && isAbsent(planned.region)) planned.region = region;
      if ("tags_all" in planned) {
        const tags = allTags(defaultTags, planned.tags);
        planned.tags_all = prior && equal(prior.tags_all, tags) ? (prior.tags_all ?? {}) : tags;
      }
      return planners[type]?.(planned, prior) ?? [];
    },
    authorize: (operation, type, object) => {
      if (operation === "delete" && type === "aws_lambda_invocation") callBefore(object, world);
    },
    computed: (object) => {
      const at = { account, region: text(object.planned, "region") ?? region, folder };
      return { region: at.region, ...computedValues(object, at) };
    },
    computedIn: nestedValue,
    data: (type, asked) => data(type, asked, { account, region }),
  };
}

/** The call that the provider makes before it destroys an invocation of this scope. */
function callBefore(
  invocation: ObjectValue,
  { functionErrors = {} }: Pick<World, "functionErrors">,
) {
  const name = text(invocation, "function_name") ?? "";
  const error = functionErrors[name];
  if (invocation.lifecycle_scope !== "CRUD" || error === undefined) return;
  throw new Refusal(
    `invoking Lambda Function (${name})`,
    `Lambda function returned error: ${JSON.stringify({ errorType: "Error", errorMessage: error })}`,
  );
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

function data(
  type: string,
  asked: ObjectValue,
  { account, region }: Omit<Place, "folder">,
): ObjectValue {
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
