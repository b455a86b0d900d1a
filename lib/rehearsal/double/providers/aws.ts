import type { NewObject, ProviderBehaviour, Session } from "../behaviour";
import { digest, uuid } from "../fake";
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
import { policyDocument } from "./aws-policy-document";

/** AWS: accounts in memory, without any permission check. */
export const awsBehaviour: ProviderBehaviour = { rules: awsRules, configure: session };

interface Place {
  readonly account: string;
  readonly region: string;
}

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
      if (prior && type === "aws_ssm_parameter") planParameterUpdate(planned, prior);
      if ("region" in planned && isAbsent(planned.region)) planned.region = region;
      if (!("tags_all" in planned)) return;
      planned.tags_all = allTags(defaultTags, planned.tags);
      if (prior && equal(prior.tags_all, planned.tags_all)) planned.tags_all = prior.tags_all ?? {};
    },
    computed: (object) => {
      const at = { account, region: text(object.planned, "region") ?? region };
      return { region: at.region, ...(forms[object.type] ?? unnamed)(object, at) };
    },
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

type Form = (object: NewObject, at: Place) => ObjectValue;

/** Ids, ARNs and other values that the real services give to an object. */
const forms: Readonly<Record<string, Form>> = {
  aws_secretsmanager_secret: (object, at) => {
    const name = nameOf(object);
    const suffix = digest(object.seed, "suffix").slice(0, 6);
    const arn = arnOf("secretsmanager", at, `secret:${name}-${suffix}`);
    return { ...names(object, name), arn, id: arn, policy: "" };
  },
  aws_secretsmanager_secret_policy: ({ planned }) => ({ id: planned.secret_arn ?? null }),
  aws_secretsmanager_secret_rotation: ({ planned }) => ({
    id: planned.secret_id ?? null,
    rotation_enabled: true,
  }),
  aws_secretsmanager_secret_version: ({ planned, config, seed }) => {
    const version = uuid(seed, "version");
    const viaWriteOnly = typeof config.secret_string_wo === "string";
    return {
      arn: planned.secret_id ?? null,
      id: `${String(planned.secret_id)}|${version}`,
      version_id: version,
      version_stages: ["AWSCURRENT"],
      secret_string: "",
      has_secret_string_wo: viaWriteOnly,
    };
  },
  aws_iam_role: (object, { account }) => {
    const name = nameOf(object);
    return {
      ...names(object, name),
      id: name,
      arn: `arn:aws:iam::${account}:role${text(object.planned, "path") ?? "/"}${name}`,
      unique_id: `AROA${digest(object.seed).slice(0, 17).toUpperCase()}`,
      create_date: "2026-01-01T00:00:00Z",
    };
  },
  aws_iam_role_policy: (object) => {
    const name = nameOf(object);
    return { ...names(object, name), id: `${String(object.planned.role)}:${name}` };
  },
  aws_kms_key: ({ seed, planned }, at) => {
    const id = uuid(seed);
    const policy = text(planned, "policy") ?? defaultKeyPolicy(at.account);
    const rotation = planned.enable_key_rotation === true ? 365 : 0;
    const arn = arnOf("kms", at, `key/${id}`);
    return { id, key_id: id, arn, policy, rotation_period_in_days: rotation, multi_region: false };
  },
  aws_kms_alias: (object, at) => {
    const name = nameOf(object);
    const target = text(object.planned, "target_key_id");
    const targetArn = target?.startsWith("arn:") ? target : arnOf("kms", at, `key/${target}`);
    const arn = arnOf("kms", at, name);
    return { ...names(object, name), id: name, arn, target_key_arn: targetArn };
  },
  aws_ssm_parameter: ({ planned, config, prior }, at) => {
    const name = text(planned, "name") ?? "";
    return {
      id: name,
      arn: arnOf("ssm", at, `parameter/${name.replace(/^\//, "")}`),
      version: Number(prior?.version ?? 0) + 1,
      data_type: "text",
      tier: "Standard",
      // A plain text parameter's value is reported a second time, under this name.
      insecure_value: config.insecure_value ?? null,
      value: config.insecure_value ?? "",
      has_value_wo: typeof config.value_wo === "string",
    };
  },
};

const unnamed: Form = (object, at) => {
  const name = text(object.planned, "name") ?? uuid(object.seed);
  const service = object.type.split("_")[1] ?? "aws";
  return { id: name, arn: arnOf(service, at, name) };
};

function names(object: NewObject, name: string): ObjectValue {
  return { name, name_prefix: text(object.planned, "name_prefix") ?? "" };
}

function nameOf({ planned, seed }: NewObject): string {
  const given = text(planned, "name");
  return given ?? `${text(planned, "name_prefix") ?? "terraform-"}${digest(seed).slice(0, 26)}`;
}

function arnOf(service: string, { account, region }: Place, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

function defaultKeyPolicy(account: string): string {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const statement = { Effect: "Allow", Principal, Action: "kms:*", Resource: "*" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
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
