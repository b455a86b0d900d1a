import type { NewObject } from "../core/behaviour";
import { digest, uuid } from "../core/made-up-values";
import { type ObjectValue, text, type Value } from "../core/value";
import { arnOf, type Form, nameOf, names, type Place, uniqueId } from "./common";
import { functionForms } from "./lambda";

/** Ids, ARNs and other values that the real services give to an object. */
export function computedValues(object: NewObject, at: Place): ObjectValue {
  const { type } = object;
  const form = forms[type] ?? (type.startsWith("aws_s3_bucket_") ? partOfBucket : unnamed);
  return form(object, at);
}

/** The same for an attribute inside a nested block. */
export function nestedValue(type: string, path: string): Value | undefined {
  return nested[`${type}.${path}`];
}

const nested: Readonly<Record<string, Value>> = {
  "aws_dynamodb_table.point_in_time_recovery.recovery_period_in_days": 35,
  "aws_lambda_function.ephemeral_storage.size": 512,
  "aws_lambda_function.snap_start.optimization_status": "Off",
  "aws_s3_bucket_lifecycle_configuration.rule.filter.prefix": "",
  "aws_s3_bucket_logging.target_grant.grantee.display_name": "",
  "aws_s3_bucket_versioning.versioning_configuration.mfa_delete": "",
};

const forms: Readonly<Record<string, Form>> = {
  ...functionForms,
  aws_dynamodb_table: ({ planned }, at) => {
    const name = text(planned, "name") ?? "";
    const arn = arnOf("dynamodb", at, `table/${name}`);
    const label = planned.stream_enabled === true ? "2026-01-01T00:00:00.000" : "";
    const stream = label && `${arn}/stream/${label}`;
    return { id: name, arn, stream_arn: stream, stream_label: label, stream_view_type: "" };
  },
  aws_iam_openid_connect_provider: ({ planned, seed }, { account }) => {
    const host = text(planned, "url")?.replace("https://", "");
    const arn = `arn:aws:iam::${account}:oidc-provider/${host}`;
    return { id: arn, arn, thumbprint_list: [digest(seed).slice(0, 40)] };
  },
  aws_iam_policy: (object, { account }) => {
    const name = nameOf(object);
    const arn = `arn:aws:iam::${account}:policy${text(object.planned, "path") ?? "/"}${name}`;
    return { ...names(object, name), id: arn, arn, policy_id: uniqueId("ANPA", object) };
  },
  aws_iam_role_policy_attachment: ({ planned }) => ({
    id: `${String(planned.role)}/${String(planned.policy_arn)}`,
  }),
  aws_s3_bucket: (object, { region }) => {
    const bucket = nameOf(object, "bucket");
    return {
      ...names(object, bucket, "bucket"),
      id: bucket,
      arn: `arn:aws:s3:::${bucket}`,
      bucket_domain_name: `${bucket}.s3.amazonaws.com`,
      bucket_region: region,
      bucket_regional_domain_name: `${bucket}.s3.${region}.amazonaws.com`,
      hosted_zone_id: `Z${digest(region).slice(0, 13).toUpperCase()}`,
      acceleration_status: "",
      acl: null,
      policy: "",
      request_payer: "BucketOwner",
      website_domain: null,
      website_endpoint: null,
    };
  },
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
      unique_id: uniqueId("AROA", object),
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

const partOfBucket: Form = ({ planned }) => {
  const owner = text(planned, "expected_bucket_owner");
  return {
    id: `${String(planned.bucket)}${owner ? `,${owner}` : ""}`,
    expected_bucket_owner: "",
  };
};

const unnamed: Form = (object, at) => {
  const name = text(object.planned, "name") ?? uuid(object.seed);
  const service = object.type.split("_")[1] ?? "aws";
  return { id: name, arn: arnOf(service, at, name) };
};

function defaultKeyPolicy(account: string): string {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const statement = { Effect: "Allow", Principal, Action: "kms:*", Resource: "*" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
