import type { OAuthClient, OAuthClientRequest } from "../genesys/models";
import { secretArnIn } from "./client-name";
import { consumedOn, type Findings, foundClients, foundVersion } from "./findings";
import { currentVersionOf, labelsOf, rememberedVersions } from "./history";
import type { SecretHistory } from "./secret-store";
import { inheritedFrom } from "./specified-client";

/**
 * The reconciler's notes about one credential: which client each version has, and its own times.
 * They do not depend on which changes AWS and Genesys Cloud count as a modification. Another run may
 * overwrite a note: its loss only delays something.
 */
export interface CredentialStatus {
  /** The secret's labels in the last run, and its last change according to Secrets Manager. */
  readonly labels?: string;
  /** Time since which all runs saw these labels. Milliseconds since 1970, like all times here. */
  readonly labelsSince?: number;
  /** Client ids by version, from the values that were current. */
  readonly versions: Readonly<Record<string, string>>;
  /** Notes about inactive clients, by client id. */
  readonly clients: Readonly<Record<string, ClientStatus>>;
  /** Client ids of the masters that made the runs, newest first: each may have created clients. */
  readonly creators?: readonly string[];
  /** The current client's fields that no specification has, for the next client. */
  readonly inherited?: Partial<OAuthClientRequest>;
  /** Marks of the deliveries to integration credentials, by their ids: see `deliver-current.ts`. */
  readonly delivered?: Readonly<Record<string, string>>;
  /** Time at which the reconciler last read a value, logins aside. */
  readonly readAt?: number;
  /** Time of the last login with a current value. */
  readonly triedAt?: number;
  /** Time of the last login that showed whether a current value works. */
  readonly provenAt?: number;
  /** Time since which the current value has not worked. */
  readonly refusedSince?: number;
  /** Findings for people: see `credential-report.ts`. */
  readonly findings?: Findings;
}

/** The notes about one client. */
export interface ClientStatus {
  /** Time since which all runs saw it inactive, and with the same date of modification. */
  readonly inactiveSince?: number;
  readonly modified?: string;
  /** Time at which its deletion was accepted; it may stay listed for a week. */
  readonly deletedAt?: number;
}

export const NO_STATUS: CredentialStatus = { versions: {}, clients: {} };

/** Reads a status; one that cannot be read is empty, since no note is needed to be safe. */
export function readStatus(text: string | undefined): CredentialStatus {
  try {
    const value = JSON.parse(text ?? "{}") as Partial<CredentialStatus> | null;
    return { ...value, versions: value?.versions ?? {}, clients: value?.clients ?? {} };
  } catch {
    return NO_STATUS;
  }
}

/** The state of a credential in one run. */
export interface Observation {
  /** Time after everything was read. */
  readonly now: number;
  readonly secretArn: string;
  /** Undefined for a secret that no longer exists. */
  readonly history?: SecretHistory;
  /** Id of the client in the current value; undefined if it was not read. */
  readonly currentClient?: string;
  /** The organisation's clients, and the master that listed them; undefined if nobody did. */
  readonly listed?: Listed;
  /** Time from which the reconciler starts the next rotation. */
  readonly startsAt?: number;
  /** Time of the rotator's last work: it may have read the value then. */
  readonly attemptedAt?: number;
}

/** The clients of an organisation. */
export interface Listed {
  readonly clients: readonly OAuthClient[];
  /** Client id of the master. */
  readonly creator: string;
}

/** Number of masters that are remembered. */
const REMEMBERED_CREATORS = 10;

/** Returns the id of the client of the current version; undefined if it is not known. */
export const currentClientOf = (
  status: CredentialStatus,
  history: SecretHistory | undefined,
): string | undefined => status.versions[currentVersionOf(history)?.id ?? ""];

/** Returns the status after an observation. */
export function observe(status: CredentialStatus, seen: Observation): CredentialStatus {
  const { now, history, currentClient, listed } = seen;
  const { creators = [] } = status;
  const current = currentVersionOf(history)?.id;
  const versions = {
    ...status.versions,
    ...(current !== undefined && currentClient !== undefined && { [current]: currentClient }),
  };
  const labels = history ? labelsOf(seen.secretArn, history) : status.labels;
  const labelsSince = labels === status.labels ? status.labelsSince : now;
  const clients = clientsIn(status, seen);
  const readAt = currentClient === undefined ? status.readAt : now;
  return {
    ...status,
    labels,
    labelsSince,
    readAt,
    versions: remembered(versions, seen),
    clients,
    findings: findingsIn({ ...status, labelsSince, readAt, clients }, seen),
    inherited: inheritedIn(status, versions[current ?? ""], listed),
    creators: listed
      ? [...new Set([listed.creator, ...creators])].slice(0, REMEMBERED_CREATORS)
      : status.creators,
  };
}

function findingsIn(status: CredentialStatus, seen: Observation): Findings | undefined {
  const { findings = {}, labelsSince, readAt, triedAt, clients } = status;
  const { history, listed } = seen;
  if (!history) return status.findings;
  const ownReads = [labelsSince, readAt, triedAt, seen.attemptedAt, history.changedAt];
  return {
    current: foundVersion(currentVersionOf(history)),
    startsAt: seen.startsAt,
    rotates: history.rotates,
    clients: listed ? foundClients(ownClients(status, seen), clients) : findings.clients,
    consumedOn: consumedOn(findings.consumedOn, history.accessedAt, ownReads),
  };
}

function remembered(
  versions: CredentialStatus["versions"],
  { history, listed }: Observation,
): CredentialStatus["versions"] {
  if (!listed) return versions;
  const kept = new Set(history && rememberedVersions(history).map(({ id }) => id));
  const ids = new Set(listed.clients.map(({ id }) => id));
  return Object.fromEntries(
    Object.entries(versions).filter(([version, id]) => kept.has(version) || ids.has(id)),
  );
}

/** As last seen: the current client may be deleted before the next one is created. */
function inheritedIn(
  { inherited }: CredentialStatus,
  currentClient: string | undefined,
  listed: Listed | undefined,
): CredentialStatus["inherited"] {
  const client = listed?.clients.find(({ id }) => id === currentClient);
  return client ? inheritedFrom(client) : inherited;
}

function clientsIn(status: CredentialStatus, seen: Observation): CredentialStatus["clients"] {
  const { clients: noted } = status;
  const { now, listed } = seen;
  if (!listed) return noted;
  const inactive = ownClients(status, seen).filter(({ state }) => state === "inactive");
  return Object.fromEntries(
    inactive.map(({ id, dateModified }) => {
      const note = noted[id] ?? {};
      const isSame = note.inactiveSince !== undefined && note.modified === dateModified;
      return [id, isSame ? note : { ...note, inactiveSince: now, modified: dateModified }];
    }),
  );
}

const ownClients = ({ clients }: CredentialStatus, { secretArn, listed }: Observation) =>
  (listed?.clients ?? []).filter(
    (client) => clients[client.id] || secretArnIn(client) === secretArn,
  );

/**
 * Returns the status with a further note about a client.
 * @param note undefined to remove all notes about it
 */
export function withNote(
  status: CredentialStatus,
  clientId: string,
  note: ClientStatus | undefined,
): CredentialStatus {
  const { [clientId]: noted, ...others } = status.clients;
  return { ...status, clients: note ? { ...others, [clientId]: { ...noted, ...note } } : others };
}
