import { Command } from "commander";
import { counted } from "../../counted";
import type { OrgReport } from "../../registry/report";
import type { RevocationAnswer } from "../../rotation/revocation-request";
import { findOrg } from "../project/synthesize";
import { type Io, writeJson } from "../terminal/io";
import { DRY_RUN_WITHOUT_YES, jsonOption, yesOption } from "../terminal/options";
import { renderTable } from "../terminal/table";
import { type RevocationProps, revokeCredential } from "./revoke/revoke-credential";

interface RevokeOptions extends RevocationProps {
  readonly json?: boolean;
}

/** `genesys-orgs revoke`. */
export const revokeCommand = (io: Io): Command =>
  new Command("revoke")
    .summary("end a credential that leaked, and rotate it")
    .description(
      "End the OAuth clients of a credential that leaked, with all their tokens, and rotate the credential",
    )
    .argument("<org>", "name of an organisation")
    .argument("<credential>", "name of one of its credentials")
    .addOption(yesOption())
    .option("--no-rotate", "only end the clients: consumers are refused until somebody rotates")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Starts the rotation in AWS, then has the organisation's reconciler delete the clients that existed before,
with your AWS credentials (secretsmanager:RotateSecret, lambda:InvokeFunction). Consumers are refused until
they read the new value, about three minutes later. If they can wait, rotate first, and revoke nothing.

Examples:
  genesys-orgs revoke na-prod crm-sync               show the clients that would be ended
  genesys-orgs revoke na-prod crm-sync --yes`,
    )
    .action((org: string, credential: string, options: RevokeOptions) =>
      revoke(io, org, credential, options),
    );

async function revoke(io: Io, name: string, credential: string, options: RevokeOptions) {
  const org = await findOrg(io, name);
  const answer = await revokeCredential(io, org, credential, options);
  if (!options.json) return printText(io, org, credential, answer, options);
  const { yes = false, rotate = true } = options;
  writeJson(io, { org: name, credential, done: yes, rotating: yes && rotate, ...answer });
}

function printText(
  io: Io,
  { name }: OrgReport,
  credential: string,
  { clients, ended }: RevocationAnswer,
  { yes = false, rotate = true }: RevocationProps,
): void {
  const unproven = clients.filter((client) => client.unproven);
  const rows = clients.map(({ id, state }) => [
    id,
    ended.includes(id) ? "deleted" : state,
    unproven.some((client) => client.id === id) ? "not proven to be the rotator's" : "",
  ]);
  if (rows.length > 0) io.stdout.write(renderTable(io, ["client", "state", ""], rows));
  const count = counted(clients.length - unproven.length, "client");
  const rotation = rotate
    ? yes
      ? "; the rotation has begun, and consumers get the new value in about three minutes"
      : ", and the credential rotated"
    : "";
  const conclusion = yes
    ? `${count} of ${credential} ended${rotation}`
    : `${count} of ${credential} would be ended${rotation}`;
  io.stdout.write(`${name}: ${conclusion}\n`);
  if (unproven.length > 0) {
    const ids = unproven.map(({ id }) => id).join(", ");
    io.stdout.write(`${name}: delete by hand, unless you know them: ${ids}\n`);
  }
  if (!yes) io.stdout.write(`${DRY_RUN_WITHOUT_YES}\n`);
}
