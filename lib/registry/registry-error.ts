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
    super([`The registry has ${count}:`, ...problems.map(line)].join("\n"));
  }
}

function line({ subject, path, value, rule, expected }: RegistryProblem): string {
  const found = value === undefined ? "is missing" : `is ${value}`;
  return `  ${subject}: ${path ? `${path} ${found}` : found}: ${expected} [${rule}]`;
}

const SECRET_KEY = /secret|password|passwd|token(?!PoolSize|Validity)|private|credential/i;
const URL_CREDENTIALS = /\/\/[^/@\s]+@/g;
const LONGEST_VALUE = 80;

/**
 * A value as a message may show it: cut when long, and hidden where its path says that it could
 * be a secret that someone put into the registry.
 */
export function printable(value: unknown, path: readonly PropertyKey[]): string | undefined {
  if (value === undefined) return undefined;
  if (path.some((key) => SECRET_KEY.test(String(key))) || holdsSecretKey(value)) return "(hidden)";
  const text = (JSON.stringify(value) ?? String(value)).replace(URL_CREDENTIALS, "//(hidden)@");
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function holdsSecretKey(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => SECRET_KEY.test(key) || holdsSecretKey(inner),
  );
}
