import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../errors";
import { readDataFile } from "../../registry/read-data-file";
import {
  assertSameRecord,
  type HomeOutputs,
  type RecordChange,
  recordOutputs,
  recordText,
} from "../../registry/record-outputs";
import { problemLine } from "../../registry/registry-error";
import type { HomeReport, OrgReport, RegistryReport } from "../../registry/report";
import { withHint } from "../terminal/nearest";

/** Where the record is, as long as nobody says otherwise. */
export const RECORD_FILE = "orgs/state-homes.json";

/**
 * A home that stacks of the project create.
 *
 * @throws UserError for a home that is not known, or that no stack creates
 */
export function homeOf({ homes }: RegistryReport, name: string): HomeReport {
  const home = homes.find((each) => each.name === name);
  const known = homes.map((each) => each.name);
  if (!home) {
    throw new UserError(
      `unknown state home: ${withHint(name, known)}; the registry has ${known.join(", ")}`,
    );
  }
  if (home.status === "external") {
    throw new UserError(
      `home ${name} is S3-compatible storage, which no stack of this app creates: write its keys into the record by hand`,
    );
  }
  return home;
}

/**
 * Looks whether a file is the record that the app read.
 *
 * @param orgs those of the home
 * @throws UserError where it cannot be read, or is another one
 */
export function refuseOtherRecord(
  file: string,
  home: HomeReport,
  orgs: readonly OrgReport[],
): void {
  assertSameRecord(readRecord(file), file, home, orgs);
}

/**
 * Writes what a home's stacks put out into the record, where something is new.
 *
 * @throws UserError with all that would be wrong with the record; nothing was written then
 */
export function recordKeys(
  file: string,
  home: HomeReport,
  outputs: HomeOutputs,
  { replace = false, dryRun = false } = {},
): readonly RecordChange[] {
  // As it is now: while Terraform was at work, somebody else may have recorded keys.
  const { record, changes } = recordOutputs(readRecord(file), home, outputs, replace);
  if (!dryRun && changes.length > 0) replaceFile(file, recordText(record));
  return changes;
}

function readRecord(file: string): unknown {
  if (!existsSync(file)) {
    if (existsSync(dirname(file))) return undefined;
    throw new UserError(`${file} cannot be written: there is no folder ${dirname(file)}`);
  }
  const read = readDataFile(file);
  if ("problem" in read) throw new UserError(problemLine(read.problem));
  return read.value;
}

/** At once or not at all, so that whoever reads it never finds half of it. */
function replaceFile(file: string, text: string): void {
  // Always the same name: what a killed run left is overwritten by the next one.
  const written = join(dirname(file), `.${basename(file)}.new`);
  try {
    try {
      writeFileSync(written, text);
      renameSync(written, file);
    } finally {
      rmSync(written, { force: true });
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${file} cannot be written: ${code ?? message}; run this again when that is mended`,
    );
  }
}
