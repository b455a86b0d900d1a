import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./synthesized-app";

const PACKAGE = "cdktf-genesys-orgs";

/** Runs a command, and fails with what it said. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

/** Packs the library, as it would be published, and returns the tarball. */
export function pack(folder: string): string {
  const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", folder], ROOT));
  return join(folder, packed.filename);
}

/** Puts the packed library beside the dependencies that this repository has installed. */
export function linkInto(project: string, tarball: string): void {
  const modules = join(project, "node_modules");
  const own = join(modules, PACKAGE);
  mkdirSync(own, { recursive: true });
  run("tar", ["-xzf", tarball, "-C", own, "--strip-components=1"], project);
  const installed = join(ROOT, "node_modules");
  for (const name of readdirSync(installed).filter((entry) => !entry.startsWith("."))) {
    symlinkSync(join(installed, name), join(modules, name));
  }
}

/** Compiles the README's library example as a user would, and returns the project's folder. */
export function buildReadmeExample(project: string): void {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, example] = /<!-- library-example -->\n```ts\n(.*?)```/s.exec(readme) ?? [];
  if (!example) throw new Error("the README has no library example");
  writeFileSync(join(project, "main.ts"), example);
  const options =
    "--strict --skipLibCheck --target ES2022 --module Node16 --moduleResolution Node16";
  runTsc(project, ...options.split(" "), "main.ts");
}

/** Runs the TypeScript compiler in a project, and fails with what it said. */
export function runTsc(project: string, ...options: string[]): string {
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  return run(process.execPath, [tsc, ...options], project);
}
