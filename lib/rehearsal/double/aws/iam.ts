import { digest } from "../core/made-up-values";
import { isList, isObject, type ObjectValue, text, texts, type Value } from "../core/value";

/** The data source `aws_iam_policy_document`: it renders, and asks nobody. */
export function policyDocument(asked: ObjectValue): ObjectValue {
  const document: Record<string, unknown> = { Version: text(asked, "version") ?? "2012-10-17" };
  const id = text(asked, "policy_id");
  if (id !== undefined) document.Id = id;
  document.Statement = blocks(asked.statement).map(statement);
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
