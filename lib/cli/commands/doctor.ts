import { Command, InvalidArgumentError, Option } from "commander";
import { UserError } from "../../errors";
import { ReportedFailure } from "../terminal/failure";
import { coloursFor, type Io, writeJson } from "../terminal/io";
import { jsonOption, wholeNumber } from "../terminal/options";
import { type Check, GROUPS, type Group } from "./doctor/checklist";
import { type Diagnosis, diagnoseOrgs } from "./doctor/diagnose";

interface DoctorOptions {
  readonly only: readonly Group[];
  readonly readOnly?: boolean;
  readonly assume?: boolean;
  /** Seconds. */
  readonly timeLimit: number;
  readonly concurrency: number;
  readonly history?: string;
  readonly json?: boolean;
}

/** `genesys-orgs doctor`. */
export const doctorCommand = (io: Io): Command =>
  new Command("doctor")
    .summary("check whether organisations can be deployed")
    .description(
      "Check whether organisations can be deployed with your credentials: AWS, state and lock, Vault or Secrets Manager, Genesys Cloud, clocks",
    )
    .argument("[org...]", "names of organisations (default: all)")
    .addOption(
      new Option("--only <groups>", `checks to make: some of ${GROUPS.join(",")}`)
        .argParser(groups)
        .default([...GROUPS], "all"),
    )
    .option("--read-only", "write nothing: skip the probe, which takes the lock for a moment")
    .option("--assume", "also try to assume the roles that the registry names")
    .option(
      "--history <file>",
      "compare the states with those of the last run in this file, and add to it",
    )
    .option("--time-limit <seconds>", "time limit for each check", wholeNumber, 20)
    .option("--concurrency <number>", "number of organisations at the same time", wholeNumber, 8)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
If a credential is missing, its checks are "not checked", with the reason. A secret is never shown. A
failed check is a failure (exit code 1), and so is a run that could check nothing. docs/doctor.md
explains each failure.

Examples:
  genesys-orgs doctor                                all organisations
  genesys-orgs doctor na-prod --assume
  genesys-orgs doctor --only state,aws --read-only   while somebody may be deploying`,
    )
    .action((names: string[], options: DoctorOptions) => doctor(io, names, options));

function groups(value: string): Group[] {
  const wanted = value.split(",").map((name) => name.trim());
  const unknown = wanted.filter((name) => !GROUPS.includes(name as Group));
  if (unknown.length === 0) return wanted as Group[];
  throw new InvalidArgumentError(
    `Unknown: ${unknown.join(", ")}. It must be some of ${GROUPS.join(",")}.`,
  );
}

async function doctor(io: Io, names: string[], options: DoctorOptions): Promise<void> {
  const { only, readOnly = false, assume = false, json, ...props } = options;
  const diagnoses = await diagnoseOrgs(io, { ...props, names, groups: only, readOnly, assume });
  (json ? printJson : printText)(io, diagnoses);
  const has = (wanted: Check["status"]) =>
    diagnoses.some(({ checks }) => checks.some(({ status }) => status === wanted));
  // A job without any credentials must not look like a success.
  if (has("not checked") && !has("ok")) throw new UserError("nothing could be checked");
  if (has("failed")) throw new ReportedFailure();
}

function printJson(io: Io, diagnoses: readonly Diagnosis[]): void {
  const orgs = diagnoses.map(({ org, checks }) => ({ name: org.name, checks }));
  writeJson(io, { orgs });
}

function printText(io: Io, diagnoses: readonly Diagnosis[]): void {
  const colours = coloursFor(io.stdout, io.env);
  const paint = { ok: colours.green, failed: colours.red, "not checked": colours.dim };
  const counts = { ok: 0, failed: 0, "not checked": 0 };
  for (const { org, checks } of diagnoses) {
    for (const { status, group, check, detail, fix } of checks) {
      counts[status] += 1;
      const line = `${detail}${fix === undefined ? "" : `; fix: ${fix}`}`;
      io.stdout.write(
        `${paint[status](status.padEnd(11))} ${org.name} ${colours.bold(`${group} ${check}`)}: ${line}\n`,
      );
    }
  }
  io.stdout.write(
    `${counts.ok} ok, ${counts.failed} failed, ${counts["not checked"]} not checked\n`,
  );
}
