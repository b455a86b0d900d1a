import { setTimeout as wait } from "node:timers/promises";
import { Argument, type Command, Option } from "commander";
import { UserError } from "../../errors";
import { PlatformApi } from "../../genesys/platform-api";
import { SYSTEM_CLOCK } from "../../http/clock";
import { ApiError, BreakerOpenError } from "../../http/errors";
import type { GenesysRegion } from "../../registry/genesys-regions";
import type { VaultCredential } from "../../registry/model";
import type { OrgReport } from "../../registry/report";
import { type EntryRotation, rotateEntry } from "../../rotation/vault-entries/rotate-entry";
import { HttpKvStore } from "../../vault/client/http-kv-store";
import { CasMismatchError, NotWrittenError } from "../../vault/client/kv-store";
import { vaultToken } from "../../vault/client/vault-token";
import { listOrgs, refuseNames } from "../project/synthesize";
import { type Io, writeJson } from "../terminal/io";
import { showSteps } from "../terminal/steps";
import { wholeNumber } from "../terminal/whole-number";

interface RotateOptions {
  /** Days. */
  readonly ifOlderThan?: number;
  readonly retireOnly?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const DAY = 24 * 3_600_000;

/** Adds `genesys-orgs rotate`. */
export function addRotateCommand(program: Command, io: Io): void {
  program
    .command("rotate")
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
    .option("--dry-run", "only say what would be done")
    .option("--json", "print one JSON document on stdout")
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

Exit codes: 0 done, or nothing was to be done, 1 a mistake or a failure, 130 stopped by Ctrl-C. What
Vault has works in any case; start again.`,
    )
    .action((org: string, credential: VaultCredential, options: RotateOptions) =>
      rotate(io, org, credential, options),
    );
}

async function rotate(
  io: Io,
  name: string,
  credential: VaultCredential,
  options: RotateOptions,
): Promise<void> {
  const report = await listOrgs(io);
  refuseNames([name], report);
  const org = report.orgs.find((each) => each.name === name) as OrgReport;
  if (org.retired) throw new UserError(`${name} is retired: its credentials are not rotated`);
  const result = await rotateWith(io, org, credential, options);
  const ending = {
    org,
    credential,
    options,
    result,
    next: nextOf(org, credential, options, result),
  };
  if (options.json) printJson(io, ending);
  else printText(io, ending);
}

async function rotateWith(
  io: Io,
  org: OrgReport,
  credential: VaultCredential,
  { ifOlderThan, retireOnly, dryRun }: RotateOptions,
): Promise<EntryRotation> {
  const { deployer, planner, master, ...place } = org.vault;
  const store = new HttpKvStore({ ...place, token: vaultToken(io.env) });
  const steps = await showSteps(io);
  try {
    return await rotateEntry({
      credential,
      entries: { deployer, planner, master },
      place,
      store,
      apiAs: (clientId, clientSecret) =>
        new PlatformApi({ region: org.genesysRegion as GenesysRegion, clientId, clientSecret }),
      org: { id: org.organizationId, ...org.rotation },
      // Only what can be given up: what a client is removed with goes on.
      clock: {
        now: SYSTEM_CLOCK.now,
        sleep: (milliseconds) => wait(milliseconds, undefined, { signal: io.signal }),
      },
      ifOlderThan: ifOlderThan && ifOlderThan * DAY,
      retireOnly,
      dryRun,
      signal: io.signal,
      onStep: steps.step,
    });
  } catch (error) {
    throw CALL_ERRORS.some((kind) => error instanceof kind)
      ? new UserError(`${org.name} ${credential}: ${(error as Error).message}`)
      : error;
  } finally {
    steps.stop();
  }
}

const CALL_ERRORS = [UserError, ApiError, BreakerOpenError, NotWrittenError, CasMismatchError];

/** What a person, or the next job, has to do. */
function nextOf(
  { name, stack, rotation }: OrgReport,
  credential: VaultCredential,
  { dryRun }: RotateOptions,
  { version, waiting }: EntryRotation,
): string[] {
  if (dryRun) return [];
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
  readonly options: RotateOptions;
  readonly result: EntryRotation;
  readonly next: readonly string[];
}

function printJson(io: Io, { org, credential, options, result, next }: Ending): void {
  const { before, version, since, rotated, client, actions, waiting } = result;
  writeJson(io, {
    org: org.name,
    credential,
    dryRun: options.dryRun === true,
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

function printText(io: Io, { org, credential, options, result, next }: Ending): void {
  const would = options.dryRun ? "would " : "";
  for (const { kind, clientName, clientId, reason } of result.actions) {
    io.stdout.write(`${would}${kind} ${clientName} (${clientId}): ${reason}\n`);
  }
  for (const { clientName, clientId, reason } of result.waiting) {
    io.stdout.write(`keep ${clientName} (${clientId}): ${reason}\n`);
  }
  io.stdout.write(`${org.name} ${credential}: ${describe(options, result)}\n`);
  next.forEach((step, index) => {
    io.stdout.write(`${index === 0 ? "next:" : "then:"} ${step}\n`);
  });
}

function describe({ dryRun }: RotateOptions, result: EntryRotation): string {
  const { before, version, since, rotated, client } = result;
  const age = Math.floor((Date.now() - since) / DAY);
  const has = `version ${before} has a credential of ${age === 1 ? "1 day" : `${age} days`}`;
  if (!rotated) return `${has}; no other is made`;
  if (dryRun || !client) return `${has}; another would be made`;
  return `version ${before} -> ${version}, with client ${client.name} (${client.id})`;
}
