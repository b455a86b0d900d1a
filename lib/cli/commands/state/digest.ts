import type { Command } from "commander";
import { UserError } from "../../../errors";
import { holderText, locksOn, RUNBOOK } from "../../project/held-locks";
import { inTable, type OrgState, orgState } from "../../project/org-backends";
import { type StateObject, StateStore } from "../../project/state-store";
import { type Io, writeJson } from "../../terminal/io";

interface DigestOptions {
  readonly table?: string;
  readonly fix?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Adds `genesys-orgs state digest`. */
export function addDigestCommand(state: Command, io: Io): void {
  state
    .command("digest")
    .summary("compare a state with the digest in its lock table, and mend that")
    .description(
      "Compare an organisation's state with the digest that its lock table has of it, and mend the digest",
    )
    .argument("<org>", "name of an organisation")
    .option("--fix", "say what the digest should be; with --yes: write it")
    .option("--yes", "write it, if no lock is held")
    .option(
      "--table <name>",
      "look in this DynamoDB table, where the organisation's backend names none any more; what it has is removed",
    )
    .option("--json", "print one JSON document on stdout")
    .addHelpText(
      "after",
      `
A broken digest is what Terraform means by "state data in S3 does not have the expected content". The
object may be what is broken: look at it, and restore a version of it, before you mend the digest.

Examples:
  genesys-orgs state digest na-prod
  genesys-orgs state digest na-prod --fix --yes
  genesys-orgs state digest na-prod --table genesys-state-lock-na-prod --fix --yes

Exit codes: 0 the digest is right, was put right, or with --fix alone: could be; 1 it is broken, or a
mistake, a refusal or a failure; nothing was written then.`,
    )
    .action((org: string, options: DigestOptions) => digest(io, org, options));
}

/** A state, and what a table says of it. */
interface Digest {
  readonly org: string;
  /** Name of the table; undefined where there is none to look in. */
  readonly table: string | undefined;
  /** Whether the org's backend uses it. */
  readonly inUse: boolean;
  /** MD5 as the table has it. */
  readonly recorded: string | undefined;
  readonly object: StateObject | undefined;
  /** Undefined where there is no object, or no state in it. */
  readonly serial: number | undefined;
}

async function digest(io: Io, name: string, options: DigestOptions): Promise<void> {
  const { fix = false, yes = false, json = false } = options;
  if (yes && !fix) throw new UserError("--yes goes with --fix");
  const state = await orgState(io, name, options.table);
  const store = new StateStore(inTable(state.backend, options.table));
  try {
    const found = await look(store, state);
    const problem = problemOf(found);
    const mend = problem !== undefined && fix;
    if (mend) await refuse(io, store, found);
    if (mend && yes) await write(store, state, found);
    const print = json ? printJson : printText;
    print(io, { found, url: store.url, problem, mend, written: mend && yes });
    if (problem !== undefined && !fix) throw new UserError(`${name}: ${problem}`);
  } finally {
    store.close();
  }
}

async function look(store: StateStore, { org, backend }: OrgState): Promise<Digest> {
  // The digest first. A run writes the object and then the digest: one that began in between has
  // changed the digest when it is replaced, or changes it after that.
  const recorded = await store.digest();
  const object = await store.state();
  return {
    org: org.name,
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

/** @throws UserError where the digest is not what has to be mended, or a run may be writing */
async function refuse(io: Io, store: StateStore, found: Digest): Promise<void> {
  const { org, inUse, object, serial } = found;
  const now = (io.now ?? Date.now)();
  for (const lock of await locksOn(store)) {
    throw new UserError(
      `${org}: the digest is not touched while a lock is held: ${lock.id || "unreadable"}, ${holderText(lock, now)}; \`genesys-orgs locks ${org}\``,
    );
  }
  if ((object && serial === undefined) || (inUse && !object)) {
    throw new UserError(`${org}: ${problemOf(found)}`);
  }
}

async function write(store: StateStore, state: OrgState, found: Digest): Promise<void> {
  const { org, recorded } = found;
  const replaced = await store.replaceDigest(recorded, shouldBe(found));
  if (replaced && problemOf(await look(store, state)) === undefined) return;
  throw new UserError(`${org}: a run has written in the meantime; look again`);
}

/** Undefined: removed. */
const shouldBe = ({ inUse, object }: Digest): string | undefined =>
  inUse ? object?.md5 : undefined;

interface Ending {
  readonly found: Digest;
  readonly url: string;
  readonly problem: string | undefined;
  /** Whether the digest is, or without `--yes` would be, put right. */
  readonly mend: boolean;
  readonly written: boolean;
}

function printJson(io: Io, { found, url, problem, mend, written }: Ending): void {
  const { org, table, recorded, object, serial } = found;
  writeJson(io, {
    org,
    state: url,
    table,
    digest: recorded ?? null,
    object: object
      ? { md5: object.md5, bytes: object.bytes, serial, versionId: object.versionId }
      : null,
    ...(problem !== undefined && { problem }),
    ...(mend && { shouldBe: shouldBe(found) ?? null }),
    written,
  });
}

function printText(io: Io, { found, url, problem, mend, written }: Ending): void {
  const { org, table, recorded, object, serial } = found;
  const what =
    object && `${serial === undefined ? "no state" : `serial ${serial}`}, ${object.bytes} bytes`;
  io.stdout.write(`${org}: ${url}\n`);
  io.stdout.write(`  object: ${object ? `${object.md5} (${what})` : "none"}\n`);
  io.stdout.write(
    table === undefined
      ? "  digest: none; its backend names no table (--table names one that it had before)\n"
      : `  digest: ${recorded ?? "none"} (in the table ${table})\n`,
  );
  if (mend) {
    const digest = shouldBe(found);
    const change = digest === undefined ? "removed" : `set to ${digest}`;
    io.stdout.write(`the digest ${written ? "was" : "would be"} ${change}\n`);
  } else if (problem === undefined && recorded !== undefined) io.stdout.write("they agree\n");
}
