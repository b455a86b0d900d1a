import { type RotationAttempt, readAttempt } from "./attempt";
import type { FoundClient } from "./findings";
import { isMarked } from "./retirement-mark";
import type { ParameterKind } from "./rotation-names";
import type { ClientSpecification } from "./specification";
import { type CredentialStatus, readStatus } from "./status";

/** The texts of a credential's parameters; one that does not exist is undefined. */
export type CredentialParameters = Readonly<Partial<Record<ParameterKind, string>>>;

/**
 * The state of a credential, as the rotator and the reconciler noted it last: at most an hour old if
 * the reconciler runs. Times are in milliseconds since 1970; what is not known is undefined.
 */
export interface CredentialReport {
  readonly sensitivity?: string;
  readonly owner?: string;
  readonly rotationDays?: number;
  /** Creation of the current version. */
  readonly rotatedAt?: number;
  /** Time at which the current version is as old as its class allows. */
  readonly deadline?: number;
  /** Time from which the reconciler starts the next rotation. */
  readonly startsAt?: number;
  readonly lastAttempt?: RotationAttempt;
  /** Clients that are not deleted. */
  readonly clients: readonly ReportedClient[];
  /**
   * Last day on which a consumer read the value, in UTC, for example `2026-11-28`. It is looked at on
   * one day of each week, since Secrets Manager counts the rotator's and the reconciler's reads as well.
   */
  readonly lastAccessedOn?: string;
  /** Time since which the current value has not worked. */
  readonly refusedSince?: number;
  /** Whether its clients are being retired. */
  readonly retiring: boolean;
  /** Whether its rotation is switched on. */
  readonly rotates?: boolean;
}

/** A client of a credential that is not deleted. */
export interface ReportedClient extends FoundClient {
  /** Whether it is the client of the current value. */
  readonly current: boolean;
}

const DAY = 24 * 3_600_000;

/** Reads the state of a credential from its parameters. A part that cannot be read is not known. */
export function readCredentialReport(parameters: CredentialParameters): CredentialReport {
  const { secretArn, sensitivity, owner, rotationDays } = specificationIn(parameters);
  const status = readStatus(parameters.status);
  const { current, startsAt, rotates, clients = [], consumedOn } = status.findings ?? {};
  const currentClient = status.versions[current?.version ?? ""];
  const rotatedAt = current?.since;
  return {
    sensitivity,
    owner,
    rotationDays,
    rotatedAt,
    deadline:
      rotatedAt === undefined || rotationDays === undefined
        ? undefined
        : rotatedAt + rotationDays * DAY,
    startsAt,
    lastAttempt: lastAttempt(readAttempt(parameters.attempt), status),
    clients: clients.map((client) => ({ ...client, current: client.id === currentClient })),
    lastAccessedOn: consumedOn,
    refusedSince: status.refusedSince,
    retiring: secretArn !== undefined && isMarked(parameters.retirement, secretArn),
    rotates,
  };
}

/**
 * Returns the last attempt. If the rotator could not write its note, the current version shows that it
 * succeeded.
 */
function lastAttempt(
  noted: RotationAttempt | undefined,
  { findings }: CredentialStatus,
): RotationAttempt | undefined {
  const { version, since } = findings?.current ?? {};
  const isPromoted = noted !== undefined && noted.version === version;
  const isNewest = noted !== undefined && noted.at >= (since ?? 0);
  if (version === undefined || since === undefined || (isNewest && !isPromoted)) return noted;
  if (isPromoted && noted.result === "succeeded") return noted;
  const at = isPromoted ? noted.at : since;
  return { at, version, step: "finishSecret", result: "succeeded" };
}

function specificationIn({ specification }: CredentialParameters): Partial<ClientSpecification> {
  try {
    return (JSON.parse(specification ?? "{}") as Partial<ClientSpecification> | null) ?? {};
  } catch {
    return {};
  }
}
