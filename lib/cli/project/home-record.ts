import { existsSync } from "node:fs";
import { dirname } from "node:path";
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
import { replaceFile } from "./replace-file";

/** The default path of the record. */
export const RECORD_FILE = "orgs/state-homes.json";

/**
 * Returns a home that stacks of the project create.
 *
 * @throws UserError for an unknown home, and for one that no stack creates
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
      `home ${name} is S3-compatible storage, which no stack of this app creates: add its keys to the record by hand`,
    );
  }
  return home;
}

/**
 * Checks that a file is the record that the app has read.
 *
 * @param orgs the orgs of the home
 * @throws UserError if it is another record, or cannot be read
 */
export function refuseOtherRecord(
  file: string,
  home: HomeReport,
  orgs: readonly OrgReport[],
): void {
  assertSameRecord(readRecord(file), file, home, orgs);
}

/**
 * Writes new outputs of a home's stacks into the record.
 *
 * @throws UserError with everything that would be wrong with the record; then nothing was written
 */
export function recordKeys(
  file: string,
  home: HomeReport,
  outputs: HomeOutputs,
  { replace = false, dryRun = false } = {},
): readonly RecordChange[] {
  // Reads the record again: somebody else may have recorded keys while Terraform was working.
  const { record, changes } = recordOutputs(readRecord(file), home, outputs, replace);
  if (!dryRun && changes.length > 0) writeRecord(file, recordText(record));
  return changes;
}

function readRecord(file: string): unknown {
  if (!existsSync(file)) {
    if (existsSync(dirname(file))) return undefined;
    throw new UserError(`${file} cannot be written: the folder ${dirname(file)} does not exist`);
  }
  const read = readDataFile(file);
  if ("problem" in read) throw new UserError(problemLine(read.problem));
  return read.value;
}

function writeRecord(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${file} cannot be written (${code ?? message}): fix this, then run the same command again`,
    );
  }
}
