import type { NewObject } from "../core/behaviour";
import { digest } from "../core/made-up-values";
import { isList, isObject, type ObjectValue, text, texts, type Value } from "../core/value";
import { ARN, type AwsService, JSON_DOCUMENT, nameAndPrefix, named, nameOf } from "./common";

/** Roles, policies, identity providers and policy documents. */
export const iam: AwsService = {
  resources: {
    aws_iam_openid_connect_provider: {
      forceNew: ["url"],
      limits: {
        client_id_list: { minLength: 1, maxLength: 255 },
        thumbprint_list: { minLength: 40, maxLength: 40 },
        url: { pattern: "^https://[^?]+$" },
      },
      computed: ({ planned, seed }, { account }) => {
        const host = text(planned, "url")?.replace("https://", "");
        const arn = `arn:aws:iam::${account}:oidc-provider/${host}`;
        return { id: arn, arn, thumbprint_list: [digest(seed).slice(0, 40)] };
      },
    },
    aws_iam_policy: {
      ...named,
      forceNew: ["description", "name", "name_prefix", "path"],
      limits: {
        name: { maxLength: 128 },
        name_prefix: { maxLength: 102 },
        policy: { ...JSON_DOCUMENT, maxLength: 6144 },
      },
      defaults: { path: "/" },
      computed: (object, { account }) => {
        const name = nameOf(object);
        const arn = `arn:aws:iam::${account}:policy${text(object.planned, "path") ?? "/"}${name}`;
        return {
          ...nameAndPrefix(object, name),
          id: arn,
          arn,
          policy_id: uniqueId("ANPA", object),
        };
      },
    },
    aws_iam_role: {
      ...named,
      forceNew: ["name", "name_prefix", "path"],
      limits: {
        assume_role_policy: JSON_DOCUMENT,
        description: { maxLength: 1000 },
        max_session_duration: { min: 3600, max: 43_200 },
        name: { maxLength: 64 },
        name_prefix: { maxLength: 38 },
        path: { maxLength: 512 },
      },
      defaults: { max_session_duration: 3600, path: "/" },
      computed: (object, { account }) => {
        const name = nameOf(object);
        return {
          ...nameAndPrefix(object, name),
          id: name,
          arn: `arn:aws:iam::${account}:role${text(object.planned, "path") ?? "/"}${name}`,
          unique_id: uniqueId("AROA", object),
          create_date: "2026-01-01T00:00:00Z",
        };
      },
    },
    aws_iam_role_policy: {
      ...named,
      forceNew: ["name", "name_prefix", "role"],
      limits: {
        name: { maxLength: 128 },
        name_prefix: { maxLength: 102 },
        policy: { ...JSON_DOCUMENT, maxLength: 10_240 },
        role: { pattern: "^[^:]*$" },
      },
      computed: (object) => {
        const name = nameOf(object);
        return { ...nameAndPrefix(object, name), id: `${String(object.planned.role)}:${name}` };
      },
    },
    aws_iam_role_policy_attachment: {
      forceNew: ["policy_arn", "role"],
      limits: { policy_arn: ARN },
      computed: ({ planned }) => ({
        id: `${String(planned.role)}/${String(planned.policy_arn)}`,
      }),
    },
  },
  dataSources: {
    aws_iam_policy_document: {
      limits: {
        version: { oneOf: ["2008-10-17", "2012-10-17"] },
        "statement.effect": { oneOf: ["Allow", "Deny"] },
        "statement.sid": { pattern: "^[a-zA-Z0-9]*$" },
      },
      read: policyDocument,
    },
  },
};

/** Returns an id as IAM makes it. */
function uniqueId(prefix: string, { seed }: NewObject): string {
  return `${prefix}${digest(seed).slice(0, 17).toUpperCase()}`;
}

/** Renders a policy document, without any call. */
function policyDocument(query: ObjectValue): ObjectValue {
  const document: Record<string, unknown> = { Version: text(query, "version") ?? "2012-10-17" };
  const id = text(query, "policy_id");
  if (id !== undefined) document.Id = id;
  document.Statement = blocks(query.statement).map(statement);
  const json = JSON.stringify(document, null, 2);
  return { id: digest(json).slice(0, 10), json, minified_json: JSON.stringify(document) };
}

function statement(block: ObjectValue): Record<string, unknown> {
  const conditions: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of blocks(block.condition)) {
    const operator = String(test);
    conditions[operator] = { ...conditions[operator], [String(variable)]: oneOrMany(values) };
  }
  const parts: Record<string, unknown> = {
    Sid: text(block, "sid"),
    Effect: text(block, "effect") ?? "Allow",
    Action: oneOrMany(block.actions),
    NotAction: oneOrMany(block.not_actions),
    Resource: oneOrMany(block.resources),
    NotResource: oneOrMany(block.not_resources),
    Principal: principals(block.principals),
    NotPrincipal: principals(block.not_principals),
    Condition: Object.keys(conditions).length > 0 ? conditions : undefined,
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function principals(value: Value | undefined): unknown {
  const byType: Record<string, unknown> = {};
  for (const { type, identifiers } of blocks(value)) {
    if (type === "*") return "*";
    byType[String(type)] = oneOrMany(identifiers);
  }
  return Object.keys(byType).length > 0 ? byType : undefined;
}

function oneOrMany(value: Value | undefined): string | string[] | undefined {
  const items = texts(value);
  return items.length > 1 ? items : items[0];
}

function blocks(value: Value | undefined): ObjectValue[] {
  return isList(value) ? value.filter(isObject) : [];
}
