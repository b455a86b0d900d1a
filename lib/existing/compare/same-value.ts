import { canonicalText } from "../canonical-text";
import { isDangling, isReference, isUnknown, pathText, targetOf, type Value } from "../model";

/**
 * Returns a text that two values have in common if they are the same: references name the same object, whatever
 * its id, JSON documents have the same content, and `false` is the same as nothing.
 */
export function sameText(value: Value): string {
  if (typeof value === "string") return documentText(value);
  if (typeof value !== "object") return JSON.stringify(value);
  if (isReference(value)) return `@${targetOf(value)}`;
  if (isDangling(value)) return `?${value.$ref}`;
  if (Array.isArray(value)) return `[${value.map(sameText).join()}]`;
  const parts = Object.entries(value as Readonly<Record<string, Value>>)
    .filter(([, each]) => each !== false)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${sameText(each)}`);
  return `{${parts.join()}}`;
}

/** JSON in a text may have any white space, and any order of names. */
function documentText(text: string): string {
  if (!/^\s*[{[]/.test(text)) return JSON.stringify(text);
  try {
    return `json ${canonicalText(JSON.parse(text))}`;
  } catch {
    return JSON.stringify(text);
  }
}

/** Whether a value, or a part of it, is only known when Terraform runs. */
export const hasUnknown = (value: Value): boolean => hasPart(value, isUnknown);

/** Whether a value is, or contains, a reference to an object that was not found. */
export const hasDangling = (value: Value): boolean => hasPart(value, isDangling);

const hasPart = (value: Value, is: (value: Value) => boolean): boolean =>
  typeof value === "object" &&
  (is(value) || Object.values(value).some((each) => hasPart(each as Value, is)));

/** Returns a value as people read it, on one line. It is foreign text. */
export function valueText(value: Value): string {
  if (typeof value !== "object") return JSON.stringify(value);
  if (isReference(value)) return pathText(value.path);
  if (isDangling(value)) return `an unknown object (${value.id})`;
  if (isUnknown(value)) return "a value that Terraform computes";
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  return Object.entries(value as Readonly<Record<string, Value>>)
    .map(([name, each]) => `${name} = ${nestedText(each)}`)
    .join(", ");
}

const nestedText = (value: Value): string =>
  typeof value === "object" && !Array.isArray(value) && !("$ref" in value) && !isUnknown(value)
    ? `{ ${valueText(value)} }`
    : valueText(value);
