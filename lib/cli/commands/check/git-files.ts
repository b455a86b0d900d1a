import { existsSync } from "node:fs";
import { join } from "node:path";
import { removeFolder, temporaryFolder } from "../../../terraform/cleanup";
import { gitIn } from "../../project/git";
import type { Io } from "../../terminal/io";

/** Patterns, as in `.gitignore`, of files that are not scanned. It is secretlint's own file. */
const IGNORE_FILE = ".secretlintignore";

/** Files of the project, and the folder in which they have their content. */
export interface ProjectFiles {
  readonly folder: string;
  /** Paths from the folder. */
  readonly names: readonly string[];
}

/**
 * Returns the files of the project that are in git, or would be added.
 *
 * @throws UserError if the project is not in git
 */
export async function projectFiles(io: Io): Promise<ProjectFiles> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  return { folder: io.cwd, names: await notIgnored(io, await pathsOf(io, list)) };
}

/**
 * Uses the content that the next commit would have of the files that it changes.
 *
 * @throws UserError if the project is not in git
 */
export async function withStagedFiles<Result>(
  io: Io,
  use: (files: ProjectFiles) => Promise<Result>,
): Promise<Result> {
  const list = "diff --cached --name-only --relative --no-ext-diff --diff-filter=ACMRT -z".split(
    " ",
  );
  const prefix = await git(io, ["rev-parse", "--show-prefix"]);
  if (prefix !== "") io.stderr.write(`only files in ${prefix} are checked\n`);
  const names = await notIgnored(io, await pathsOf(io, list));
  const folder = temporaryFolder("genesys-orgs-staged-");
  try {
    // Files of a folder, not of the whole repository: paths are from the current folder.
    for (let at = 0; at < names.length; at += MOST_ARGUMENTS) {
      const some = names.slice(at, at + MOST_ARGUMENTS);
      await git(io, ["checkout-index", `--prefix=${folder}/`, "--", ...some]);
    }
    return await use({ folder: join(folder, prefix), names });
  } finally {
    removeFolder(folder);
  }
}

const MOST_ARGUMENTS = 200;

/** Leaves out the files that `.secretlintignore` names, also those that are in git. */
async function notIgnored(io: Io, names: readonly string[]): Promise<string[]> {
  if (!existsSync(join(io.cwd, IGNORE_FILE))) return [...new Set(names)];
  const list = ["ls-files", "-z", "--cached", "--others", "--ignored", `-X${IGNORE_FILE}`];
  const ignored = new Set(await pathsOf(io, list));
  return [...new Set(names)].filter((name) => !ignored.has(name));
}

const pathsOf = async (io: Io, args: readonly string[]): Promise<string[]> =>
  (await git(io, args)).split("\0").filter((name) => name !== "");

/** A commit of some files has an index of its own, which a hook must read. */
const git = (io: Io, args: readonly string[]): Promise<string> => {
  const { GIT_INDEX_FILE } = io.env;
  return gitIn(io)(args, GIT_INDEX_FILE === undefined ? {} : { GIT_INDEX_FILE });
};
