import type { OrgEntry } from "../model";
import { nearest } from "../nearest";
import { namesText, problemAbout, type RegistryProblem } from "../registry-error";
import type { CheckedOrg } from "./checked";

/** The lists of an org's entry whose items have consumers. */
const LISTS = ["oauthClients", "secrets"] as const satisfies readonly (keyof OrgEntry)[];

/**
 * Reports the consumers that a credential of an org names and the registry does not have.
 *
 * @param names names of the registry's consumers
 */
export function* unknownConsumers(
  { subject, entry }: Pick<CheckedOrg, "subject" | "entry">,
  names: readonly string[],
): Generator<RegistryProblem> {
  for (const list of LISTS) {
    for (const [index, { consumers = [] }] of (entry[list] ?? []).entries()) {
      for (const [place, given] of consumers.entries()) {
        if (!isUnknown(given, names)) continue;
        const path = [list, index, "consumers", place];
        yield problemAbout(subject, path, given, "consumer-unknown", expectedFor(given, names));
      }
    }
  }
}

/** Whether a consumer is neither a role nor a consumer of the registry. */
export const isUnknown = (given: string, names: readonly string[]): boolean =>
  !given.startsWith("arn:") && !names.includes(given);

/** Says what to write in place of an unknown consumer. */
export function expectedFor(given: string, names: readonly string[]): string {
  const meant = nearest(given, names);
  if (meant.length > 0) return `did you mean ${namesText(meant)}?`;
  return names.length > 0
    ? `use one of ${namesText(names)}, or the ARN of an IAM role`
    : "add it to consumers of the registry, or give the ARN of an IAM role";
}
