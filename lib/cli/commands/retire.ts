import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { UserError } from "../../errors";
import type { OrgReport } from "../../registry/report";
import type { RetirementAnswer, RetirementRequest } from "../../rotation/retirement-request";
import { functionArnOf } from "../../rotation/rotation-names";
import { listOrgs, refuseNames } from "../project/synthesize";
import { type Io, writeJson } from "../terminal/io";
import { renderTable } from "../terminal/table";
import { invokeFunction } from "./retire/invoke-function";

interface RetireOptions {
  readonly yes?: boolean;
  readonly undo?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
}

const ASK_AGAIN_AFTER = 60_000;

/** In a row: who waits for two days meets some, and a login that has expired does not get better. */
const MOST_FAILURES = 10;

/** Adds `genesys-orgs retire`. */
export function addRetireCommand(program: Command, io: Io): void {
  program
    .command("retire")
    .summary("take OAuth clients out of use, before they are destroyed")
    .description(
      "Take the OAuth clients of credentials out of use, so that the credentials, or the whole stack, can be destroyed",
    )
    .argument("<org>", "name of an organisation")
    .argument("[credential...]", "names of its credentials (default: all)")
    .option("--yes", "do it; without this it is only said what would go")
    .option("--undo", "take it back: clients that are not deleted yet mint tokens again")
    .option("--wait", "wait until the last client is deleted; tokens live for up to 48 hours")
    .option("--json", "print one JSON document on stdout")
    .addHelpText(
      "after",
      `
Calls the org's reconciler, with your AWS credentials. Consumers have to be gone before: their
credential works no more from then on.

Examples:
  genesys-orgs retire na-prod                        what is alive
  genesys-orgs retire na-prod crm-sync --yes
  genesys-orgs retire na-prod crm-sync --undo --yes

Exit codes: 0 it was done (without --yes: it can be done), and with --wait nothing is left, 1 a mistake
or a failure.`,
    )
    .action((org: string, credentials: string[], options: RetireOptions) =>
      retire(io, org, credentials, options),
    );
}

async function retire(io: Io, name: string, credentials: string[], options: RetireOptions) {
  const { yes = false, undo = false, wait = false } = options;
  if (wait && (undo || !yes)) {
    throw new UserError("--wait waits for what --yes retires: it needs --yes, and not --undo");
  }
  const report = await listOrgs(io);
  refuseNames([name], report);
  const org = report.orgs.find((each) => each.name === name) as OrgReport;
  const call = (request: object) =>
    invokeFunction(functionArnOf(org, "reconciler"), request, io.signal);
  const ask = async (request: RetirementRequest) => (await call(request)) as RetirementAnswer;
  let answer = await ask({ retire: credentials, ...(undo && { undo }), dryRun: !yes });
  let failures = 0;
  while (wait && aliveIn(answer) > 0) {
    io.stderr.write(`${name}: ${clients(aliveIn(answer))} alive, waiting\n`);
    await sleep(ASK_AGAIN_AFTER, undefined, { signal: io.signal });
    try {
      // A run as the schedule's, and a question: to retire again would undo somebody's --undo.
      await call({});
      answer = await ask({ retire: credentials, dryRun: true });
      failures = 0;
    } catch (error) {
      const isOver = io.signal.aborted || ++failures === MOST_FAILURES;
      if (isOver || !(error instanceof UserError)) throw error;
      io.stderr.write(`${error.message}\n`);
    }
    refuseTakenBack(name, answer);
  }
  const print = options.json ? printJson : printText;
  print(io, org, answer, { yes, undo });
}

function refuseTakenBack(org: string, { credentials }: RetirementAnswer): void {
  const kept = credentials.filter(({ retiring }) => !retiring).map((each) => each.name);
  if (kept.length === 0) return;
  throw new UserError(`${org}: somebody took the retirement of ${kept.join(", ")} back meanwhile`);
}

const aliveIn = ({ credentials }: RetirementAnswer): number =>
  credentials.reduce((sum, credential) => sum + credential.clients.length, 0);

const clients = (count: number): string => (count === 1 ? "1 client is" : `${count} clients are`);

type Asked = Required<Pick<RetireOptions, "yes" | "undo">>;

function printJson(io: Io, { name }: OrgReport, answer: RetirementAnswer, { yes }: Asked): void {
  writeJson(io, { org: name, done: yes, ...answer });
}

function printText(io: Io, { name }: OrgReport, answer: RetirementAnswer, asked: Asked): void {
  const rows = answer.credentials.flatMap((credential) =>
    credential.clients.map(({ id, state, deletedFrom }) => [
      credential.name,
      id,
      state,
      credential.retiring ? (deletedFrom ?? "") : "-",
    ]),
  );
  const head = ["credential", "client", "state", "deleted from"];
  if (rows.length > 0) io.stdout.write(renderTable(io, head, rows));
  io.stdout.write(`${name}: ${conclusion(rows.length, asked)}\n`);
}

function conclusion(alive: number, { yes, undo }: Asked): string {
  if (undo) {
    return yes
      ? `${clients(alive)} alive, and rotate again`
      : `nothing was done; --yes takes the retirement of ${alive === 1 ? "this client" : "these clients"} back`;
  }
  if (alive === 0) return "no client is alive; what is retired can be destroyed";
  return yes
    ? `${clients(alive)} alive until all tokens have ended; the reconciler deletes them then`
    : "nothing was done; --yes retires them";
}
