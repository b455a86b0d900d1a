import { UserError } from "../errors";

/** One mistake in a registry. */
export interface RegistryProblem {
  /** The org, home, record or file with the mistake; for a collision both orgs or homes. */
  readonly subject: string;
  /** Where in the entry, for example `vault.address`; empty for the entry as a whole. */
  readonly path: string;
  /** The value as it is printed; undefined when there is none. */
  readonly value?: string;
  /** Id of the broken rule. */
  readonly rule: string;
  /** The allowed values, or what to do. */
  readonly expected: string;
}

/** The error of a registry that cannot be used, with all its mistakes. */
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
/** A Vault token, or a private key. */
const SECRET_VALUE = /\bhv[sbr]\.|-----BEGIN/;
const LONGEST_VALUE = 80;

/**
 * A value as a message may show it: cut when it is long, and hidden where, by its path or its form,
 * it could be a secret that someone put into the registry. An object or a list is not shown, since it
 * could contain anything.
 */
export function printable(value: unknown, path: readonly PropertyKey[]): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null) return kindOf(value);
  if (couldBeSecret(path)) return "(hidden)";
  if (typeof value !== "string") return cut(String(value));
  if (SECRET_VALUE.test(value)) return "(hidden)";
  return cut(JSON.stringify(withoutQuery(withoutUser(value))));
}

/**
 * Whether a value at a path could be a secret. The entries of `secrets` describe secrets, so only what
 * stands in place of an entry or of its `value` could be one. `credentials` has fields that are none.
 */
function couldBeSecret([first, ...path]: readonly PropertyKey[]): boolean {
  if (first === "credentials" && /^(source|operators)$/.test(String(path[0]))) return false;
  if (first !== "secrets") return [first, ...path].some((key) => SECRET_KEY.test(String(key)));
  const [, field, ...inner] = path;
  return field === undefined || (field === "value" && inner.length === 0);
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

/** A path as code has it: `oauthClients[0].name`, `tags["aws:team"]`. */
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

/** A key or a name; in quotes when it would break the line. */
export function oneLine(name: string): string {
  return cut(/[\p{Cc}\u2028\u2029]/u.test(name) ? JSON.stringify(name) : name);
}

/** Names, as a message lists them. */
export const namesText = (names: Iterable<string>): string => [...names].map(oneLine).join(", ");

/** Hides user and password. They may contain slashes, and the scheme may be missing. */
function withoutUser(text: string): string {
  const at = text.lastIndexOf("@");
  const user = text.slice(0, Math.max(at, 0));
  const slashes = user.indexOf("//");
  if (slashes >= 0) return `${user.slice(0, slashes + 2)}(hidden)${text.slice(at)}`;
  return user.includes(":") && !user.startsWith("arn:") ? `(hidden)${text.slice(at)}` : text;
}

/** Hides query and fragment of a URL, since they could contain a token. */
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
