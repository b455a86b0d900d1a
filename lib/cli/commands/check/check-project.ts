import { join } from "node:path";
import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import { accessStacksOf, type RegistryReport } from "../../../registry/report";
import { removeFolder, temporaryFolder } from "../../../terraform/cleanup";
import { synthesize } from "../../project/synthesize";
import { REPORTS } from "../../runs/select-stacks";
import type { Io } from "../../terminal/io";
import { type Progress, startProgress } from "../../terminal/progress";
import { type ProjectFiles, projectFiles, withStagedFiles } from "./git-files";
import { type FilesScan, filesIn, type ScanProps, scanFiles } from "./scan-files";
import { type SecretScan, secretScan } from "./secretlint";

/** What a check found. */
export interface Checked {
  /** The registry, its constructs and their policies. @default - not checked */
  readonly synthesis?: SynthesisCheck;
  readonly scans: readonly PlaceScan[];
}

/** The result of a synthesis. */
export interface SynthesisCheck {
  /** Numbers of organisations and stacks, if the synthesis succeeds. */
  readonly orgs: number;
  readonly stacks: number;
  /** All problems in the app's own words. @default - none */
  readonly problem?: string;
}

/** The result of a scan for secrets. */
export interface PlaceScan extends FilesScan {
  /** Where it looked, in words. */
  readonly place: string;
}

/** Whether the check found anything. */
export const isClean = ({ synthesis, scans }: Checked): boolean =>
  synthesis?.problem === undefined && scans.every(({ findings }) => findings.length === 0);

/**
 * Checks the whole project: its registry and policies by a synthesis, and the secrets in the repository, in
 * the synthesis and in `cdktf.out`.
 *
 * @throws UserError if the project is not in git, or secretlint is not installed
 */
export async function checkProject(io: Io): Promise<Checked> {
  const scan = await secretScan();
  const files = await projectFiles(io);
  const progress = await startProgress(io);
  const output = temporaryFolder("genesys-orgs-check-");
  try {
    const place = scanner(io, scan, progress);
    const scans = [await place("the repository", files)];
    progress.step("synthesizing");
    const synthesis = await checkSynthesis(io, output);
    if (synthesis.problem === undefined) {
      scans.push(await place("the synthesized output", filesIn(output), { isChecked: true }));
    }
    const earlier = filesIn(join(io.cwd, REPORTS));
    if (earlier.names.length > 0) scans.push(await place(REPORTS, earlier));
    return { synthesis, scans };
  } finally {
    progress.stop();
    removeFolder(output);
  }
}

/**
 * Looks for secrets in what the next commit would change.
 *
 * @throws UserError if the project is not in git, or secretlint is not installed
 */
export async function checkStaged(io: Io): Promise<Checked> {
  const scan = await secretScan();
  return withStagedFiles(io, async (files) => {
    const found = await scanFiles(files, { scan, signal: io.signal });
    return { scans: [{ place: "the staged files", ...found }] };
  });
}

/** Returns a function that scans places, of which later ones may have the same contents as earlier ones. */
function scanner({ signal }: Io, scan: SecretScan, progress: Progress) {
  const seen = new Set<string>();
  return async (
    place: string,
    files: ProjectFiles,
    props: Pick<ScanProps, "isChecked"> = {},
  ): Promise<PlaceScan> => {
    const text = `looking for secrets in ${place}: ${counted(files.names.length, "file")}`;
    progress.step(text);
    const onFile = (done: number) => {
      if (progress.isLive && done % 100 === 0) progress.step(text, String(done));
    };
    return { place, ...(await scanFiles(files, { scan, signal, seen, onFile, ...props })) };
  };
}

async function checkSynthesis(io: Io, output: string): Promise<SynthesisCheck> {
  try {
    const report = await synthesize(io, { output });
    return { orgs: report.orgs.length, stacks: stacksIn(report) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { orgs: 0, stacks: 0, problem: error.message };
  }
}

const stacksIn = ({ orgs, homes, otherStacks }: RegistryReport): number =>
  [...homes, ...orgs.flatMap((org) => [org, ...accessStacksOf(org)])].filter(
    ({ status }) => status === "synthesized",
  ).length +
  orgs.flatMap(({ components }) => components).length +
  otherStacks.length;
