import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { KEEPS_STACKS_VARIABLE } from "../../registry/kept-stacks";
import { PLACEHOLDERS_VARIABLE } from "../../registry/placeholder-keys";
import { type OrgReport, REPORT_FILE, type RegistryReport } from "../../registry/report";
import { runChild } from "../../terraform/child";
import { removeFolder, temporaryFolder } from "../../terraform/cleanup";
import { synthesisEnvironment } from "../../terraform/environment";
import type { Io } from "../terminal/io";
import { withHint } from "../terminal/nearest";
import { reportAnnotations } from "./annotations";

/** Input of a synthesis. */
export interface SynthesisProps {
  /** Folder for the stacks and the report. */
  readonly output: string;
  /**
   * Names of orgs.
   * @default - all
   */
  readonly names?: readonly string[];
  /**
   * Whether only the report is wanted: no org is synthesized.
   * @default false
   */
  readonly reportOnly?: boolean;
  /**
   * Whether keys that are not recorded yet are made up, which only a rehearsal may do.
   * @default false
   */
  readonly placeholders?: boolean;
  /**
   * Whether the stacks of other orgs may stay in the folder, which the `cdktf` command then must not use.
   * @default false
   */
  readonly keepsStacks?: boolean;
  /**
   * Whether the output of a successful synthesis is dropped.
   * @default false
   */
  readonly quiet?: boolean;
}

/**
 * Runs the project's app, as `cdktf synth` does, and returns the report that it writes. Passes on
 * the app's stderr and the warnings of its constructs.
 *
 * @throws UserError with the app's own words when it fails, and for unknown orgs
 */
export async function synthesize(io: Io, props: SynthesisProps): Promise<RegistryReport> {
  const app = appCommand(io.cwd);
  const { names = [], output, quiet = false } = props;
  const result = await runApp(io, app, props);
  io.signal.throwIfAborted();
  if (result.code !== 0) {
    if (names.length > 0) await refuseUnknown(io, app, names);
    const said = (result.stderr.trim() || result.stdout.trim()).trimEnd();
    throw new UserError(said || `\`${app}\` failed with exit code ${result.code}`);
  }
  const report = readReport(output, app);
  refuseNames(names, report);
  if (quiet) return report;
  io.stderr.write(result.stderr);
  reportAnnotations(io, output);
  return report;
}

/** Returns the report of all orgs, without synthesizing any. */
export async function listOrgs(io: Io): Promise<RegistryReport> {
  const output = temporaryFolder("genesys-orgs-list-");
  try {
    return await synthesize(io, { output, reportOnly: true });
  } finally {
    removeFolder(output);
  }
}

/**
 * Finds one org of the registry.
 *
 * @throws UserError when there is no such org
 */
export async function findOrg(io: Io, name: string): Promise<OrgReport> {
  const [org] = orgsNamed(await listOrgs(io), [name]);
  return org as OrgReport;
}

/**
 * Returns the orgs with these names, or all orgs if there are no names.
 *
 * @throws UserError when a name is not in the report
 */
export function orgsNamed(report: RegistryReport, names: readonly string[]): OrgReport[] {
  refuseNames(names, report);
  return report.orgs.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** @throws UserError when a name is not in the report: one line, with the names that may be meant */
export function refuseNames(names: readonly string[], { orgs }: RegistryReport): void {
  const known = orgs.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const many = unknown.length > 1 ? "organisations" : "organisation";
  const hints = unknown.map((name) => withHint(name, known));
  throw new UserError(`unknown ${many}: ${hints.join(", ")}; \`genesys-orgs list\` shows all`);
}

async function refuseUnknown(io: Io, app: string, names: readonly string[]): Promise<void> {
  const output = temporaryFolder("genesys-orgs-list-");
  try {
    const listing = await runApp(io, app, { output, reportOnly: true });
    if (listing.code === 0) refuseNames(names, readReport(output, app));
  } finally {
    removeFolder(output);
  }
}

/**
 * Creates the folder of a synthesis, and removes the report of an earlier run, which must not be taken
 * for that of this run.
 *
 * @throws UserError if it cannot be written
 */
export function prepareOutput(output: string): void {
  try {
    mkdirSync(output, { recursive: true });
    rmSync(join(output, REPORT_FILE), { force: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`the folder ${output} cannot be written: ${code ?? message}`);
  }
}

function runApp(io: Io, app: string, props: SynthesisProps) {
  const { output, names = [], reportOnly, placeholders, keepsStacks } = props;
  prepareOutput(output);
  const { GENESYS_ORGS_ONLY: _, [PLACEHOLDERS_VARIABLE]: __, ...env } = io.env;
  const { context } = projectOf(io.cwd);
  const only = reportOnly ? "-" : names.join(",");
  return runChild({
    command: app,
    shell: true,
    cwd: io.cwd,
    env: synthesisEnvironment(env, {
      CDKTF_OUTDIR: output,
      ...(context !== undefined && { CDKTF_CONTEXT_JSON: JSON.stringify(context) }),
      ...(only !== "" && { GENESYS_ORGS_ONLY: only }),
      ...(placeholders && { [PLACEHOLDERS_VARIABLE]: output }),
      ...(keepsStacks && { [KEEPS_STACKS_VARIABLE]: output }),
    }),
    signal: io.signal,
    grace: 2_000,
  });
}

function appCommand(folder: string): string {
  const { app } = projectOf(folder);
  if (typeof app === "string" && app !== "") return app;
  throw new UserError(
    `${join(folder, "cdktf.json")} has no "app": add the command that synthesizes the project`,
  );
}

/** Reads the parts of cdktf.json that a synthesis needs. */
function projectOf(folder: string): { readonly app?: unknown; readonly context?: unknown } {
  const file = join(folder, "cdktf.json");
  if (!existsSync(file)) {
    throw new UserError(
      `${folder} has no cdktf.json: run this command in the folder of a CDKTF project`,
    );
  }
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
}

function readReport(output: string, app: string): RegistryReport {
  const file = join(output, REPORT_FILE);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as RegistryReport;
  throw new UserError(
    `\`${app}\` did not write ${REPORT_FILE}: the app must call \`synthesizeOrgs\``,
  );
}
