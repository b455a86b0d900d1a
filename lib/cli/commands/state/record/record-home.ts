import { join, resolve } from "node:path";
import type { RecordChange } from "../../../../registry/record-outputs";
import type { HomeReport } from "../../../../registry/report";
import { removeFolder, temporaryFolder } from "../../../../terraform/cleanup";
import { homeOf, recordKeys, refuseOtherRecord } from "../../../project/home-record";
import { synthesize } from "../../../project/synthesize";
import type { Io } from "../../../terminal/io";
import { keysInFile, keysOfStacks, refuseNothing } from "./read-keys";

/** The source of the keys, and the record. */
export interface RecordProps {
  /** File with the outputs of the stacks. @default - the outputs are read with Terraform */
  readonly from?: string;
  /** File with the record. */
  readonly record: string;
  /** Whether a key may replace a recorded key. @default false */
  readonly replace?: boolean;
  /** Whether nothing is written. @default false */
  readonly dryRun?: boolean;
}

/** The keys that were recorded, or would be. */
export interface Recording {
  readonly file: string;
  readonly home: HomeReport;
  readonly changes: readonly RecordChange[];
  /** Ids of the access stacks that were not applied yet. */
  readonly missing: readonly string[];
}

/**
 * Records the keys that the stacks of a home created.
 *
 * @throws UserError if there is nothing to record, or the record cannot be written
 */
export async function recordHome(io: Io, name: string, props: RecordProps): Promise<Recording> {
  const output = temporaryFolder("genesys-orgs-record-");
  try {
    // Quiet: the app would name the next steps as they were before this command.
    const report = await synthesize(io, { output, quiet: true });
    const home = homeOf(report, name);
    const orgs = report.orgs.filter(({ stateHome }) => stateHome === name);
    const file = resolve(io.cwd, props.record);
    refuseOtherRecord(file, home, orgs);
    const keys = props.from
      ? keysInFile(resolve(io.cwd, props.from), home, orgs)
      : await keysOfStacks(io, join(output, "stacks"), home, orgs);
    refuseNothing(home, keys, props.from);
    const changes = recordKeys(file, home, keys, props);
    const missing = orgs
      .filter((org) => keys.orgs.get(org.name) === undefined && !org.kmsKeyArn)
      .map(({ access }) => access.stack);
    return { file, home, changes, missing };
  } finally {
    removeFolder(output);
  }
}
