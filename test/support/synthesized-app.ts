import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");

/** Runs this repository's app, as cdktf does, into a folder. */
export function synthesizeApp(outdir: string, environment: Record<string, string> = {}) {
  return spawnSync(process.execPath, ["dist/main.js"], {
    cwd: ROOT,
    encoding: "utf8",
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir, ...environment },
  });
}

/** Content of every synthesized file by its path. */
export function filesOf(outdir: string): Record<string, string> {
  const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .sort()
      .map((file) => [file.slice(outdir.length + 1), readFileSync(file, "utf8")]),
  );
}
