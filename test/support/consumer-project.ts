import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildPackage } from "./built-command";
import { markedBlock } from "./pages";
import { ROOT } from "./synthesized-app";

const PACKAGE = "cdktf-genesys-orgs";

/** Runs a command, and fails with what it said. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

let tarball: string | undefined;

/** Packs the library, as it would be published, once for all tests, and returns the tarball. */
export function pack(): string {
  if (tarball !== undefined) return tarball;
  // The temporary folder is that of the whole run (global-setup.cjs).
  const shared = join(tmpdir(), "packed.tgz");
  if (!existsSync(shared)) {
    // npm would pack what is there: it runs no scripts here (.npmrc).
    buildPackage();
    const folder = mkdtempSync(join(tmpdir(), "packed-"));
    const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", folder], ROOT));
    // Another file may do the same at the same time.
    renameSync(join(folder, packed.filename), shared);
  }
  tarball = shared;
  return tarball;
}

/** Puts the packed library beside the dependencies that this repository has installed. */
export function linkInto(project: string, tarball: string): void {
  symlinkSync(unpacked(tarball), join(project, "node_modules"));
}

let modules: string | undefined;

/** Unpacks the library once for all tests of a file, into a `node_modules`. */
function unpacked(tarball: string): string {
  if (modules !== undefined) return modules;
  // It stays until all tests have ended.
  modules = join(mkdtempSync(join(tmpdir(), "installed-")), "node_modules");
  const own = join(modules, PACKAGE);
  mkdirSync(own, { recursive: true });
  run("tar", ["-xzf", tarball, "-C", own, "--strip-components=1"], modules);
  const installed = join(ROOT, "node_modules");
  for (const name of readdirSync(installed).filter((entry) => !entry.startsWith("."))) {
    symlinkSync(join(installed, name), join(modules, name));
  }
  symlinkSync(join(installed, ".bin"), join(modules, ".bin"));
  return modules;
}

/** Writes the whole app of docs/library.md and its record into a project. */
export function writeLibraryExample(project: string): void {
  writeFiles(project, {
    "main.ts": markedBlock("docs/library.md", "library-example"),
    "orgs/state-homes.json": markedBlock("docs/registry.md", "record"),
  });
}

/** Writes the smallest app of the README, with the home and the record of docs/registry.md. */
export function writeSmallestApp(project: string): void {
  writeFiles(project, {
    "main.ts": markedBlock("README.md", "smallest-app"),
    "orgs/na-prod.yaml": markedBlock("README.md", "smallest-org"),
    "orgs/homes.yaml": markedBlock("docs/registry.md", "homes.yaml"),
    "orgs/state-homes.json": markedBlock("docs/registry.md", "record"),
  });
}

/** Writes the whole app of docs/library.md, and compiles it as a user would. */
export function buildLibraryExample(project: string): void {
  writeLibraryExample(project);
  compile(project);
}

/** The same for the smallest app of the README. */
export function buildSmallestApp(project: string): void {
  writeSmallestApp(project);
  compile(project);
}

/** Writes files by their paths in a project. */
export function writeFiles(project: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
}

function compile(project: string): void {
  const options =
    "--strict --skipLibCheck --target ES2022 --module Node16 --moduleResolution Node16 --resolveJsonModule";
  runTsc(project, ...options.split(" "), "main.ts");
}

/** Runs the TypeScript compiler in a project, and fails with what it said. */
export function runTsc(project: string, ...options: string[]): string {
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  return run(process.execPath, [tsc, ...options], project);
}
