import type { OAuthClient } from "../genesys/models";
import { type Action, actionOn, deactivationOf, deleteWhenDrained } from "./action";
import {
  credentialNameIn,
  isRetired,
  rotatedDescriptionOf,
  secretArnIn,
  versionIn,
} from "./client-name";
import type { StoredCredential } from "./credential-records";
import { currentVersionOf } from "./history";
import type { ReconciliationLimits } from "./limits";
import { isProven } from "./ownership";
import type { SecretHistory, SecretVersion } from "./secret-store";
import { isAsSpecified, updateOf } from "./specified-client";
import { type CredentialStatus, currentClientOf, NO_STATUS, type Observation } from "./status";

/** One credential as a run found it; its status includes what the run saw. */
export interface ManagedCredential extends StoredCredential {
  /** Undefined if there is no specification, or the secret could not be read. */
  readonly history?: SecretHistory;
  /** What the run saw of it, to be noted. */
  readonly seen?: Observation;
}

/** The state that a run compares. */
export interface View {
  /** Time after everything was read. */
  readonly now: number;
  /** The beginning of the ARN of every secret of the org here. */
  readonly secretPrefix: string;
  readonly credentials: readonly ManagedCredential[];
  /** ARNs of secrets that exist and have no specification: their clients are left alone. */
  readonly unspecified: ReadonlySet<string>;
  /** All clients of the organisation. */
  readonly clients: readonly OAuthClient[];
  /** Client id of the master that asks. */
  readonly creator: string;
  readonly limits: ReconciliationLimits;
}

/** A decision about one client. */
export interface Judgement {
  readonly action?: Action;
  /** Kind of a deactivation or deletion, for the limits of a run. */
  readonly why?: "retiring" | "superseded" | "orphaned";
  /** Whether it has our marks, but nothing proves that the rotator created it. */
  readonly unproven?: boolean;
  /** Whether it is the current client, and a person deactivated it. */
  readonly refused?: boolean;
}

/** Decides about one client with our marks. A pure function. */
export function judge(view: View, client: OAuthClient): Judgement {
  const secretArn = secretArnIn(client);
  const name = credentialNameIn(secretArn, view.secretPrefix);
  const credential = view.credentials.find((each) => each.name === name);
  if (credential?.problem !== undefined || view.unspecified.has(secretArn)) return {};
  const { status = NO_STATUS, specification, retiring } = credential ?? {};
  const history = specification?.secretArn === secretArn ? credential?.history : undefined;
  const { clients, creator } = view;
  if (!isProven(client, { status, history, clients, creator })) return { unproven: true };
  // Also the clients of an earlier secret of the same name, which was deleted.
  if (retiring) return judgeRetiring(view, client, status);
  const current = currentClientOf(status, credential?.history);
  if (client.id === current) return judgeCurrent(client, credential as ManagedCredential);
  // Any of them may be the current one.
  if (current === undefined && currentVersionOf(history)) return {};
  const version = history?.versions.find(({ id }) => id === versionIn(client.name));
  return version && !version.stages.includes("AWSCURRENT")
    ? judgeVersion(view, client, credential as ManagedCredential, version)
    : judgeOrphan(view, client, status);
}

/** Without an overlap, since nobody reads the credential any more. */
const judgeRetiring = (view: View, client: OAuthClient, status: CredentialStatus): Judgement => ({
  why: "retiring",
  action:
    client.state === "inactive"
      ? deletionOf(view, client, status)
      : deactivationOf(client, "its credential is being retired"),
});

function judgeCurrent(client: OAuthClient, credential: ManagedCredential): Judgement {
  const { history, specification, status } = credential;
  const version = currentVersionOf(history)?.id;
  // If the reconciler deactivated it, the label came back or the retirement was undone. Otherwise a
  // person did, who had a reason. A client that was deleted may stay listed.
  const isDeleted = status.clients[client.id]?.deletedAt !== undefined;
  if (client.state === "inactive" && (isDeleted || !isRetired(client))) return { refused: true };
  // A value that somebody wrote by hand may have the client of an earlier version.
  if (!specification || version === undefined) return {};
  const isNamed = versionIn(client.name) === version;
  const isRight = client.state === "active" && !isRetired(client);
  if (isRight && (!isNamed || isAsSpecified(client, specification))) return {};
  const update = isNamed
    ? updateOf(client, specification, version)
    : { state: "active" as const, description: rotatedDescriptionOf(secretArnIn(client)) };
  return { action: actionOn(client, "update", "it differs from its specification", update) };
}

function judgeVersion(
  view: View,
  client: OAuthClient,
  credential: ManagedCredential,
  { stages }: SecretVersion,
): Judgement {
  const { status } = credential;
  if (stages.includes("AWSPENDING")) return {};
  if (client.state === "inactive") {
    return { why: "superseded", action: deletionOf(view, client, status) };
  }
  const unchangedFor = view.now - (status.labelsSince ?? view.now);
  if (unchangedFor < view.limits.overlap || !mayBeReplaced(view, credential)) return {};
  const action = deactivationOf(client, "another version is the current one");
  return { why: "superseded", action };
}

/**
 * Whether the current client is there, or there never was one. If somebody deleted it, the previous
 * one is the way back.
 */
function mayBeReplaced({ clients }: View, { status, history }: ManagedCredential): boolean {
  if (!currentVersionOf(history)) return true;
  const current = currentClientOf(status, history);
  return clients.some(({ id, state }) => id === current && state !== "deleted");
}

function judgeOrphan(view: View, client: OAuthClient, status: CredentialStatus): Judgement {
  // An unknown age does not count as old.
  const age = view.now - Date.parse(client.dateCreated ?? "");
  if (!(age >= view.limits.orphanAge)) return {};
  // Never in one step, so that a person can see it and reverse it.
  const action =
    client.state === "inactive"
      ? deletionOf(view, client, status)
      : deactivationOf(client, "it belongs to no version of a secret");
  return { why: "orphaned", action };
}

/** Genesys Cloud keeps older clients for seven days, so that their deletion can be reversed. */
const DELETED_CLIENT_STAYS = 8 * 24 * 3_600_000;

function deletionOf({ now, limits }: View, client: OAuthClient, { clients }: CredentialStatus) {
  const { inactiveSince, deletedAt } = clients[client.id] ?? {};
  if (deletedAt !== undefined && now - deletedAt < DELETED_CLIENT_STAYS) return undefined;
  return deleteWhenDrained(now, client, inactiveSince, limits.skew);
}
