import { UserError } from "../../../../errors";
import type { HomeReport, OrgReport, RegistryReport } from "../../../../registry/report";
import { homeOf, refuseOtherRecord } from "../../../project/home-record";
import { refuseNames, synthesize } from "../../../project/synthesize";
import type { Io } from "../../../terminal/io";

/** What to bootstrap, and how. */
export interface BootstrapProps {
  readonly home: string;
  /** Names of orgs; undefined: all of the home. */
  readonly orgs?: readonly string[];
  /** File with the record. */
  readonly record: string;
  /** Folder for the synthesized stacks, where Terraform runs. */
  readonly output: string;
  /** Access stacks at the same time; undefined: as many as there are cores. */
  readonly concurrency?: number;
}

/** A synthesis, as far as it is about one home. */
export interface Project {
  readonly home: HomeReport;
  /** Those that were asked for. */
  readonly orgs: readonly OrgReport[];
}

/**
 * Synthesizes everything.
 *
 * @throws UserError where the home or the orgs are not there, or the record is not the app's
 */
export async function synthesizeProject(io: Io, props: BootstrapProps): Promise<Project> {
  // Quiet: what the app says is next is what is being done.
  const report = await synthesize(io, { output: props.output, quiet: true });
  const home = homeOf(report, props.home);
  if (home.status !== "synthesized") {
    throw new UserError(`home ${home.name}: the app makes no stack ${home.stack} for it`);
  }
  const inHome = report.orgs.filter(({ stateHome }) => stateHome === home.name);
  refuseOtherRecord(props.record, home, inHome);
  return { home, orgs: selected(inHome, report, props) };
}

function selected(
  inHome: readonly OrgReport[],
  report: RegistryReport,
  { home, orgs: names }: BootstrapProps,
): readonly OrgReport[] {
  if (names === undefined) return inHome;
  refuseNames(names, report);
  const elsewhere = names.filter((name) => inHome.every((org) => org.name !== name));
  if (elsewhere.length > 0) throw new UserError(`${elsewhere.join(", ")}: not in home ${home}`);
  return inHome.filter(({ name }) => names.includes(name));
}
