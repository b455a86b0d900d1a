import { Command } from "commander";
import { UserError } from "../../errors";
import type { OrgReport } from "../../registry/report";
import type { RetirementAnswer } from "../../rotation/retirement-request";
import { findOrg } from "../project/synthesize";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption, yesOption } from "../terminal/options";
import { renderTable } from "../terminal/table";
import { areAlive, type RetirementProps, retireClients } from "./retire/retire-clients";

interface RetireOptions extends RetirementProps {
  readonly json?: boolean;
}

/** `genesys-orgs retire`. */
export const retireCommand = (io: Io): Command =>
  new Command("retire")
    .summary("take OAuth clients out of use, before they are destroyed")
    .description(
      "Take the OAuth clients of credentials out of use, so that the credentials, or the whole stack, can be destroyed",
    )
    .argument("<org>", "name of an organisation")
    .argument("[credential...]", "names of its credentials (default: all)")
    .addOption(yesOption())
    .option("--undo", "take it back: clients that are not deleted yet mint tokens again")
    .option("--wait", "wait until the last client is deleted; tokens live for up to 48 hours")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Calls the org's reconciler, with your AWS credentials. Consumers have to be gone before: their
credential works no more from then on.

Examples:
  genesys-orgs retire na-prod                        what is alive
  genesys-orgs retire na-prod crm-sync --yes
  genesys-orgs retire na-prod crm-sync --undo --yes`,
    )
    .action((org: string, credentials: string[], options: RetireOptions) =>
      retire(io, org, credentials, options),
    );

async function retire(io: Io, name: string, credentials: string[], options: RetireOptions) {
  const { yes, undo, wait, json } = options;
  if (wait && (undo || !yes)) {
    throw new UserError("--wait waits for what --yes retires: it needs --yes, and not --undo");
  }
  const org = await findOrg(io, name);
  const answer = await retireClients(io, org, credentials, options);
  if (json) writeJson(io, { org: name, done: yes === true, ...answer });
  else printText(io, org, answer, options);
}

function printText(
  io: Io,
  { name }: OrgReport,
  answer: RetirementAnswer,
  options: RetireOptions,
): void {
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
  io.stdout.write(`${name}: ${conclusion(rows.length, options)}\n`);
}

function conclusion(alive: number, { yes, undo }: RetireOptions): string {
  if (undo) {
    return yes
      ? `${areAlive(alive)}, and rotate again`
      : `nothing was done; --yes takes the retirement of ${alive === 1 ? "this client" : "these clients"} back`;
  }
  if (alive === 0) return "no client is alive; what is retired can be destroyed";
  return yes
    ? `${areAlive(alive)} until all tokens have ended; the reconciler deletes them then`
    : "nothing was done; --yes retires them";
}
