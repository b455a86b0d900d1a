import type { NewObject } from "../core/behaviour";
import { digest } from "../core/made-up-values";
import { type ObjectValue, text } from "../core/value";

/** Where an object is made. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** Terraform's folder, which relative paths of files start from. */
  readonly folder: string;
}

/** Computed values of a type. */
export type Form = (object: NewObject, at: Place) => ObjectValue;

/** The name, and the prefix that it was made from. */
export function names({ planned }: NewObject, name: string, attribute = "name"): ObjectValue {
  const prefix = `${attribute}_prefix`;
  return { [attribute]: name, [prefix]: text(planned, prefix) ?? "" };
}

/** The name that was given, or one that the provider makes. */
export function nameOf({ planned, seed }: NewObject, attribute = "name"): string {
  const prefix = text(planned, `${attribute}_prefix`) ?? "terraform-";
  return text(planned, attribute) ?? `${prefix}${digest(seed).slice(0, 26)}`;
}

/** An id as IAM gives it. */
export function uniqueId(prefix: string, { seed }: NewObject): string {
  return `${prefix}${digest(seed).slice(0, 17).toUpperCase()}`;
}

/** ARN of something in a region of an account. */
export function arnOf(service: string, { account, region }: Place, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
