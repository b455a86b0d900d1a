import type { OAuthClient } from "../../genesys/models";

// The request that deactivates a client also writes this mark, as the reconciler's does: so nothing is lost in a
// crash, a deactivation by somebody else is never taken for ours, and the time does not depend on which changes
// Genesys Cloud counts as a modification.

const MARK = / \(handed over to [a-z0-9-]+ on (\d{4}-\d\d-\d\dT[\d:]+Z)\)$/;

type Described = Pick<OAuthClient, "description">;

/** Returns the description of a client that was handed over to a credential. */
export function handedOverDescriptionOf(
  client: Described,
  credential: string,
  now: number,
): string {
  const time = new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
  return `${ownDescriptionOf(client)} (handed over to ${credential} on ${time})`;
}

/** Returns the time in the mark. Milliseconds since 1970; undefined without a mark. */
export function handedOverAt({ description = "" }: Described): number | undefined {
  const [, time = ""] = MARK.exec(description) ?? [];
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : at;
}

/** Returns the description without the mark. */
export const ownDescriptionOf = ({ description = "" }: Described): string =>
  description.replace(MARK, "");
