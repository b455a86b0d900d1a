import { UserError } from "../errors";

/** One thing that is wrong with a registry. */
export interface RegistryProblem {
  /** The org, or what else it is about: a home, the record, a file; two orgs for a collision. */
  readonly subject: string;
  /** Where in the entry, for example `vault.address`; empty for the entry as a whole. */
  readonly path: string;
  /** The value as it is printed; undefined when it is missing. */
  readonly value?: string;
  /** Id of the broken rule. */
  readonly rule: string;
  /** What is allowed, or what to do. */
  readonly expected: string;
}

/** A registry that cannot be used, with all that is wrong with it. */
export class RegistryError extends UserError {
  override readonly name = "RegistryError";

  constructor(readonly problems: readonly RegistryProblem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      [
        `The registry has ${count}:`,
        ...problems.map((problem) => `  ${problemLine(problem)}`),
      ].join("\n"),
    );
  }
}

/** A problem as it is printed. */
export function problemLine({ subject, path, value, rule, expected }: RegistryProblem): string {
  const found = value === undefined ? "is missing" : `is ${value}`;
  const text = `${oneLine(subject)}${path ? `: ${path}` : ""} ${found}: ${expected} [${rule}]`;
  return text.replace(/\p{Cc}/gu, " ");
}

const SECRET_KEY = /secret|passw|pwd|token(?!PoolSize|Validity)|private|credential|api[-_]?key/i;
/** A token of Vault, and a private key. */
const SECRET_VALUE = /\bhv[sbr]\.|-----BEGIN/;
const LONGEST_VALUE = 80;

/**
 * A value as a message may show it: cut when long, and hidden where its path says that it could
 * be a secret that someone put into the registry. Of an object or a list only the kind is shown:
 * what is inside could be anything.
 */
export function printable(value: unknown, path: readonly PropertyKey[]): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null) return kindOf(value);
  if (path.some((key) => SECRET_KEY.test(String(key)))) return "(hidden)";
  if (typeof value !== "string") return cut(String(value));
  if (SECRET_VALUE.test(value)) return "(hidden)";
  return cut(JSON.stringify(withoutQuery(withoutUser(value))));
}

/** A problem with the value at a path. */
export const problemAbout = (
  subject: string,
  path: readonly PropertyKey[],
  value: unknown,
  rule: string,
  expected: string,
): RegistryProblem => ({
  subject,
  path: pathText(path),
  value: printable(value, path),
  rule,
  expected,
});

/** A path as it is written in code: `oauthClients[0].name`, `tags["aws:team"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      const name = String(key);
      if (!/^[\w-]{1,80}$/.test(name)) return `[${cut(JSON.stringify(name))}]`;
      return index > 0 ? `.${name}` : name;
    })
    .join("");
}

/** A key or a name as it is, or in quotes when it would break the line. */
export function oneLine(name: string): string {
  return cut(/[\p{Cc}\u2028\u2029]/u.test(name) ? JSON.stringify(name) : name);
}

/** Names, as a message lists them. */
export const namesText = (names: Iterable<string>): string => [...names].map(oneLine).join(", ");

/** Hides user and password, which may have slashes themselves, also where the scheme is missing. */
function withoutUser(text: string): string {
  const at = text.lastIndexOf("@");
  const user = text.slice(0, Math.max(at, 0));
  const slashes = user.indexOf("//");
  if (slashes >= 0) return `${user.slice(0, slashes + 2)}(hidden)${text.slice(at)}`;
  return user.includes(":") && !user.startsWith("arn:") ? `(hidden)${text.slice(at)}` : text;
}

/** Hides what follows the path of a URL: a token could be there too. */
function withoutQuery(text: string): string {
  const query = text.includes("://") ? text.search(/[?#]/) : -1;
  return query < 0 ? text : `${text.slice(0, query + 1)}(hidden)`;
}

const cut = (text: string) =>
  text.length > LONGEST_VALUE
    ? `${text.slice(0, LONGEST_VALUE)}…${text.startsWith('"') ? '"' : ""}`
    : text;

function kindOf(value: object): string {
  if (!Array.isArray(value)) return "an object";
  return value.length === 0 ? "an empty list" : "a list";
}
