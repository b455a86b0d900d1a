import { Argument, Command, Option } from "commander";
import { counted } from "../../counted";
import type { VaultCredential } from "../../registry/model";
import type { OrgReport } from "../../registry/report";
import type { EntryRotation } from "../../rotation/vault-entries/rotate-entry";
import { entriesOf } from "../project/credential-entries";
import { findOrg } from "../project/synthesize";
import { type Io, writeJson } from "../terminal/io";
import { DRY_RUN, dryRunOption, jsonOption, wholeNumber } from "../terminal/options";
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
    .summary("replace the OAuth client of deployer, planner or master")
    .description(
      "Replace the OAuth client of one of the organisation's own credentials, in Vault or Secrets Manager, and retire its earlier clients",
    )
    .argument("<org>", "name of an organisation")
    .addArgument(
      new Argument("<credential>", "the credential").choices(["deployer", "planner", "master"]),
    )
    .option(
      "--if-older-than <days>",
      "replace the client only if the credential is at least this old (for scheduled jobs)",
      wholeNumber,
    )
    .addOption(
      new Option(
        "--retire-only",
        "only retire earlier clients; for the master: after the organisation's stack was deployed with the version that the registry names",
      ).conflicts("ifOlderThan"),
    )
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Uses your Vault token (VAULT_TOKEN, or the token of \`vault login\`), or in a job the login that the
registry names (for aws: with your AWS credentials, unless VAULT_TOKEN is set); where it names Secrets
Manager, your AWS credentials. In Genesys Cloud, it uses the organisation's master from the same place. A
secret is never shown, and is written only there. After a failure or Ctrl-C the value there still works:
start the command again.

Examples:
  genesys-orgs rotate na-prod deployer
  genesys-orgs rotate na-prod planner --if-older-than 30   in a daily job
  genesys-orgs rotate na-prod master --dry-run
  genesys-orgs rotate na-prod master --retire-only         after \`genesys-orgs deploy na-prod\``,
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
  warnOfDeletion(io, org, credential, result);
  const next = dryRun ? [] : nextOf(org, credential, result);
  (options.json ? printJson : printText)(io, { org, credential, dryRun, result, next });
}

function warnOfDeletion(
  io: Io,
  { name, vault }: OrgReport,
  credential: VaultCredential,
  { before, deletedAt }: EntryRotation,
): void {
  // Only Vault deletes versions by itself.
  if (deletedAt === undefined || !vault) return;
  io.stderr.write(
    `warning: ${name}: Vault deletes the versions of ${vault.mount}/${vault[credential]} by itself (delete_version_after), version ${before} on ${new Date(deletedAt).toISOString()}: set it to 0 for the entry and for its mount, and rotate then\n`,
  );
}

/** The next steps of the operator, or of the next job. */
function nextOf(
  org: OrgReport,
  credential: VaultCredential,
  { version, waiting }: EntryRotation,
): string[] {
  const { name } = org;
  const later = `run \`genesys-orgs rotate ${name} ${credential} --retire-only\``;
  const { masterVersion = version } = entriesOf(org);
  if (credential !== "master" || masterVersion === version) {
    return waiting.length > 0 ? [`${later} in a day`] : [];
  }
  return [
    `set rotation.masterVersion to ${version} in the registry entry of ${name} (it is ${masterVersion} now)`,
    `run \`genesys-orgs deploy ${name}\`; until then the rotator uses the previous master`,
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
  const { before, version, since, rotated, client, actions, waiting, unproven } = result;
  writeJson(io, {
    org: org.name,
    credential,
    dryRun,
    entry: {
      path: entriesOf(org).paths[credential],
      before,
      version,
      since: new Date(since).toISOString(),
    },
    rotated,
    client,
    actions: actions.map(({ kind, clientId, clientName, reason }) => ({
      kind,
      clientId,
      clientName,
      reason,
    })),
    waiting,
    unproven,
    next,
  });
}

function printText(io: Io, { org, credential, dryRun, result, next }: Ending): void {
  const would = dryRun ? "would " : "";
  for (const { kind, clientName, clientId, reason } of result.actions) {
    io.stdout.write(`${would}${kind} ${clientName} (${clientId}): ${reason}\n`);
  }
  for (const { clientName, clientId, reason } of [...result.waiting, ...result.unproven]) {
    io.stdout.write(`keep ${clientName} (${clientId}): ${reason}\n`);
  }
  io.stdout.write(`${org.name} ${credential}: ${describe(io, dryRun, result)}\n`);
  next.forEach((step, index) => {
    io.stdout.write(`${index === 0 ? "next:" : "then:"} ${step}\n`);
  });
  if (dryRun) io.stdout.write(`${DRY_RUN}\n`);
}

function describe(io: Io, dryRun: boolean, result: EntryRotation): string {
  const { before, version, since, rotated, client } = result;
  const age = counted(Math.floor((io.now() - since) / DAY), "day");
  const current = `version ${before}, whose credential is ${age} old`;
  if (!rotated) return `${dryRun ? "would keep" : "kept"} ${current}`;
  if (dryRun || !client) return `would replace ${current}`;
  return `version ${before} -> ${version}, with client ${client.name} (${client.id})`;
}
