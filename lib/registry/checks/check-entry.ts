import type { z } from "zod";
import { valueAt } from "../raw-value";
import { pathText, printable, problemLine, type RegistryProblem } from "../registry-error";

/**
 * Checks one entry, or the record, by itself.
 *
 * @param subject the name of the entry in its problems
 */
export function checkEntry(schema: z.ZodType, entry: unknown, subject: string): RegistryProblem[] {
  const { error } = schema.safeParse(entry, { error: generalMessage });
  const found = (error?.issues ?? []).flatMap((issue) => problems(issue, entry, subject));
  // A huge number is neither a whole number nor within its limits.
  return [...new Map(found.map((problem) => [problemLine(problem), problem])).values()];
}

type Issue = z.core.$ZodIssue;

function problems(issue: Issue, entry: unknown, subject: string): RegistryProblem[] {
  const [rule, expected] = ruleAndExpected(messageOf(issue));
  if (issue.code === "unrecognized_keys") {
    // Its value could be a secret, so only the key is shown.
    return issue.keys.map((key) => ({
      subject,
      path: pathText([...issue.path, key]),
      value: "not a known key",
      rule,
      expected,
    }));
  }
  const value =
    issue.code === "invalid_key"
      ? "not a valid key"
      : printable(valueAt(entry, ...issue.path), issue.path);
  return [{ subject, path: pathText(issue.path), value, rule, expected }];
}

/** An issue about the key of a record has the real issue inside. */
function messageOf(issue: Issue): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? issue.message;
  return issue.message;
}

/** The message where a schema has none. */
function generalMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "invalid_type") return undefined;
  const kind = KINDS[issue.expected] ?? `a value of type ${issue.expected}`;
  if (issue.input === undefined) return `required|give ${kind}`;
  return `type|give ${kind}${quotes(issue.expected, typeof issue.input)}`;
}

/** Advice for the usual mistake in YAML. */
function quotes(expected: string, found: string): string {
  if (expected === "string" && /^(number|boolean)$/.test(found)) return ", in quotes";
  return /^(number|int|boolean)$/.test(expected) && found === "string" ? ", without quotes" : "";
}

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function ruleAndExpected(message: string): [rule: string, expected: string] {
  const at = message.indexOf("|");
  return at < 0 ? ["invalid", message] : [message.slice(0, at), message.slice(at + 1)];
}
