import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../../errors";
import { REPORT_FILE, type RegistryReport } from "../../registry/report";
import { runChild } from "../../terraform/child";
import { removeFolder, temporaryFolder } from "../../terraform/cleanup";
import { synthesize } from "../project/synthesize";
import type { Io } from "../terminal/io";
import { stackDigest } from "./stack-digest";

/** Digests of the stacks of a synthesis, by stack. */
export type Base = ReadonlyMap<string, string>;

/** Files that decide which versions of packages a synthesis runs with. */
const LOCK_FILES = ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"];

/**
 * Returns the stacks of a git revision, or of a folder that was synthesized before.
 *
 * @param base a revision, or a folder with the report of a synthesis
 * @param names of the orgs that matter. Empty for all
 * @throws UserError if there is no such revision, or its app fails
 */
export async function baseOf(io: Io, base: string, names: readonly string[]): Promise<Base> {
  const folder = resolve(io.cwd, base);
  if (existsSync(join(folder, REPORT_FILE))) return digestsIn(folder);
  const temporary = temporaryFolder("genesys-orgs-base-");
  try {
    const project = await checkOut(io, base, temporary);
    // Other packages make other stacks, and only an installation could tell which.
    if (project === undefined) return new Map();
    const output = join(temporary, "output");
    const known = await knownNames(io, project, output, names);
    if (known.length === 0 && names.length > 0) return new Map();
    await synthesize({ ...io, cwd: project }, { output, names: known, quiet: true });
    return digestsIn(output);
  } finally {
    removeFolder(temporary);
  }
}

/** The orgs that the base has already. */
async function knownNames(
  io: Io,
  project: string,
  output: string,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return [];
  const { orgs } = await synthesize({ ...io, cwd: project }, { output, reportOnly: true });
  return names.filter((name) => orgs.some((org) => org.name === name));
}

function digestsIn(folder: string): Base {
  const { orgs } = JSON.parse(readFileSync(join(folder, REPORT_FILE), "utf8")) as RegistryReport;
  const stacks = orgs.flatMap(({ stack, components }) => [
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
 * @returns the project in it; undefined if the revision has other packages
 */
async function checkOut(io: Io, revision: string, folder: string): Promise<string | undefined> {
  const git = gitIn(io);
  const commit = await git([
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${revision}^{commit}`,
  ]).catch(() => {
    throw new UserError(
      `--changed-since ${revision}: ${io.cwd} has neither such a git revision, nor such a folder with ${REPORT_FILE}`,
    );
  });
  const [root, prefix] = [
    await git(["rev-parse", "--show-toplevel"]),
    await git(["rev-parse", "--show-prefix"]),
  ];
  const places = [...new Set([root, join(root, prefix)])];
  for (const file of places.flatMap((place) => LOCK_FILES.map((name) => join(place, name)))) {
    const now = existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
    const name = file.slice(root.length + 1);
    const then = await git(["show", `${commit}:${name}`]).catch(() => undefined);
    if (now === then) continue;
    io.stderr.write(`${name} differs from ${revision}: all stacks may have changed\n`);
    return undefined;
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
  for (const path of ignored.split("\0").map((name) => name.replace(/\/$/, ""))) {
    if (path === "" || /(^|\/)(cdktf\.out|\.terraform)/.test(path) || existsSync(join(tree, path)))
      continue;
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    symlinkSync(join(root, path), join(tree, path));
  }
  return join(tree, prefix);
}

/** Runs git in the project, without the caller's index. */
function gitIn(io: Io) {
  return async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> => {
    const { GIT_INDEX_FILE: _, ...rest } = io.env;
    const result = await runChild({
      command: "git",
      args,
      cwd: io.cwd,
      env: { ...rest, ...env },
      signal: io.signal,
    }).catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`git does not run (${error.code ?? error.message}): install it`);
    });
    io.signal.throwIfAborted();
    if (result.code === 0) return result.stdout.trim();
    throw new UserError(`git ${args[0]} failed: ${result.stderr.trim()}`);
  };
}
