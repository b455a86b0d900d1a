import { Command } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import { VAULT_CREDENTIALS } from "../../registry/names";
import type { OrgReport } from "../../registry/report";
import { suggestCredential } from "../project/suggest-credential";
import { findOrg } from "../project/synthesize";
import { type Io, writeJson } from "../terminal/io";
import { DRY_RUN_WITHOUT_YES, jsonOption, yesOption } from "../terminal/options";
import { renderTable } from "../terminal/table";
import {
  type Revocation,
  type RevocationProps,
  revokeCredential,
} from "./revoke/revoke-credential";

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
    .option("--client <id...>", "end only these clients (default: all that exist)")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Starts the rotation in AWS, then has the organisation's reconciler delete the clients that existed before,
with your AWS credentials (secretsmanager:RotateSecret, lambda:InvokeFunction). Consumers are refused until
the rotation has ended, about three minutes later, and they no longer use a cached value.

Examples:
  genesys-orgs revoke na-prod crm-sync               show the clients that would be ended
  genesys-orgs revoke na-prod crm-sync --yes`,
    )
    .action((org: string, credential: string, options: RevokeOptions) =>
      revoke(io, org, credential, options),
    );

async function revoke(io: Io, name: string, credential: string, options: RevokeOptions) {
  if ((VAULT_CREDENTIALS as readonly string[]).includes(credential)) {
    throw new UserError(
      `the ${credential} is one of the organisation's own credentials, and has no such command: see docs/rotation.md, "A leak"`,
    );
  }
  const org = await findOrg(io, name);
  suggestCredential(io, org, credential);
  const answer = await revokeCredential(io, org, credential, options);
  if (!options.json) return printText(io, org, credential, answer, options);
  const { yes = false, rotate = true } = options;
  writeJson(io, { org: name, credential, done: yes, rotating: yes && rotate, ...answer });
}

function printText(
  io: Io,
  { name }: OrgReport,
  credential: string,
  { clients, ended }: Revocation,
  { yes = false, rotate = true, client }: RevocationProps,
): void {
  const unproven = clients.filter((client) => client.unproven);
  const rows = clients.map(({ id, state }) => [
    id,
    ended.includes(id) ? "deleted" : state,
    unproven.some((client) => client.id === id) ? "not proven to be the rotator's" : "",
  ]);
  if (rows.length > 0) io.stdout.write(renderTable(io, ["client", "state", ""], rows));
  const chosen = clients.filter(
    (each) => !each.unproven && (client === undefined || client.includes(each.id)),
  );
  const count = counted(chosen.length, "client");
  const rotation = rotate
    ? yes
      ? "; the rotation has begun, and ends in about three minutes"
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
