import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { assumeRole } from "../../aws/assume-role";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import { inParallel } from "../../in-parallel";
import { byUrgency, type InventoryEntry, inventoryEntry } from "../../inventory/inventory";
import { ALARMING } from "../../inventory/judge";
import { type OrgSecrets, readInventory } from "../../inventory/read-inventory";
import { partitionOf } from "../../registry/names";
import type { OrgReport } from "../../registry/report";
import { planCredentials } from "../project/plan-credentials";
import { reportWithCode } from "../project/report-with-code";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption, wholeNumber } from "../terminal/options";
import { startProgress } from "../terminal/progress";
import { inventoryPage } from "./secrets/inventory-page";
import { inventoryTable } from "./secrets/inventory-table";

interface SecretsOptions {
  readonly live?: boolean;
  readonly readers?: number;
  readonly role?: string;
  readonly check?: boolean;
  readonly html?: string;
  readonly json?: boolean;
}

/** `genesys-orgs secrets`. */
export const secretsCommand = (io: Io): Command =>
  new Command("secrets")
    .summary("list credentials: class, age, next rotation, clients")
    .description("List the credentials of organisations, the most urgent first")
    .argument("[org...]", "names of organisations (default: all)")
    .option("--live", "read their state from AWS; without it, only the registry is read")
    .option("--readers <days>", "with --live: who read them, by CloudTrail's events", wholeNumber)
    .option(
      "--role <name>",
      "with --live: assume this role in the account of each organisation (default: its aws.planRole)",
    )
    .option("--check", "with --live: exit with 1 if a credential needs somebody's attention")
    .option("--html <file>", "also write one page for a browser, without external assets")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Reads names, dates and labels, and never a value. --live works with your AWS credentials, best those of
the readers of the states. They need ssm:GetParametersByPath, secretsmanager:DescribeSecret and
secretsmanager:ListSecretVersionIds, and for --readers also cloudtrail:LookupEvents, which readers do not
have. If an organisation has aws.planRole, it assumes that role. If the state of an organisation cannot be
read, all others are still listed, and the exit code is 1.

Examples:
  genesys-orgs secrets                                   the plan, without AWS
  genesys-orgs secrets --live --readers 14               the state, and the readers of 14 days
  genesys-orgs secrets --live --role auditor --html secrets.html`,
    )
    .action((names: string[], options: SecretsOptions) => secrets(io, names, options));

async function secrets(io: Io, names: string[], options: SecretsOptions): Promise<void> {
  refuseWithoutLive(options);
  const report = await reportWithCode(io, names);
  const orgs = report.orgs.filter(
    ({ name, retired }) => !retired && (names.length === 0 || names.includes(name)),
  );
  const read = options.live ? await readAll(io, orgs, options) : undefined;
  const entries = orgs
    .flatMap((org) => {
      const { secrets: live } = read?.states.get(org.name) ?? {};
      return org.secrets.map((secret) =>
        inventoryEntry(org, secret, live?.get(secret.secretName), io.now()),
      );
    })
    .sort(byUrgency);
  const inventory = { entries, live: options.live === true, at: io.now() };
  if (options.html !== undefined) {
    writeFileSync(resolve(io.cwd, options.html), inventoryPage(inventory));
    io.stderr.write(`${options.html} was written\n`);
  }
  if (options.json) {
    writeJson(io, {
      live: inventory.live,
      at: new Date(inventory.at).toISOString(),
      secrets: entries,
    });
  } else io.stdout.write(inventoryTable(io, inventory));
  refuseProblems(entries, read?.problems ?? [], options);
}

function refuseWithoutLive({ live, readers, role, check }: SecretsOptions): void {
  if (live) return;
  const needing = Object.entries({ readers, role, check }).filter(([, value]) => value);
  if (needing.length === 0) return;
  throw new UserError(`${needing.map(([name]) => `--${name}`).join(" and ")} needs --live`);
}

/** The state of orgs, and why that of others could not be read. */
interface ReadStates {
  readonly states: ReadonlyMap<string, OrgSecrets>;
  readonly problems: readonly string[];
}

/** Organisations at the same time. */
const CONCURRENCY = 4;

async function readAll(
  io: Io,
  orgs: readonly OrgReport[],
  options: SecretsOptions,
): Promise<ReadStates> {
  const states = new Map<string, OrgSecrets>();
  const problems: string[] = [];
  const progress = await startProgress(io);
  progress.step(`reading the secrets of ${counted(orgs.length, "organisation")}`);
  try {
    await inParallel(orgs, CONCURRENCY, async (org) => {
      io.signal.throwIfAborted();
      try {
        const state = await readOrg(io, org, options);
        states.set(org.name, state);
        if (state.incompleteReaders) {
          problems.push(
            `${org.name}: CloudTrail has more reads than were looked at: take fewer days`,
          );
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        problems.push(error.message);
      }
    });
  } finally {
    progress.stop();
  }
  return { states, problems };
}

/** @throws UserError which names the org, when AWS refuses */
async function readOrg(
  io: Io,
  org: OrgReport,
  { readers: readerDays, role }: SecretsOptions,
): Promise<OrgSecrets> {
  const credentials = await credentialsFor(org, role);
  try {
    return await readInventory(org, { credentials, readerDays, now: io.now() });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${org.name}: ${error.message}`);
  }
}

const SESSION = "genesys-orgs-secrets";

function credentialsFor(org: OrgReport, role: string | undefined) {
  if (role === undefined) {
    return planCredentials(org, {
      session: SESSION,
      purpose: "To read its secrets without --role",
    });
  }
  const { account, region } = org.aws;
  const arn = `arn:${partitionOf(region)}:iam::${account}:role/${role}`;
  return assumeRole({ org: org.name, arn, region, session: SESSION });
}

/** @throws UserError when something could not be read, or needs attention and that was asked for */
function refuseProblems(
  entries: readonly InventoryEntry[],
  problems: readonly string[],
  { check }: SecretsOptions,
): void {
  const alarming = check ? entries.filter(({ verdict }) => ALARMING.has(verdict)) : [];
  const lines = [
    ...problems,
    ...alarming.map(({ org, name, verdict, reason }) => `${org}: ${name} is ${verdict}: ${reason}`),
  ];
  if (lines.length > 0) throw new UserError(lines.join("\n"));
}
