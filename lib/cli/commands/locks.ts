import { Command } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import {
  ageText,
  isoText,
  kindsOf,
  kindsText,
  lockJson,
  operationText,
} from "../project/held-locks";
import { stackText, whyNoStack } from "../project/org-backends";
import type { RunRecord } from "../runs/run-record";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption } from "../terminal/options";
import { renderTable } from "../terminal/table";
import { type LockList, type OrgLocks, type RecordedLock, readLocks } from "./locks/read-locks";

interface LocksOptions {
  readonly table?: string;
  readonly json?: boolean;
}

/** `genesys-orgs locks`. */
export const locksCommand = (io: Io): Command =>
  new Command("locks")
    .summary("list the locks on states, with their holders")
    .description("List the locks on the states of organisations, with their holders")
    .argument("[org...]", "names of organisations (default: all)")
    .option(
      "--table <name>",
      "also look in this DynamoDB table, for organisations whose backend no longer names one",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Uses your AWS credentials, which must be those of a writer, an unlocker or a state admin: a reader may
not read locks. If \`genesys-orgs deploy\` or \`destroy\` holds a lock, the record of its run is shown
as well. A lock is not a failure. If the locks of an organisation cannot be read, those of all others
are still listed, and the exit code is 1.

Examples:
  genesys-orgs locks                  all organisations
  genesys-orgs locks na-prod --json   one organisation, as one JSON document`,
    )
    .action((names: string[], options: LocksOptions) => locks(io, names, options));

async function locks(io: Io, names: string[], { table, json }: LocksOptions): Promise<void> {
  const list = await readLocks(io, names, table);
  (json ? printJson : printText)(io, list);
  const problems = list.found.flatMap(({ org, stack, problem }) =>
    problem === undefined
      ? []
      : `${stackText({ org, stack })}: the locks cannot be read: ${problem}`,
  );
  if (problems.length > 0) throw new UserError(problems.join("\n"));
}

function printJson(io: Io, { found, without }: LockList): void {
  writeJson(io, {
    locks: found.flatMap(({ org, stack, backend, locks }) =>
      locks.map((lock) => ({
        org: org.name,
        stack,
        ...lockJson(lock, backend, io.now()),
        ...(lock.run && { run: lock.run }),
      })),
    ),
    withoutRecords: found.flatMap(({ org, stack, noRecords }) =>
      noRecords === undefined ? [] : { org: org.name, stack, reason: noRecords },
    ),
    withoutLock: withoutLock(found),
    unreadable: found.flatMap(({ org, stack, problem }) =>
      problem === undefined ? [] : { org: org.name, stack, reason: problem },
    ),
    withoutStack: without.map((org) => ({ org: org.name, reason: whyNoStack(org) })),
  });
}

/** The orgs of whose stacks none is locked, as far as can be seen. */
function withoutLock(found: readonly OrgLocks[]): string[] {
  const seen = found.filter(({ locks, problem }) => locks.length > 0 || problem !== undefined);
  const others = new Set(seen.map(({ org }) => org.name));
  return [...new Set(found.map(({ org }) => org.name))].filter((name) => !others.has(name));
}

function printText(io: Io, { found, without }: LockList): void {
  const rows = found.flatMap(({ org, stack, backend, locks }) =>
    locks.map((lock) => [
      stackText({ org, stack }),
      kindsText(lock, kindsOf(backend)),
      lock.id || "unreadable",
      operationText(lock),
      lock.who,
      isoText(lock.created),
      ageText(lock, io.now()),
    ]),
  );
  const head = ["organisation", "kind", "lock id", "operation", "holder", "since", "age"];
  if (rows.length > 0) io.stdout.write(renderTable(io, head, rows));
  for (const each of found) for (const line of runLines(each)) io.stdout.write(`${line}\n`);
  const free = withoutLock(found).length;
  if (free > 0) io.stdout.write(`${counted(free, "organisation")} without a lock\n`);
  if (without.length > 0) {
    const reasons = without.map((org) => `${org.name}: ${whyNoStack(org)}`).join("; ");
    io.stdout.write(`${counted(without.length, "organisation")} without a stack (${reasons})\n`);
  }
}

function runLines(found: OrgLocks): string[] {
  const { locks, noRecords } = found;
  const name = stackText(found);
  if (noRecords !== undefined) return [`${name}: the records of runs cannot be read: ${noRecords}`];
  return locks.flatMap((lock) => (lock.run ? `${name}: ${runText(lock, lock.run)}` : []));
}

/** For example `lock 3f1c… is probably held by run 20261129t021500z-3f9c1b2e, a deploy of commit 4f0c…, begun …`. */
function runText({ id }: RecordedLock, { run, command, commit, at, author }: RunRecord): string {
  const of = commit === undefined ? "" : ` of commit ${commit}`;
  const job = author.job === undefined ? "" : `: ${author.job}`;
  return `lock ${id || "unreadable"} is probably held by run ${run}, a ${command}${of} that began at ${isoText(Date.parse(at))}${job}`;
}
