import { UserError } from "../errors";
import { hasEnded, isReason, type Waiver, waiversOf } from "../recorded-waivers";
import type { StackJson } from "../terraform/stack-folder";
import type { SecretFinding } from "./secret-scan";

/** A waiver with an end (`Policies.waive` with `until`), and the places in the stack that it covers. */
export interface RecordedException extends Required<Waiver> {
  /** Terraform addresses; `terraform` for the whole stack. */
  readonly addresses: readonly string[];
}

/** Rule that a waiver must be of, so that a secret may be in states and plans. */
const SECRET_IN_STATE = "GO-SECRET-IN-STATE";

/** Returns the waivers with an end, each with all places that it covers. */
export function exceptionsIn(json: StackJson): RecordedException[] {
  const found = new Map<string, RecordedException>();
  for (const [address, body] of placesIn(json, [])) {
    for (const { until, ...waiver } of waiversOf(body, address)) {
      if (until === undefined) continue;
      const key = JSON.stringify([waiver, until]);
      const { addresses } = found.get(key) ?? { addresses: [] };
      found.set(key, { ...waiver, until, addresses: [...addresses, address] });
    }
  }
  return [...found.values()];
}

/**
 * Refuses waivers that have ended, or have no reason.
 * @param file path that the message names
 * @param now milliseconds since 1970
 * @throws UserError that names each of them
 */
export function refuseEnded(
  exceptions: readonly RecordedException[],
  file: string,
  now: number,
): void {
  const problems = exceptions.flatMap((exception) => {
    const { rule, waivedAt, until, reason } = exception;
    const what = `the waiver of ${rule} at ${waivedAt}`;
    if (!isReason(reason)) return `${what} gives no reason`;
    return hasEnded(exception, now) ? `${what} ended on ${until} (its reason: ${reason})` : [];
  });
  if (problems.length === 0) return;
  throw new UserError(
    `${file} cannot be rehearsed: ${problems.join("; ")}. Remove the cause and the waiver, or agree on another end, and write it into the waiver`,
  );
}

/** A file in which Terraform keeps values on purpose. */
const KEPT = /^(?!(?:.*\/)?assets\/).*\.(?:tfstate|tfplan)(?:\.\w+)?$/;

/**
 * Returns whether a finding is a secret that may be where it is: a variable with a waiver, in a state or a
 * plan of its own stack.
 *
 * @param owner name of the org that the stack's variables belong to
 */
export function isExcepted(
  { file, org, credential }: Pick<SecretFinding, "file" | "org" | "credential">,
  exceptions: readonly RecordedException[],
  owner: string,
): boolean {
  const [, name] = /^variable (.+)$/.exec(credential) ?? [];
  if (name === undefined || org !== owner || !KEPT.test(file)) return false;
  return exceptions.some(
    ({ rule, addresses }) =>
      rule === SECRET_IN_STATE &&
      (addresses.includes(`var.${name}`) || addresses.includes(WHOLE_STACK)),
  );
}

const WHOLE_STACK = "terraform";

/** Sections whose names are not a part of their addresses. */
const SHORT: Readonly<Record<string, string>> = { resource: "", variable: "var" };

/** Depth of the deepest block: section, type, name, and the place in a list. */
const DEEPEST = 4;

/** Yields every block with its address, and whatever lies between them. */
function* placesIn(value: object, path: readonly string[]): Iterable<[string, object]> {
  const [section = WHOLE_STACK, ...rest] = path;
  yield [[SHORT[section] ?? section, ...rest].filter(Boolean).join("."), value];
  if (path.length >= DEEPEST) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === "//" || typeof child !== "object" || child === null) continue;
    yield* placesIn(child, Array.isArray(value) ? path : [...path, key]);
  }
}
