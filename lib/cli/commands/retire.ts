import { Command } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import type { OrgReport } from "../../registry/report";
import { KEBAB } from "../../registry/schema-parts";
import type { RetirementAnswer } from "../../rotation/retirement-request";
import { suggestCredential } from "../project/suggest-credential";
import { findOrg } from "../project/synthesize";
import { type Io, writeJson } from "../terminal/io";
import { DRY_RUN_WITHOUT_YES, jsonOption, yesOption } from "../terminal/options";
import { renderTable } from "../terminal/table";
import { freeNames } from "./retire/free-names";
import { areAlive, type RetirementProps, retireClients, unprovenIn } from "./retire/retire-clients";

interface RetireOptions extends RetirementProps {
  readonly freeNames?: boolean;
  readonly json?: boolean;
}

/** `genesys-orgs retire`. */
export const retireCommand = (io: Io): Command =>
  new Command("retire")
    .summary("retire OAuth clients, so that they can be destroyed")
    .description(
      "Retire the OAuth clients of credentials, so that the credentials or the whole stack can be destroyed",
    )
    .argument("<org>", "name of an organisation")
    .argument("[credential...]", "names of the organisation's credentials (default: all)")
    .addOption(yesOption())
    .option("--undo", "undo an earlier retirement: clients that are not deleted yet work again")
    .option(
      "--wait",
      "with --yes: wait until the last client is deleted, which takes up to 48 hours",
    )
    .option("--free-names", "instead: free the names of secrets that are destroyed, for good")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Calls the organisation's reconciler with your AWS credentials. Remove the consumers of a credential
first: a retired credential no longer works.

Examples:
  genesys-orgs retire na-prod                        show the clients that would be retired
  genesys-orgs retire na-prod crm-sync --yes
  genesys-orgs retire na-prod crm-sync --undo --yes
  genesys-orgs retire na-prod crm-sync --free-names --yes      after the destroy: reuse its name`,
    )
    .action((org: string, credentials: string[], options: RetireOptions) =>
      retire(io, org, credentials, options),
    );

async function retire(io: Io, name: string, credentials: string[], options: RetireOptions) {
  const { yes, undo, wait, json, freeNames } = options;
  if (freeNames && (undo || wait)) {
    throw new UserError("--free-names cannot be used with --undo or --wait");
  }
  if (wait && (undo || !yes)) {
    throw new UserError("--wait needs --yes, and cannot be used with --undo");
  }
  for (const credential of credentials) {
    if (KEBAB.test(credential)) continue;
    throw new UserError(
      `${credential} is not the name of a credential: names are lower-case words joined by single hyphens`,
    );
  }
  const org = await findOrg(io, name);
  if (freeNames) return showFreed(io, org, credentials, options);
  for (const credential of credentials) suggestCredential(io, org, credential);
  const answer = await retireClients(io, org, credentials, options);
  if (json) writeJson(io, { org: name, done: yes === true, ...answer });
  else printText(io, org, answer, options);
}

/** A credential that left the registry may still have a name that is reserved. */
async function showFreed(io: Io, org: OrgReport, credentials: string[], options: RetireOptions) {
  const { yes = false, json } = options;
  const names = await freeNames(io, org, credentials, yes);
  if (json) return writeJson(io, { org: org.name, done: yes, names });
  const rows = names.map(({ credential, name, state }) => [credential, name, state]);
  if (rows.length > 0) {
    io.stdout.write(renderTable(io, ["credential", "secret", "name is"], rows));
  }
  const count = names.filter(({ state }) => state === (yes ? "freed" : "reserved")).length;
  const what = `${counted(count, "name")} ${yes ? `${count === 1 ? "was" : "were"} freed` : "would be freed"}`;
  io.stdout.write(`${org.name}: ${what}; a secret whose name is freed cannot be restored\n`);
  if (!yes) io.stdout.write(`${DRY_RUN_WITHOUT_YES}\n`);
}

function printText(
  io: Io,
  { name }: OrgReport,
  answer: RetirementAnswer,
  options: RetireOptions,
): void {
  const rows = answer.credentials.flatMap((credential) =>
    credential.clients.map(({ id, state, deletedFrom, unproven }) => [
      credential.name,
      id,
      state,
      unproven ? "delete by hand" : credential.retiring ? (deletedFrom ?? "") : "-",
    ]),
  );
  const unproven = unprovenIn(answer);
  const head = ["credential", "client", "state", "deleted from"];
  if (rows.length > 0) io.stdout.write(renderTable(io, head, rows));
  io.stdout.write(`${name}: ${conclusion(rows.length - unproven.length, options)}\n`);
  if (unproven.length > 0) {
    io.stdout.write(
      `${name}: nothing proves that the rotator created ${unproven.join(", ")}: delete them in Genesys Cloud before you destroy their credentials\n`,
    );
  }
  if (!options.yes) io.stdout.write(`${DRY_RUN_WITHOUT_YES}\n`);
}

function conclusion(alive: number, { yes, undo }: RetireOptions): string {
  const clients = counted(alive, "client");
  if (undo) {
    return yes
      ? `the retirement was undone; ${areAlive(alive)}`
      : `the retirement of ${clients} would be undone`;
  }
  if (!yes) return `${clients} would be retired`;
  return alive === 0
    ? "no client is alive; the retired credentials can be destroyed"
    : `${areAlive(alive)}; the reconciler deletes each client when all its tokens have expired`;
}
