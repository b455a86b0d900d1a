import { UserError } from "../../../../errors";
import { locksOn, lockText, RUNBOOK } from "../../../project/held-locks";
import { type OrgBackend, orgBackend, withLockTable } from "../../../project/org-backends";
import { type StateObject, type StateStore, withStateStore } from "../../../project/state-store";
import type { Io } from "../../../terminal/io";

/** A state, and its digest in a lock table. */
export interface Digest {
  readonly org: string;
  /** `s3://<bucket>/<key>`. */
  readonly url: string;
  /** Name of the lock table; undefined if there is none. */
  readonly table: string | undefined;
  /** Whether the org's backend uses the table. */
  readonly inUse: boolean;
  /** The digest in the table. */
  readonly recorded: string | undefined;
  readonly object: StateObject | undefined;
  /** Undefined if there is no object, or it is not a valid state. */
  readonly serial: number | undefined;
}

/** How to check a digest. */
export interface DigestProps {
  /** An earlier lock table, for a backend that no longer names one. */
  readonly table?: string;
  /** Whether the digest is corrected. @default false */
  readonly fix?: boolean;
  /** Whether the corrected digest is written. @default false */
  readonly yes?: boolean;
}

/** The result of a check. */
export interface DigestCheck {
  readonly found: Digest;
  /** The problem with the digest; undefined if the digest is correct. */
  readonly problem?: string;
  /** The correct digest; null if the digest must be removed, undefined if nothing is corrected. */
  readonly corrected?: string | null;
  readonly written: boolean;
}

/**
 * Compares the state of an org with its digest, and corrects the digest.
 *
 * @throws UserError if the digest cannot be corrected, or a run may be writing
 */
export async function checkDigest(
  io: Io,
  name: string,
  { table, fix = false, yes = false }: DigestProps,
): Promise<DigestCheck> {
  const place = await orgBackend(io, name, table);
  return withStateStore(withLockTable(place.backend, table), async (store) => {
    const found = await look(store, place);
    const problem = problemOf(found);
    if (problem === undefined || !fix) return { found, problem, written: false };
    await refuse(io, store, found);
    if (yes) await write(store, place, found);
    return { found, problem, corrected: shouldBe(found) ?? null, written: yes };
  });
}

async function look(store: StateStore, { org, backend }: OrgBackend): Promise<Digest> {
  // The digest first. A run writes the object and then the digest. If a run begins in between, it
  // changes the digest before or after this command replaces it.
  const recorded = await store.digest();
  const object = await store.state();
  return {
    org: org.name,
    url: store.url,
    table: store.backend.dynamodb_table,
    inUse: backend.dynamodb_table !== undefined,
    recorded,
    object,
    serial: object && serialIn(object.text),
  };
}

/** Returns the serial of a state; undefined if the text is not a valid state, for example truncated. */
function serialIn(text: string): number | undefined {
  try {
    const { serial, lineage } = Object(JSON.parse(text));
    return typeof serial === "number" && typeof lineage === "string" ? serial : undefined;
  } catch {
    return undefined;
  }
}

function problemOf({ table, inUse, recorded, object, serial }: Digest): string | undefined {
  if (object && serial === undefined) {
    return `the object is not a valid state (${object.bytes} bytes): restore an earlier version first (${RUNBOOK})`;
  }
  if (recorded === undefined) return undefined;
  if (!inUse) {
    return `the table ${table} has a digest, but the backend no longer names this table: a run that uses the table would refuse the state. --fix --yes removes the digest`;
  }
  if (!object) {
    return `the table has a digest, but the object does not exist: restore a version of it or, if the state was deleted on purpose, remove the digest by hand (${RUNBOOK})`;
  }
  if (object.md5 === recorded) return undefined;
  return `the digest is not the MD5 of the object: make sure that the object is the right version (${RUNBOOK}), then use --fix --yes`;
}

/** @throws UserError if the state itself is wrong, or a run may be writing */
async function refuse(io: Io, store: StateStore, found: Digest): Promise<void> {
  const { org, inUse, object, serial } = found;
  for (const lock of await locksOn(store)) {
    throw new UserError(
      `${org}: the digest was not changed, because ${lockText(lock, io.now())}, is held. See \`genesys-orgs locks ${org}\``,
    );
  }
  if ((object && serial === undefined) || (inUse && !object)) {
    throw new UserError(`${org}: ${problemOf(found)}`);
  }
}

async function write(store: StateStore, place: OrgBackend, found: Digest): Promise<void> {
  const { org, recorded } = found;
  const replaced = await store.replaceDigest(recorded, shouldBe(found));
  if (replaced && problemOf(await look(store, place)) === undefined) return;
  throw new UserError(`${org}: a run wrote at the same moment; start this command again`);
}

/** Undefined if there should be no digest. */
const shouldBe = ({ inUse, object }: Digest): string | undefined =>
  inUse ? object?.md5 : undefined;
