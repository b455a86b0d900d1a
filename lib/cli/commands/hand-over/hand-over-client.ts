import { UserError } from "../../../errors";
import type { OAuthClient } from "../../../genesys/models";
import type { PlatformApi } from "../../../genesys/platform-api";
import { UsageApi } from "../../../genesys/usage-api";
import { ApiError } from "../../../http/api-error";
import { day } from "../../../inventory/judge";
import type { LiveSecret } from "../../../inventory/live-secret";
import type { SecretReport } from "../../../registry/report";
import { lackedByCaller } from "../../../rotation/grants";
import {
  type Accepted,
  type HandOver,
  type HandOverStep,
  objectionsTo,
  type Successor,
  USE_DAYS,
} from "../../../rotation/hand-over/judge";
import { lackingIn } from "../../../rotation/hand-over/lacking";
import {
  handedOverAt,
  handedOverDescriptionOf,
  ownDescriptionOf,
} from "../../../rotation/hand-over/mark";
import { whyOurs } from "../../../rotation/hand-over/ours";
import { onOneLine } from "../../terminal/printable";
import { grantsOf } from "./grants-of";
import type { HandOverFacts } from "./read-facts";

/** A credential that takes over from a client made by hand. */
export type Replacing = SecretReport & { readonly replaces: string };

/** Finds a credential that takes over from a client. @throws UserError if there is none */
export function replacingNamed({ org }: HandOverFacts, name: string): Replacing {
  const found = org.secrets.find((secret) => secret.name === name);
  if (!found) {
    const names = org.secrets.flatMap((secret) => (secret.replaces ? secret.name : []));
    const known =
      names.length > 0
        ? `those that replace a client are ${names.join(", ")}`
        : "none of its credentials replaces a client";
    throw new UserError(`${org.name} has no credential ${name}: ${known}`);
  }
  const { replaces } = found;
  if (replaces !== undefined) return { ...found, replaces };
  throw new UserError(
    `${org.name}: ${name} replaces no client: set replaces in its registry entry to the id of the client made by hand; \`genesys-orgs hand-over ${org.name}\` lists them`,
  );
}

/** Reads how far a handover is; undefined if the client made by hand no longer exists. */
export async function readHandOver(
  facts: HandOverFacts,
  credential: Replacing,
): Promise<HandOver | undefined> {
  const { org, api, clock, own, secrets } = facts;
  const old = await api.oauthClient(credential.replaces);
  if (!old) return undefined;
  const found = clientIn(facts, credential, secrets.get(credential.secretName));
  const next = typeof found === "string" ? await api.oauthClient(found) : undefined;
  const successor = typeof found === "string" ? activeOr(credential, found, next) : found;
  const lacking = next && lackingIn(await grantsOf(api, next), await grantsOf(api, old));
  return {
    now: clock.now(),
    old,
    ours: whyOurs(old, own),
    alsoReplacedBy: org.secrets
      .filter(({ name, replaces }) => name !== credential.name && replaces === credential.replaces)
      .map(({ name }) => name),
    successor,
    lacking,
    use: await new UsageApi(api, clock).useOf(old.id, USE_DAYS),
  };
}

/** Returns the id of the current client, which the rotator proved and the reconciler noted; or why there is none. */
function clientIn(
  { org }: HandOverFacts,
  { name, secretName }: Replacing,
  live: LiveSecret | undefined,
): string | NoSuccessor {
  const deploy = `run \`genesys-orgs deploy ${org.name}\``;
  if (!live?.exists) return none(`the secret ${secretName} does not exist`, deploy);
  if (live.deletedAt !== undefined) {
    return none(`the secret ${secretName} is scheduled for deletion`, `restore ${secretName}`);
  }
  if (live.retiring) {
    const undo = `run \`genesys-orgs retire ${org.name} ${name} --undo --yes\``;
    return none(`${name} is being retired`, undo);
  }
  if (live.refusedSince !== undefined) {
    const reason = `the value of ${secretName} has not worked since ${day(live.refusedSince)}`;
    return none(reason, `rotate ${secretName}`);
  }
  const current = live.clients.find((client) => client.current);
  if (current) return current.id;
  const reason = `the reconciler has noted no client of ${secretName} yet`;
  return none(reason, "wait for the first rotation, and for at most an hour after it");
}

type NoSuccessor = Extract<Successor, { readonly works: false }>;

const none = (reason: string, next: string): NoSuccessor => ({ works: false, reason, next });

const activeOr = (
  { secretName }: Replacing,
  id: string,
  client: OAuthClient | undefined,
): Successor =>
  client?.state === "active"
    ? { works: true, id }
    : none(`${id} is ${client?.state ?? "gone"}`, `rotate ${secretName}`);

/**
 * Does a step, as the organisation's master. Each is one request that changes something, so that a run which was
 * stopped can be repeated.
 *
 * @returns the client afterwards, if it still exists
 * @throws UserError if the master may not do it
 */
export async function handOver(
  { org, api, clock }: HandOverFacts,
  { name }: Replacing,
  step: HandOverStep,
  { old }: HandOver,
): Promise<OAuthClient | undefined> {
  if (step !== "delete") await refuseUnheld(org.name, api, old);
  try {
    if (step === "delete") {
      await api.deleteOAuthClient(old.id);
      return undefined;
    }
    const description =
      step === "undo" ? ownDescriptionOf(old) : handedOverDescriptionOf(old, name, clock.now());
    const state = step === "undo" ? "active" : "inactive";
    return await api.updateOAuthClient(old.id, { description, state });
  } catch (error) {
    if (!(error instanceof ApiError) || ![400, 403].includes(error.status ?? 0)) throw error;
    throw new UserError(
      `${org.name}: ${error.message}. The master needs oauth:client:edit and oauth:client:delete, and the roles of ${old.id}`,
    );
  }
}

/**
 * An update sends all fields back. Genesys Cloud lets a client set only roles that it has itself, and might leave
 * out the others without an error.
 */
async function refuseUnheld(org: string, api: PlatformApi, old: OAuthClient): Promise<void> {
  const lacking = await lackedByCaller(api, old.roleDivisions ?? []);
  if (lacking.length === 0) return;
  const roles = lacking.map(({ roleId, divisionId }) => `${roleId} in division ${divisionId}`);
  throw new UserError(
    `${org}: the master lacks the role ${roles.join(" and the role ")} of ${old.id}, and Genesys Cloud lets a client change only clients whose roles it has itself: give the master the role, or make the change in Genesys Cloud`,
  );
}

/** Whether an earlier run has done a step already. */
export const isDone = (step: HandOverStep, old: OAuthClient): boolean =>
  step === "deactivate"
    ? old.state === "inactive" && handedOverAt(old) !== undefined
    : step === "undo" && old.state === "active";

/** @throws UserError with every objection to a step */
export function refuseObjections(
  { org }: HandOverFacts,
  step: HandOverStep,
  state: HandOver,
  accepted: Accepted,
): void {
  const objections = objectionsTo(step, state, accepted);
  if (objections.length === 0) return;
  const { id, name } = state.old;
  throw new UserError(
    `${org.name}: ${onOneLine(name)} (${id}) was not changed:\n${objections.map((each) => `  ${each}`).join("\n")}`,
  );
}
