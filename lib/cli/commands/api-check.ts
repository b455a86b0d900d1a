import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Argument, Command, Option } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import { type ApiComparison, compareApi, type NeededApi } from "../../genesys/compare-api";
import type { GenesysRegion } from "../../registry/genesys-regions";
import { ownFolder } from "../project/own-manifest";
import { listOrgs, orgsNamed } from "../project/synthesize";
import { ReportedFailure } from "../terminal/failure";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption } from "../terminal/options";
import { startProgress } from "../terminal/progress";
import {
  fetchSpecification,
  readSpecification,
  type Specification,
} from "./api-check/specification";

interface ApiCheckOptions {
  readonly spec?: string;
  readonly json?: boolean;
}

/** The comparison with the API of one region. */
interface Checked extends ApiComparison {
  /** Undefined for a stored copy. */
  readonly region?: string;
  readonly orgs: readonly string[];
  readonly source: string;
}

/** `genesys-orgs api-check`. */
export const apiCheckCommand = (io: Io): Command =>
  new Command("api-check")
    .summary("check whether the Platform API has all that is needed")
    .description(
      "Compare the Platform API of the organisations' regions with all that rotator, commands and the Terraform provider need of it",
    )
    .addArgument(new Argument("[org...]", "names of organisations (default: all)"))
    .addOption(
      new Option(
        "--spec <file>",
        "compare a stored copy of /api/v2/docs/swagger, without a network",
      ),
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Each region's own description of its API is fetched once, without a credential, and kept in the
user's cache until it changes. An operation or a field that is missing, has another type, or needs
what is not sent is a failure (exit code 1): do not deploy before a release of this library knows
the change. A deprecated operation or field is a note.

Examples:
  genesys-orgs api-check                        every region of the registry
  genesys-orgs api-check na-prod --json
  genesys-orgs api-check --spec swagger.json    a copy that somebody fetched`,
    )
    .action((orgs: string[], options: ApiCheckOptions) => apiCheck(io, orgs, options));

async function apiCheck(io: Io, names: string[], { spec, json }: ApiCheckOptions): Promise<void> {
  if (spec !== undefined && names.length > 0) {
    throw new UserError("--spec and organisations exclude each other: give one of the two");
  }
  const checked = spec === undefined ? await checkOrgs(io, names) : [checkCopy(io, spec)];
  if (json) writeJson(io, { regions: checked });
  else for (const each of checked) printText(io, each);
  if (checked.some(({ problems }) => problems.length > 0)) throw new ReportedFailure();
}

function checkCopy(io: Io, spec: string): Checked {
  const copy = readSpecification(resolve(io.cwd, spec));
  return { orgs: [], source: spec, ...compare(copy) };
}

/** Compares each region's API once. */
async function checkOrgs(io: Io, names: readonly string[]): Promise<Checked[]> {
  const orgs = orgsNamed(await listOrgs(io), names).filter(({ retired }) => !retired);
  const regions = [...new Set(orgs.map(({ genesysRegion }) => genesysRegion))].sort();
  if (regions.length === 0) throw new UserError("there is no organisation that is not retired");
  const progress = await startProgress(io);
  try {
    const checked: Checked[] = [];
    for (const region of regions) {
      progress.step(`reading the API of ${region}`);
      const specification = await fetchSpecification(io, region as GenesysRegion);
      const here = orgs.filter(({ genesysRegion }) => genesysRegion === region);
      checked.push({
        region,
        orgs: here.map(({ name }) => name),
        source: specification.source,
        ...compare(specification),
      });
    }
    return checked;
  } finally {
    progress.stop();
  }
}

function compare({ document, source }: Specification): ApiComparison {
  try {
    return compareApi(document, neededApi());
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${source}: ${error.message}`) : error;
  }
}

const neededApi = (): NeededApi =>
  JSON.parse(readFileSync(join(ownFolder(), "schemas/platform-api.json"), "utf8"));

function printText(io: Io, { region, orgs, source, problems, notes, ...counts }: Checked): void {
  const where = region === undefined ? source : `${region} (${orgs.join(", ")})`;
  for (const { operation, problem } of problems) {
    io.stdout.write(`${where}: ${operation}: ${problem}\n`);
  }
  for (const { operation, note } of notes) {
    io.stdout.write(`${where}: ${operation}: note: ${note}\n`);
  }
  const { operations, fields } = counts;
  const compared = `${counted(operations, "operation")}, ${counted(fields, "field")}`;
  const result =
    problems.length === 0
      ? "all that is needed is there"
      : `${counted(problems.length, "problem")}; do not deploy: look for a newer release of cdktf-genesys-orgs`;
  io.stdout.write(`${where}: ${compared}: ${result}\n`);
}
