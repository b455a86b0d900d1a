import { Command, Option } from "commander";
import { findOrg } from "../../project/synthesize";
import { type Io, writeJson } from "../../terminal/io";
import { DRY_RUN, dryRunOption, jsonOption } from "../../terminal/options";
import { type BrokerStep, type Configuring, configureBroker } from "./configure-broker";

interface ConfigureOptions {
  readonly keepGiven?: boolean;
  readonly retireGiven?: boolean;
  readonly replaceMaster?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `genesys-orgs broker configure`. */
export const configureBrokerCommand = (io: Io): Command =>
  new Command("configure")
    .summary("give the engine its organisation and its master")
    .description(
      "Give Vault's secrets engine its organisation and its master from the organisation's Vault entry, and then a master of its own, whose secret only Vault knows",
    )
    .argument("<org>", "name of an organisation")
    .option("--keep-given", "go on with the client of the entry as the master")
    .addOption(
      new Option(
        "--retire-given",
        "deactivate the client of the entry, and delete it when its tokens have ended",
      ).conflicts("keepGiven"),
    )
    .option("--replace-master", "write the client of the entry also if the engine has a master")
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Uses your Vault token (VAULT_TOKEN, or the token of \`vault login\`), which needs the policy
genesys-<org>-broker. The secret goes from one place in Vault to the other: it is never shown, and
Terraform never has it. The engine stores nothing unless the client works and belongs to the organisation.

Start it again at any time: after a change in the registry it writes the settings anew, and the master stays.

Examples:
  genesys-orgs broker configure na-prod --dry-run
  genesys-orgs broker configure na-prod
  genesys-orgs broker configure na-prod --retire-given     if nothing else uses the client
  genesys-orgs broker configure na-prod --replace-master   if the engine's master no longer works`,
    )
    .action((org: string, options: ConfigureOptions) => configure(io, org, options));

async function configure(io: Io, name: string, options: ConfigureOptions): Promise<void> {
  const { dryRun = false, json, ...rest } = options;
  const configuring = await configureBroker(io, await findOrg(io, name), { ...rest, dryRun });
  if (json) writeJson(io, { org: name, dryRun, ...configuring });
  else printText(io, name, dryRun, configuring);
}

function printText(io: Io, org: string, dryRun: boolean, { mount, steps, next }: Configuring) {
  for (const step of steps) {
    io.stdout.write(`${org}: ${dryRun ? "would " : ""}${textOf(step, mount)}\n`);
  }
  next.forEach((line, index) => {
    io.stdout.write(`${index === 0 ? "next:" : "then:"} ${line}\n`);
  });
  if (dryRun) io.stdout.write(`${DRY_RUN}\n`);
}

function textOf(step: BrokerStep, mount: string): string {
  switch (step.kind) {
    case "write master":
      return `write the organisation and client ${step.clientId} as master to ${mount}/config, with at most ${step.mostClients} OAuth clients`;
    case "write settings":
      return `write the settings to ${mount}/config, with at most ${step.mostClients} OAuth clients; the master ${step.clientId} stays`;
    case "rotate root": {
      const own = step.clientId === undefined ? "a client" : `client ${step.clientId}`;
      return `give the engine ${own} of its own as master${step.retires === undefined ? "" : `, and retire client ${step.retires}`}`;
    }
  }
}
