import type { Command } from "commander";
import { AwsCallError } from "../../aws/sdk";
import { UserError } from "../../errors";
import { inParallel } from "../../in-parallel";
import {
  ageText,
  isoText,
  kindsOf,
  kindsText,
  lockJson,
  locksOn,
  operationText,
  type RunLock,
} from "../project/held-locks";
import {
  inTable,
  type OrgState,
  type OrgStates,
  orgStates,
  whyNone,
} from "../project/org-backends";
import { StateStore } from "../project/state-store";
import { type Io, writeJson } from "../terminal/io";
import { renderTable } from "../terminal/table";

interface LocksOptions {
  readonly table?: string;
  readonly json?: boolean;
}

const AT_ONCE = 10;

/** Adds `genesys-orgs locks`. */
export function addLocksCommand(program: Command, io: Io): void {
  program
    .command("locks")
    .summary("list the locks that are held, and by whom")
    .description("List the locks that are held on organisations' states, and by whom")
    .argument("[org...]", "names of organisations (default: all)")
    .option(
      "--table <name>",
      "also look in this DynamoDB table, for organisations whose backend names none any more",
    )
    .option("--json", "print one JSON document on stdout")
    .addHelpText(
      "after",
      `
Reads with your AWS credentials, as a writer, an unlocker or a state admin; a reader may not see locks.

Examples:
  genesys-orgs locks
  genesys-orgs locks na-prod --json

Exit codes: 0 all were read, whether or not there is a lock, 1 a mistake, or the locks of an
organisation could not be read; all others are shown then.`,
    )
    .action((names: string[], options: LocksOptions) => locks(io, names, options));
}

/** What was found on one state. */
interface Found extends OrgState {
  readonly locks: readonly RunLock[];
  /** Why they could not be read. */
  readonly problem?: string;
}

async function locks(io: Io, names: string[], { table, json }: LocksOptions): Promise<void> {
  const { states, without } = await orgStates(io, names);
  const found = await inParallel(states, AT_ONCE, (state) => {
    io.signal.throwIfAborted();
    return locksOf(state, table);
  });
  const now = (io.now ?? Date.now)();
  (json ? printJson : printText)(io, found, without, now);
  const problems = found.flatMap(({ org, problem }) =>
    problem === undefined ? [] : `${org.name}: its locks cannot be read: ${problem}`,
  );
  if (problems.length > 0) throw new UserError(problems.join("\n"));
}

async function locksOf(state: OrgState, table: string | undefined): Promise<Found> {
  const store = new StateStore(inTable(state.backend, table));
  try {
    return { ...state, locks: await locksOn(store) };
  } catch (error) {
    // Without credentials no other org can be read, either.
    if (!(error instanceof AwsCallError) || error.code === "CredentialsProviderError") throw error;
    return { ...state, locks: [], problem: error.message };
  } finally {
    store.close();
  }
}

function printJson(
  io: Io,
  found: readonly Found[],
  without: OrgStates["without"],
  now: number,
): void {
  writeJson(io, {
    locks: found.flatMap(({ org, backend, locks }) =>
      locks.map((lock) => ({ org: org.name, ...lockJson(lock, backend, now) })),
    ),
    withoutLock: found.filter(isFree).map(({ org }) => org.name),
    unreadable: found.flatMap(({ org, problem }) =>
      problem === undefined ? [] : { org: org.name, reason: problem },
    ),
    withoutStack: without.map((org) => ({ org: org.name, reason: whyNone(org) })),
  });
}

const isFree = ({ locks, problem }: Found) => locks.length === 0 && problem === undefined;

function printText(
  io: Io,
  found: readonly Found[],
  without: OrgStates["without"],
  now: number,
): void {
  const rows = found.flatMap(({ org, backend, locks }) =>
    locks.map((lock) => [
      org.name,
      kindsText(lock, kindsOf(backend)),
      lock.id || "cannot be read",
      operationText(lock),
      lock.who,
      isoText(lock.created),
      ageText(lock, now),
    ]),
  );
  const head = ["organisation", "kind", "lock id", "operation", "who", "since", "age"];
  if (rows.length > 0) io.stdout.write(renderTable(io, head, rows));
  const free = found.filter(isFree).length;
  if (free > 0) io.stdout.write(`${organisations(free)} without a lock\n`);
  if (without.length > 0) {
    const names = without.map((org) => `${org.name}: ${whyNone(org)}`);
    io.stdout.write(`${organisations(without.length)} without a stack (${names.join("; ")})\n`);
  }
}

const organisations = (count: number): string =>
  count === 1 ? "1 organisation" : `${count} organisations`;
