// `npm test`: builds what is missing or stale, then runs jest with the given arguments.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { buildOrExit, root } from "./build.mjs";

const require = createRequire(import.meta.url);
await buildOrExit(undefined, { all: true });
const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
if (!existsSync(env.TF_CLI_CONFIG_FILE ?? "")) delete env.TF_CLI_CONFIG_FILE;
const jest = join(dirname(require.resolve("jest/package.json")), "bin/jest.js");
const { status } = spawnSync(process.execPath, [jest, ...process.argv.slice(2)], {
  cwd: root,
  env,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
