import { UserError } from "../../../../errors";
import { holderText, locksOn, RUNBOOK } from "../../../project/held-locks";
import { type OrgBackend, orgBackend, withLockTable } from "../../../project/org-backends";
import { type StateObject, type StateStore, withStateStore } from "../../../project/state-store";
import type { Io } from "../../../terminal/io";

/** A state, and what a table says of it. */
export interface Digest {
  readonly org: string;
  /** `s3://<bucket>/<key>`. */
  readonly url: string;
  /** Name of the table; undefined where there is none to look in. */
  readonly table: string | undefined;
  /** Whether the org's backend uses the table. */
  readonly inUse: boolean;
  /** MD5 as the table has it. */
  readonly recorded: string | undefined;
  readonly object: StateObject | undefined;
  /** Undefined where there is no object, or no state in it. */
  readonly serial: number | undefined;
}

/** How to check a digest. */
export interface DigestProps {
  /** An earlier lock table, where the backend names none any more. */
  readonly table?: string;
  /** Whether the digest is corrected. @default false */
  readonly fix?: boolean;
  /** Whether the corrected digest is written. @default false */
  readonly yes?: boolean;
}

/** What came of the check. */
export interface DigestCheck {
  readonly found: Digest;
  /** What is wrong with the digest; undefined where it is right. */
  readonly problem?: string;
  /** The digest as it should be; undefined where nothing is to be corrected, null where it is removed. */
  readonly corrected?: string | null;
  readonly written: boolean;
}

/**
 * Compares the digest of an org's state with the state, and corrects it.
 *
 * @throws UserError where it cannot be corrected, or a run may be writing
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
  // The digest first. A run writes the object and then the digest: one that began in between has
  // changed the digest when it is replaced, or changes it after that.
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

/** Serial of a state; undefined where the text is none, as when it was cut off. */
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
    return `the object is no state (${object.bytes} bytes): restore a version of it first; ${RUNBOOK}`;
  }
  if (recorded === undefined) return undefined;
  if (!inUse) {
    return `the table ${table} has a digest that nobody keeps up to date: a run that locks with it would refuse the state; --fix --yes removes it`;
  }
  if (!object) {
    return `there is no object, but a digest: restore a version of it first, or remove the digest by hand where the state is meant to be gone; ${RUNBOOK}`;
  }
  if (object.md5 === recorded) return undefined;
  return `the digest is not that of the object: make sure that the object is the right version (${RUNBOOK}), then --fix --yes`;
}

/** @throws UserError where it is not the digest that needs a correction, or a run may be writing */
async function refuse(io: Io, store: StateStore, found: Digest): Promise<void> {
  const { org, inUse, object, serial } = found;
  for (const lock of await locksOn(store)) {
    throw new UserError(
      `${org}: the digest is not touched while a lock is held: ${lock.id || "unreadable"}, ${holderText(lock, io.now())}; \`genesys-orgs locks ${org}\``,
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
  throw new UserError(`${org}: a run has written in the meantime; look again`);
}

/** Undefined: no digest. */
const shouldBe = ({ inUse, object }: Digest): string | undefined =>
  inUse ? object?.md5 : undefined;
