import { Argument, Command, Option } from "commander";
import { counted } from "../../counted";
import type { VaultCredential } from "../../registry/model";
import type { OrgReport } from "../../registry/report";
import type { EntryRotation } from "../../rotation/vault-entries/rotate-entry";
import { findOrg } from "../project/synthesize";
import { type Io, writeJson } from "../terminal/io";
import { dryRunOption, jsonOption, wholeNumber } from "../terminal/options";
import { rotateCredential } from "./rotate/rotate-credential";

interface RotateOptions {
  /** Days. */
  readonly ifOlderThan?: number;
  readonly retireOnly?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const DAY = 24 * 3_600_000;

/** `genesys-orgs rotate`. */
export const rotateCommand = (io: Io): Command =>
  new Command("rotate")
    .summary("give the deployer, planner or master another OAuth client")
    .description(
      "Give one of an organisation's own credentials, which are in Vault, another OAuth client, and retire those that it had before",
    )
    .argument("<org>", "name of an organisation")
    .addArgument(
      new Argument("<credential>", "which of them").choices(["deployer", "planner", "master"]),
    )
    .option(
      "--if-older-than <days>",
      "make another only when the credential is as old as that; for scheduled jobs",
      wholeNumber,
    )
    .addOption(
      new Option(
        "--retire-only",
        "make no other, only retire; for master: the organisation's stack was applied with the version that the registry names",
      ).conflicts("ifOlderThan"),
    )
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
It works with Vault as you do (VAULT_TOKEN, or what \`vault login\` left), and with Genesys Cloud as the
organisation's master, which it reads from Vault. No secret is shown, or written anywhere but to Vault.

Examples:
  genesys-orgs rotate na-prod deployer
  genesys-orgs rotate na-prod planner --if-older-than 30   in a job that runs every day
  genesys-orgs rotate na-prod master --dry-run
  genesys-orgs rotate na-prod master --retire-only         after \`cdktf deploy org-na-prod\`

What Vault has works in any case; start again.`,
    )
    .action((org: string, credential: VaultCredential, options: RotateOptions) =>
      rotate(io, org, credential, options),
    );

async function rotate(
  io: Io,
  name: string,
  credential: VaultCredential,
  options: RotateOptions,
): Promise<void> {
  const { ifOlderThan, retireOnly, dryRun = false } = options;
  const org = await findOrg(io, name);
  const age = ifOlderThan && ifOlderThan * DAY;
  const props = { ifOlderThan: age, retireOnly, dryRun };
  const result = await rotateCredential(io, org, credential, props);
  const next = dryRun ? [] : nextOf(org, credential, result);
  (options.json ? printJson : printText)(io, { org, credential, dryRun, result, next });
}

/** What a person, or the next job, has to do. */
function nextOf(
  { name, stack, rotation }: OrgReport,
  credential: VaultCredential,
  { version, waiting }: EntryRotation,
): string[] {
  const later = `\`genesys-orgs rotate ${name} ${credential} --retire-only\``;
  if (credential !== "master" || rotation.masterVersion === version) {
    return waiting.length > 0 ? [`${later} in a day`] : [];
  }
  return [
    `rotation.masterVersion: ${version} in the registry's entry of ${name} (it is ${rotation.masterVersion})`,
    `\`cdktf deploy ${stack}\`: the rotator works with the master of before until then`,
    later,
  ];
}

interface Ending {
  readonly org: OrgReport;
  readonly credential: VaultCredential;
  readonly dryRun: boolean;
  readonly result: EntryRotation;
  readonly next: readonly string[];
}

function printJson(io: Io, { org, credential, dryRun, result, next }: Ending): void {
  const { before, version, since, rotated, client, actions, waiting } = result;
  writeJson(io, {
    org: org.name,
    credential,
    dryRun,
    entry: { path: org.vault[credential], before, version, since: new Date(since).toISOString() },
    rotated,
    client,
    actions: actions.map(({ kind, clientId, clientName, reason }) => ({
      kind,
      clientId,
      clientName,
      reason,
    })),
    waiting,
    next,
  });
}

function printText(io: Io, { org, credential, dryRun, result, next }: Ending): void {
  const would = dryRun ? "would " : "";
  for (const { kind, clientName, clientId, reason } of result.actions) {
    io.stdout.write(`${would}${kind} ${clientName} (${clientId}): ${reason}\n`);
  }
  for (const { clientName, clientId, reason } of result.waiting) {
    io.stdout.write(`keep ${clientName} (${clientId}): ${reason}\n`);
  }
  io.stdout.write(`${org.name} ${credential}: ${describe(io, dryRun, result)}\n`);
  next.forEach((step, index) => {
    io.stdout.write(`${index === 0 ? "next:" : "then:"} ${step}\n`);
  });
}

function describe(io: Io, dryRun: boolean, result: EntryRotation): string {
  const { before, version, since, rotated, client } = result;
  const age = counted(Math.floor((io.now() - since) / DAY), "day");
  const has = `version ${before} has a credential of ${age}`;
  if (!rotated) return `${has}; no other is made`;
  if (dryRun || !client) return `${has}; another would be made`;
  return `version ${before} -> ${version}, with client ${client.name} (${client.id})`;
}
