import type { z } from "zod";
import { printable, type RegistryProblem } from "./registry-error";

/**
 * Checks one entry, or the record, by itself.
 *
 * @param subject what problems are about, when the entry has no usable name of its own
 */
export function checkEntry(schema: z.ZodType, entry: unknown, subject: string): RegistryProblem[] {
  const { error } = schema.safeParse(entry, { error: generalMessage });
  return (error?.issues ?? []).flatMap((issue) => problems(issue, entry, subject));
}

type Issue = z.core.$ZodIssue;

function problems(issue: Issue, entry: unknown, subject: string): RegistryProblem[] {
  const [rule = "", expected = ""] = splitOnce(messageOf(issue), "|");
  if (issue.code === "unrecognized_keys") {
    // Its value could be anything, a secret among others: only the key is shown.
    return issue.keys.map((key) => ({
      subject,
      path: joined([...issue.path, key]),
      value: "not a known key",
      rule,
      expected,
    }));
  }
  const value = printable(valueAt(entry, issue.path), issue.path);
  return [{ subject, path: joined(issue.path), value, rule, expected }];
}

/** A broken record key is an issue of its own kind, with the real one inside. */
function messageOf(issue: Issue): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? issue.message;
  return issue.message;
}

/** What zod says where a schema has no message of its own. */
function generalMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "invalid_type") return undefined;
  if (issue.input === undefined) return "required|it has no default, so give one";
  return `type|give ${ARTICLES[issue.expected] ?? `a value of type ${issue.expected}`}`;
}

const ARTICLES: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function joined(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) =>
      typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`,
    )
    .join("");
}

function valueAt(entry: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    entry,
  );
}

function splitOnce(message: string, separator: string): [string, string] {
  const at = message.indexOf(separator);
  return [message.slice(0, at), message.slice(at + 1)];
}
