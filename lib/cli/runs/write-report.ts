import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { replaceFile } from "../project/replace-file";
import { MARKDOWN } from "./markup";
import { reportPage } from "./report-page";
import { runReportSchema } from "./report-schema";
import { reportText } from "./report-text";
import type { RunReport } from "./run-report";

/** They show how organisations are built, and what failed. */
const OWNER_ONLY = 0o600;

/**
 * Writes `report.json`, `report.md` and `report.html` into a folder, each in one step. Only the user may read
 * them.
 *
 * @throws UserError if the folder cannot be written to
 */
export const writeReport = (folder: string, report: RunReport): void =>
  write(folder, {
    "report.json": jsonOf(report),
    "report.md": reportText(report, MARKDOWN),
    "report.html": reportPage(report),
  });

/** Writes `report.json` alone. See {@link writeReport}. */
export const writeReportJson = (folder: string, report: RunReport): void =>
  write(folder, { "report.json": jsonOf(report) });

const jsonOf = (report: RunReport): string => `${JSON.stringify(report, null, 2)}\n`;

function write(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      replaceFile(join(folder, name), text, OWNER_ONLY);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      `the report cannot be written into ${folder} (${code ?? message}): give another folder`,
    );
  }
}

const VERSION: RunReport["version"] = 1;

/**
 * Reads a report that {@link writeReport} wrote.
 *
 * @param file path of a `report.json`
 * @throws UserError if it is something else, or if a newer version of this command wrote it
 */
export function readReport(file: string): RunReport {
  const report = jsonIn(file);
  const { version } = Object(report) as { readonly version?: unknown };
  if (typeof version === "number" && version > VERSION) {
    throw new UserError(
      `${file} is a report of version ${version}, but this genesys-orgs reads version ${VERSION}: update cdktf-genesys-orgs`,
    );
  }
  const { data, error } = runReportSchema.safeParse(report);
  if (data) return data;
  const [issue] = error.issues;
  const path = issue?.path.join(".");
  throw noReport(file, path ? `${path}: ${issue?.message}` : "it is not an object");
}

function jsonIn(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${file} cannot be read (${code ?? message}): give the report.json of a run`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw noReport(file, "it is not JSON");
  }
}

const noReport = (file: string, why: string): UserError =>
  new UserError(
    `${file} is not the report of a run (${why}): give the report.json that \`genesys-orgs deploy\` or \`destroy\` wrote`,
  );
