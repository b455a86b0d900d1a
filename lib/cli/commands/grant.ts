import { Command } from "commander";
import { counted } from "../../counted";
import { type Io, writeJson } from "../terminal/io";
import { DRY_RUN_WITHOUT_YES, jsonOption, yesOption } from "../terminal/options";
import { renderTable } from "../terminal/table";
import { type Granting, grantRoles } from "./grant/grant-roles";

interface GrantOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `genesys-orgs grant`. */
export const grantCommand = (io: Io): Command =>
  new Command("grant")
    .summary("give an org's own credentials the roles that they grant")
    .description(
      "Give the organisation's deployer and master, and the master of Vault's secrets engine, the roles that they give to OAuth clients: Genesys Cloud lets a client grant only roles that it has itself",
    )
    .argument("<org>", "name of an organisation")
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Run it after the deploy that creates the roles. It works in Genesys Cloud as an administrator:
GENESYSCLOUD_ACCESS_TOKEN, or GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET, with the
permissions authorization:role:view, authorization:grant:view and authorization:grant:add. It finds the
ids of the clients in Vault, with your Vault token or the login that the registry names, or in
Secrets Manager, as you are in AWS. For brokered clients your token needs the policy genesys-<org>-broker.

Examples:
  genesys-orgs grant na-prod         show the roles that would be granted
  genesys-orgs grant na-prod --yes`,
    )
    .action((org: string, options: GrantOptions) => grant(io, org, options));

async function grant(io: Io, name: string, { yes = false, json }: GrantOptions): Promise<void> {
  const granting = await grantRoles(io, name, yes);
  const next = yes ? nextOf(granting) : [];
  if (json) {
    const { grants, unresolved } = granting;
    writeJson(io, { org: name, done: yes, grants, unresolved, next });
  } else printText(io, granting, next, yes);
}

/** The commands that start the first rotations. */
const nextOf = ({ org, secrets }: Granting): string[] =>
  secrets.map(
    (secret) => `aws secretsmanager rotate-secret --region ${org.aws.region} --secret-id ${secret}`,
  );

function printText(
  io: Io,
  { org, grants, unresolved }: Granting,
  next: readonly string[],
  yes: boolean,
): void {
  const rows = grants.map(({ credential, clientId, role, division, clients }) => [
    credential,
    clientId,
    role.name,
    division.id === "*" ? "all" : division.name,
    clients.join(", "),
  ]);
  const head = ["credential", "client", "role", "division", "granted to"];
  if (rows.length > 0) io.stdout.write(renderTable(io, head, rows));
  for (const { credential, client, role, division } of unresolved) {
    io.stdout.write(
      `${org.name}: the roles of ${client} refer to ${textOf(role, division)}, which has a value only while Terraform runs. Make sure that the ${credential} has the role\n`,
    );
  }
  io.stdout.write(`${org.name}: ${conclusion(rows.length, yes)}\n`);
  if (next.length > 0) {
    io.stdout.write(`${org.name}: start the first rotation of each secret that has no value yet\n`);
  }
  next.forEach((step, index) => {
    io.stdout.write(`${index === 0 ? "next:" : "then:"} ${step}\n`);
  });
  if (!yes && rows.length > 0) io.stdout.write(`${DRY_RUN_WITHOUT_YES}\n`);
}

const textOf = (...references: readonly object[]): string =>
  references
    .flatMap((reference) => ("unknown" in reference ? `${reference.unknown}` : []))
    .join(" and ");

function conclusion(count: number, yes: boolean): string {
  if (count === 0) return "its own credentials have every role that they grant";
  return yes ? `granted ${counted(count, "role")}` : `${counted(count, "role")} would be granted`;
}
