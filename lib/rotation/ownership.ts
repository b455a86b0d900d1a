import type { OAuthClient } from "../genesys/models";
import { secretArnIn, versionIn } from "./client-name";
import { rememberedVersions } from "./history";
import type { SecretHistory, SecretVersion } from "./secret-store";
import type { CredentialStatus } from "./status";

/** Difference between the clocks of AWS and Genesys Cloud. Milliseconds. */
const CLOCK_SKEW = 10 * 60_000;

/** The evidence about the clients of one credential. */
export interface Evidence {
  readonly status: CredentialStatus;
  /** Undefined for a secret that no longer exists. */
  readonly history?: SecretHistory;
  /** The organisation's clients. */
  readonly clients: readonly OAuthClient[];
  /** Client id of the master that asks. */
  readonly creator: string;
}

/**
 * Whether the rotator created a client with the marks of a credential. The marks alone prove nothing,
 * since anyone who may see and create clients can copy them. Proof is:
 *
 * - Genesys Cloud says that the master created it, or an earlier master, or
 * - a value that was the current one contains its id, or
 * - nothing says who created it, and it is the only client of a version that had none before: nobody in
 *   Genesys Cloud can know the id of a version before it has a client.
 */
export function isProven(client: OAuthClient, evidence: Evidence): boolean {
  const { status, history, creator } = evidence;
  const creators = [creator, ...(status.creators ?? [])];
  if (client.createdBy && creators.includes(client.createdBy.id)) return true;
  if (Object.values(status.versions).includes(client.id)) return true;
  if (client.createdBy) return false;
  const named = versionIn(client.name);
  if (history === undefined || named === undefined || status.versions[named]) return false;
  const version = rememberedVersions(history).find(({ id }) => id === named);
  return (
    version !== undefined && isBornFor(version, client) && isAlone(client, named, evidence.clients)
  );
}

/** Whether a client is not older than a version; an unknown age counts as young enough. */
export const isBornFor = ({ createdAt = 0 }: SecretVersion, { dateCreated }: OAuthClient) =>
  !(Date.parse(dateCreated ?? "") < createdAt - CLOCK_SKEW);

const isAlone = (client: OAuthClient, version: string, clients: readonly OAuthClient[]) =>
  !clients.some(
    (other) =>
      other.id !== client.id &&
      other.state !== "deleted" &&
      versionIn(other.name) === version &&
      secretArnIn(other) === secretArnIn(client),
  );
