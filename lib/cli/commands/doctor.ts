import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { inParallel } from "../../in-parallel";
import type { HomeReport, OrgReport } from "../../registry/report";
import { removeFolder, temporaryFolder } from "../../terraform/cleanup";
import { backendOf } from "../../terraform/run-on-state";
import { synthesize } from "../project/synthesize";
import { coloursFor, type Io, writeJson } from "../terminal/io";
import { showSteps } from "../terminal/steps";
import { wholeNumber } from "../terminal/whole-number";
import { callerIdentity, checkAws } from "./doctor/aws-checks";
import { type Bounds, type Check, GROUPS, type Group } from "./doctor/checklist";
import type { Scene } from "./doctor/context";
import { checkGenesys } from "./doctor/genesys-checks";
import { checkState } from "./doctor/state-checks";
import { checkVault } from "./doctor/vault-checks";

interface DoctorOptions {
  readonly only: readonly Group[];
  readonly readOnly?: boolean;
  readonly assume?: boolean;
  /** Seconds. */
  readonly timeLimit: number;
  readonly concurrency: number;
  readonly json?: boolean;
}

/** Adds `genesys-orgs doctor`. */
export function addDoctorCommand(program: Command, io: Io, exit: (code: number) => void): void {
  program
    .command("doctor")
    .summary("check what a deploy of organisations would meet")
    .description(
      "Check, with the credentials at hand, what a deploy of organisations would meet: AWS, state and lock, Vault, Genesys Cloud, clocks",
    )
    .argument("[org...]", "names of organisations (default: all)")
    .addOption(
      new Option("--only <groups>", `some of ${GROUPS.join(",")}`)
        .argParser(groups)
        .default([...GROUPS], "all"),
    )
    .option("--read-only", "write nothing: leave out the probe, which takes the lock for a moment")
    .option("--assume", "also assume the roles that the registry names")
    .option("--time-limit <seconds>", "for each check", wholeNumber, 20)
    .option("--concurrency <number>", "organisations at the same time", wholeNumber, 8)
    .option("--json", "print one JSON document on stdout")
    .addHelpText(
      "after",
      `
A check without a credential is "not checked", and says which. No secret is shown. docs/doctor.md has
what each failure means.

Examples:
  genesys-orgs doctor
  genesys-orgs doctor na-prod --assume
  genesys-orgs doctor --only state,aws --read-only   while others may be deploying

Exit codes: 0 nothing failed; 1 a check failed, nothing could be checked, or a mistake; 130 stopped
by Ctrl-C.`,
    )
    .action(async (names: string[], options: DoctorOptions) => {
      exit(await doctor(io, names, options));
    });
}

function groups(value: string): Group[] {
  const wanted = value.split(",").map((name) => name.trim());
  const unknown = wanted.filter((name) => !GROUPS.includes(name as Group));
  if (unknown.length === 0) return wanted as Group[];
  throw new InvalidArgumentError(`There is no ${unknown.join(", ")}: some of ${GROUPS.join(",")}.`);
}

interface Diagnosis {
  readonly org: OrgReport;
  readonly checks: readonly Check[];
}

async function doctor(io: Io, names: readonly string[], options: DoctorOptions): Promise<number> {
  const scenes = await scenesOf(io, names, options);
  const steps = await showSteps(io);
  let diagnoses: Diagnosis[];
  try {
    steps.step(
      `checking ${scenes.length === 1 ? "1 organisation" : `${scenes.length} organisations`}`,
    );
    diagnoses = await inParallel(scenes, options.concurrency, async (scene) => ({
      org: scene.org,
      checks: await diagnose(scene, options.only),
    }));
  } finally {
    steps.stop();
  }
  io.signal.throwIfAborted();
  (options.json ? printJson : printText)(io, diagnoses);
  const has = (wanted: Check["status"]) =>
    diagnoses.some(({ checks }) => checks.some(({ status }) => status === wanted));
  // A job without any credentials would take it for well.
  const isBlind = has("not checked") && !has("ok");
  if (isBlind) io.stderr.write("nothing could be checked\n");
  return has("failed") || isBlind ? 1 : 0;
}

/** What the app says of the orgs, and the backends that it gives them. */
async function scenesOf(
  io: Io,
  names: readonly string[],
  options: DoctorOptions,
): Promise<Scene[]> {
  const output = temporaryFolder("genesys-orgs-doctor-");
  try {
    const only = names.length > 0 ? names : undefined;
    const { orgs, homes } = await synthesize(io, { output, only, quiet: true });
    const bounds: Bounds = { limit: options.timeLimit * 1000, signal: io.signal };
    return orgs
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .map((org) => ({
        io,
        bounds,
        now: io.now ?? Date.now,
        org,
        home: homes.find(({ name }) => name === org.stateHome) as HomeReport,
        backend:
          org.status === "synthesized" ? backendIn(join(output, "stacks", org.stack)) : undefined,
        readOnly: options.readOnly === true,
        assume: options.assume === true,
      }));
  } finally {
    removeFolder(output);
  }
}

const backendIn = (folder: string): Scene["backend"] =>
  (backendOf(folder) as { readonly s3?: Scene["backend"] } | undefined)?.s3;

/** All checks of one org; those of groups that nobody asked for are made where others need them. */
async function diagnose(scene: Scene, only: readonly Group[]): Promise<Check[]> {
  const nobody = Promise.resolve(undefined);
  if (scene.org.retired) return checkState(scene, nobody);
  const wants = (...groups: Group[]) => groups.some((group) => only.includes(group));
  const identity =
    wants("aws", "state") && scene.home.status !== "external" ? callerIdentity(scene) : nobody;
  // Whoever waits for it says what is wrong with it.
  identity.catch(() => {});
  const vault = wants("vault", "genesys") ? checkVault(scene) : undefined;
  const checks = [
    wants("aws") ? checkAws(scene, identity) : [],
    wants("state") ? checkState(scene, identity) : [],
    wants("vault") && vault ? vault.then((found) => found.checks) : [],
    wants("genesys") && vault ? vault.then((found) => checkGenesys(scene, found)) : [],
  ];
  // Also where one was stopped by Ctrl-C: the probe of another gives its lock back first.
  await Promise.allSettled(checks);
  return (await Promise.all(checks)).flat();
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
