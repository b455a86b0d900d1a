import type { SecretEntry } from "../../world";
import type { DataSource, NewObject, ResourceType } from "../core/behaviour";
import { digest } from "../core/made-up-values";
import { isObject, type ObjectValue, text, UNKNOWN, type Value } from "../core/value";

/** A configured provider. */
export interface AwsContext {
  readonly account: string;
  readonly region: string;
  /** Terraform's folder, from which relative paths of files start. */
  readonly folder: string;
  /**
   * Errors of Lambda functions by their names.
   * @default - every function answers
   */
  readonly functionErrors?: Readonly<Record<string, string>>;
  /** The orgs' own credentials. */
  readonly secrets: readonly SecretEntry[];
}

/** Everything that the double knows about one type of AWS resource. */
export type AwsResource = ResourceType<AwsContext>;

/** Everything that the double knows about one AWS service. */
export interface AwsService {
  readonly resources?: Readonly<Record<string, AwsResource>>;
  readonly dataSources?: Readonly<Record<string, DataSource<AwsContext>>>;
  readonly ephemeralResources?: Readonly<Record<string, DataSource<AwsContext>>>;
  /** Computed values of types without `computed`, by the beginning of their names. */
  readonly families?: Readonly<Record<string, NonNullable<AwsResource["computed"]>>>;
}

/** Rules for types that have a name, or the prefix of one that the provider completes. */
export const named: AwsResource = {
  forceNew: ["name", "name_prefix"],
  conflicts: { name: ["name_prefix"] },
};

/** Limit on an attribute that holds an ARN. */
export const ARN = { pattern: "^arn:" };

/** Limit on an attribute that holds a JSON document, for example a policy. */
export const JSON_DOCUMENT = { json: true };

/** Limit on the name of a log group. */
export const LOG_GROUP_NAME = { maxLength: 512, pattern: "^[\\w./#-]+$" };

/** Pattern of a cron expression: the services take six fields. */
export const CRON = "cron\\((\\S+ +){5}\\S+\\)";

/** Returns the name that was given, or one that the provider makes. */
export function nameOf({ planned, seed }: NewObject, attribute = "name"): string {
  const prefix = text(planned, `${attribute}_prefix`) ?? "terraform-";
  return text(planned, attribute) ?? `${prefix}${digest(seed).slice(0, 26)}`;
}

/** Returns the values of the name and of the prefix from which it was made. */
export function nameAndPrefix(
  { planned }: NewObject,
  name: string,
  attribute = "name",
): ObjectValue {
  const prefix = `${attribute}_prefix`;
  return { [attribute]: name, [prefix]: text(planned, prefix) ?? "" };
}

/** Returns the ARN of something in a region of an account. */
export function arnOf(
  service: string,
  { account, region }: Pick<AwsContext, "account" | "region">,
  resource: string,
): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** Returns the provider's default tags with the resource's own over them. */
export function allTags(defaults: Value | undefined, tags: Value | undefined): Value {
  if (defaults === UNKNOWN || tags === UNKNOWN) return UNKNOWN;
  return { ...(isObject(defaults) ? defaults : {}), ...(isObject(tags) ? tags : {}) };
}
