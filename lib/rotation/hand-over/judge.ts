import { isClientCredentials } from "../../genesys/grant-type";
import type { OAuthClient } from "../../genesys/models";
import type { ClientUse } from "../../genesys/usage-api";
import { TOKEN_LIFETIME } from "../../registry/defaults";
import { drainOf } from "../action";
import { DEFAULT_LIMITS } from "../limits";
import { handedOverAt } from "./mark";

/** The client that takes over. */
export type Successor =
  | { readonly works: true; readonly id: string }
  | { readonly works: false; readonly reason: string; readonly next: string };

/** What is known of one handover. Times are in milliseconds since 1970. */
export interface HandOver {
  readonly now: number;
  /** The client made by hand. */
  readonly old: OAuthClient;
  /** Why it was not made by hand; undefined if it was. */
  readonly ours?: string;
  /** The names of other credentials that also replace it. */
  readonly alsoReplacedBy: readonly string[];
  readonly successor: Successor;
  /** What the client permits and its successor does not; undefined before there is one. */
  readonly lacking?: readonly string[];
  /** Its use in the last {@link USE_DAYS}. */
  readonly use: ClientUse;
}

/** What a person accepts. */
export interface Accepted {
  readonly evenIfUsed?: boolean;
  readonly fewerPermissions?: boolean;
}

/** A change of the client made by hand. */
export type HandOverStep = "deactivate" | "delete" | "undo";

/** Days without use after which a client counts as unused. */
export const USE_DAYS = 7;

/** Returns why a step is refused; empty if it may be done. */
export function objectionsTo(step: HandOverStep, handOver: HandOver, accepted: Accepted): string[] {
  const foreign = [...whyNotByHand(handOver)];
  if (foreign.length > 0) return foreign;
  const wrongState = whyWrongState(step, handOver.old);
  if (wrongState !== undefined) return [wrongState];
  if (step === "undo") return [];
  const early = step === "delete" ? whyTooEarly(handOver) : undefined;
  return [...(early === undefined ? [] : [early]), ...whyNeeded(handOver, accepted)];
}

function* whyNotByHand({ old, ours, alsoReplacedBy }: HandOver): Generator<string> {
  if (ours !== undefined) yield `${ours}, and was not made by hand`;
  if (!isClientCredentials(old)) {
    yield `its grant is ${old.authorizedGrantType ?? "unknown"}: only a client for client credentials can be handed over`;
  }
  for (const name of alsoReplacedBy) yield `${name} replaces it as well: name it in one credential`;
}

function whyWrongState(step: HandOverStep, old: OAuthClient): string | undefined {
  const { state = "unknown" } = old;
  if (state !== "active" && state !== "inactive") {
    return `it is ${state}, which only Genesys' support changes`;
  }
  if (state === "active") return step === "deactivate" ? undefined : "it is active";
  if (handedOverAt(old) === undefined) {
    return "somebody else made it inactive: delete it in Genesys Cloud, or activate it there first";
  }
  return step === "deactivate" ? "it is inactive already" : undefined;
}

function whyTooEarly({ old, now }: HandOver): string | undefined {
  const from = deletableFrom(old);
  return from !== undefined && now < from
    ? `its tokens may work until ${new Date(from).toISOString()}`
    : undefined;
}

/**
 * Returns the time from which no token of a client works that was handed over; undefined if it was not. At
 * least two days: somebody may have shortened the lifetime after tokens were issued.
 */
export function deletableFrom(old: OAuthClient): number | undefined {
  const at = handedOverAt(old);
  if (at === undefined) return undefined;
  const modified = Date.parse(old.dateModified ?? "");
  const since = Number.isNaN(modified) ? at : Math.max(at, modified);
  const { accessTokenValiditySeconds = 0 } = old;
  const seconds = Math.max(accessTokenValiditySeconds, TOKEN_LIFETIME.most);
  return since + drainOf({ ...old, accessTokenValiditySeconds: seconds }, DEFAULT_LIMITS.skew);
}

/** Why consumers may still need the client. */
function* whyNeeded(
  { successor, lacking = [], use }: HandOver,
  { evenIfUsed, fewerPermissions }: Accepted,
): Generator<string> {
  if (!successor.works) yield `there is no new client that works: ${successor.reason}`;
  if (lacking.length > 0 && !fewerPermissions) {
    yield `the new client lacks ${lacking.join("; ")}: add it, or accept it with --fewer-permissions`;
  }
  if (evenIfUsed) return;
  if (!use.known) {
    yield `nobody knows whether it is still used (${use.reason}): make sure that it is not, and add --even-if-used`;
  } else if (use.requests > 0) {
    yield `it is still used: ${useText(use)}. Move its consumers, or add --even-if-used`;
  }
}

/** Returns the use of a client as text. */
export function useText(use: ClientUse): string {
  if (!use.known) return `not known: ${use.reason}`;
  const { requests, lastDay } = use;
  const last = lastDay === undefined ? "" : `, the last ones on ${lastDay}`;
  return requests === 0
    ? `no calls in the ${USE_DAYS} days until yesterday`
    : `${requests} ${requests === 1 ? "call" : "calls"} in the ${USE_DAYS} days until yesterday${last}`;
}
