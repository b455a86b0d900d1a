import {
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../../errors";
import { REPORT_FILE, type RegistryReport } from "../../registry/report";
import { removeFolder, temporaryFolder } from "../../terraform/cleanup";
import { gitIn } from "../project/git";
import { synthesize } from "../project/synthesize";
import type { Io } from "../terminal/io";
import { stackDigest } from "./stack-digest";

/** Digests of the stacks of a synthesis, by stack. */
export type Base = ReadonlyMap<string, string>;

/** Files that decide which versions of packages a synthesis runs with. */
const LOCK_FILES = ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"];

/** A synthesis of another time, in a folder. */
export interface Synthesis {
  readonly folder: string;
  readonly report: RegistryReport;
  /**
   * The file with the versions of packages that differs from the working tree's. The synthesis ran with the
   * packages that are installed, and its own ones could have made other stacks.
   * @default - none differs
   */
  readonly otherPackages?: string;
}

/** What a base is, and which part of it matters. */
export interface BaseProps {
  /** A git revision, or a folder with the report of a synthesis. */
  readonly base: string;
  /** How messages name it, for example `--changed-since main`. */
  readonly name: string;
  /** Names of the orgs that matter. Empty for all. */
  readonly orgs: readonly string[];
  /** Whether a revision with other packages is synthesized with those that are installed. */
  readonly acceptsOtherPackages: boolean;
}

/**
 * Returns the stacks of a git revision, or of a folder that was synthesized before.
 *
 * @throws UserError if there is no such revision, or its app fails
 */
export const baseOf = (io: Io, base: string, orgs: readonly string[]): Promise<Base> =>
  withBase(
    io,
    { base, name: `--changed-since ${base}`, orgs, acceptsOtherPackages: false },
    ({ otherPackages, ...synthesis }) => {
      if (otherPackages === undefined) return digestsIn(synthesis);
      // Other packages make other stacks, and only an installation could tell which.
      io.stderr.write(`${otherPackages} differs from ${base}: all stacks may have changed\n`);
      return new Map();
    },
  );

/**
 * Uses the synthesis of a git revision in a temporary folder, or that in a folder which was synthesized
 * before.
 *
 * @throws UserError if there is no such revision, or its app fails
 */
export async function withBase<Result>(
  io: Io,
  { base, name, orgs, acceptsOtherPackages }: BaseProps,
  use: (synthesis: Synthesis) => Result | Promise<Result>,
): Promise<Result> {
  const given = resolve(io.cwd, base);
  if (existsSync(join(given, REPORT_FILE))) {
    return use({ folder: given, report: reportIn(given) });
  }
  const temporary = temporaryFolder("genesys-orgs-base-");
  try {
    const { project, otherPackages } = await checkOut(io, { base, name }, temporary);
    const folder = join(temporary, "output");
    if (otherPackages !== undefined && !acceptsOtherPackages) {
      return await use({ folder, report: NOTHING, otherPackages });
    }
    const report = await synthesizeKnown({ ...io, cwd: project }, folder, orgs);
    return await use({ folder, report, otherPackages });
  } finally {
    removeFolder(temporary);
  }
}

const NOTHING: RegistryReport = { version: 1, homes: [], orgs: [], otherStacks: [] };

/** Synthesizes those of the orgs that the base has already. */
async function synthesizeKnown(
  io: Io,
  output: string,
  names: readonly string[],
): Promise<RegistryReport> {
  if (names.length === 0) return synthesize(io, { output, quiet: true });
  const listing = await synthesize(io, { output, reportOnly: true, quiet: true });
  const known = names.filter((name) => listing.orgs.some((org) => org.name === name));
  return known.length === 0 ? listing : synthesize(io, { output, names: known, quiet: true });
}

const reportIn = (folder: string): RegistryReport =>
  JSON.parse(readFileSync(join(folder, REPORT_FILE), "utf8")) as RegistryReport;

function digestsIn({ folder, report }: Synthesis): Base {
  const stacks = report.orgs.flatMap(({ stack, components }) => [
    stack,
    ...components.map((each) => each.stack),
  ]);
  const paths = stacks.map((stack) => [stack, join(folder, "stacks", stack)] as const);
  return new Map(
    paths
      .filter(([, path]) => statSync(path, { throwIfNoEntry: false }))
      .map(([stack, path]) => [stack, stackDigest(path)]),
  );
}

/**
 * Checks a revision out into a folder, with the installed packages of the working tree.
 *
 * @returns the project in it, and the file that shows that the revision has other packages
 */
async function checkOut(
  io: Io,
  { base: revision, name }: Pick<BaseProps, "base" | "name">,
  folder: string,
): Promise<{ readonly project: string; readonly otherPackages?: string }> {
  const git = gitIn(io);
  const commit = await git([
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${revision}^{commit}`,
  ]).catch(() => {
    throw new UserError(
      `${name}: ${io.cwd} has neither such a git revision, nor such a folder with ${REPORT_FILE}`,
    );
  });
  const [root, prefix] = [
    await git(["rev-parse", "--show-toplevel"]),
    await git(["rev-parse", "--show-prefix"]),
  ];
  const places = [...new Set([root, join(root, prefix)])];
  let otherPackages: string | undefined;
  for (const file of places.flatMap((place) => LOCK_FILES.map((lock) => join(place, lock)))) {
    const now = existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
    const path = file.slice(root.length + 1);
    const then = await git(["show", `${commit}:${path}`]).catch(() => undefined);
    if (now !== then) otherPackages ??= path;
  }
  const tree = join(folder, "tree");
  const env = { GIT_INDEX_FILE: join(folder, "index") };
  await git(["read-tree", commit], env);
  await git(["checkout-index", "--all", "--force", `--prefix=${tree}/`], env);
  // What is generated or installed, and so not in git.
  const ignored = await git([
    "-C",
    root,
    "ls-files",
    "-z",
    "--others",
    "--ignored",
    "--exclude-standard",
    "--directory",
  ]);
  for (const path of ignored.split("\0").map((each) => each.replace(/\/$/, ""))) {
    if (path === "" || /(^|\/)(cdktf\.out|\.terraform)/.test(path) || existsSync(join(tree, path)))
      continue;
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    if (isOnlyRead(path)) symlinkSync(join(root, path), join(tree, path));
    else cpSync(join(root, path), join(tree, path), COPY);
  }
  return { project: join(tree, prefix), otherPackages };
}

/** Whether an app only reads a folder. It may compile into another one, which must not be the working tree's. */
const isOnlyRead = (path: string): boolean => /^(?:node_modules$|\.)/.test(basename(path));

const COPY = {
  recursive: true,
  preserveTimestamps: true,
  verbatimSymlinks: true,
  mode: constants.COPYFILE_FICLONE,
};
