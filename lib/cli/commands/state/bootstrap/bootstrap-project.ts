import { UserError } from "../../../../errors";
import type { HomeReport, OrgReport, RegistryReport } from "../../../../registry/report";
import { callerIdentity, principalOf } from "../../../project/caller-identity";
import { homeOf, refuseOtherRecord } from "../../../project/home-record";
import { refuseNames, synthesize } from "../../../project/synthesize";
import type { Io } from "../../../terminal/io";

/** The home to bootstrap, and how. */
export interface BootstrapProps {
  readonly home: string;
  /** Names of orgs. @default - all orgs of the home */
  readonly orgs?: readonly string[];
  /** File with the record. */
  readonly record: string;
  /** Folder for the synthesized stacks, where Terraform runs. */
  readonly output: string;
  /** Access stacks at the same time. @default - the number of cores */
  readonly concurrency?: number;
}

/** The part of a synthesis that concerns one home. */
export interface Project {
  readonly home: HomeReport;
  /** The orgs of the home that are wanted. */
  readonly orgs: readonly OrgReport[];
}

/**
 * Synthesizes all stacks.
 *
 * @throws UserError if the home or an org does not exist, or the record is not that of the app
 */
export async function synthesizeProject(io: Io, props: BootstrapProps): Promise<Project> {
  // Quiet: the app would name the next step, which is this command.
  const report = await synthesize(io, { output: props.output, quiet: true });
  const home = homeOf(report, props.home);
  if (home.status !== "synthesized") {
    throw new UserError(`home ${home.name} has no stack: the app does not create ${home.stack}`);
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
  if (elsewhere.length > 0) throw new UserError(`not in home ${home}: ${elsewhere.join(", ")}`);
  return inHome.filter(({ name }) => names.includes(name));
}

/**
 * Refuses a caller whom the home's policies would lock out: from then on only state admins can change
 * the bucket, and nobody if the registry names none that exists.
 *
 * @throws UserError
 */
export async function refuseOtherThanAdmin({ home }: Project): Promise<void> {
  const { region, stateAdmins } = home;
  const you = await principalOf(await callerIdentity(region), stateAdmins, region);
  if (stateAdmins.includes(you)) return;
  throw new UserError(
    `you are ${you}, which is not a state admin of home ${home.name} (${stateAdmins.join(", ")}): its policies would lock you out. Log in as a state admin, or correct stateAdmins of ${home.name}`,
  );
}
