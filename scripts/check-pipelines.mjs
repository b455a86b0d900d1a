// Checks the pipelines of this repository: that they are those of the registry, and what linters say of them.
// ACTIONLINT, ZIZMOR and CHECK_JSONSCHEMA name the linters; by default they are on PATH.
import { spawnSync } from "node:child_process";

const { ACTIONLINT = "actionlint", ZIZMOR = "zizmor" } = process.env;
const { CHECK_JSONSCHEMA = "check-jsonschema" } = process.env;
const GITLAB = ".gitlab/genesys-orgs.yml";

const CHECKS = [
  [process.execPath, "scripts/run.mjs", "ci", "github", "--check"],
  [process.execPath, "scripts/run.mjs", "ci", "gitlab", "--check"],
  [ACTIONLINT],
  [ZIZMOR, "--offline", "--pedantic", "--no-progress", ".github"],
  [CHECK_JSONSCHEMA, "--builtin-schema", "vendor.gitlab-ci", GITLAB],
];

for (const [command, ...args] of CHECKS) {
  const name = [command, ...args].join(" ");
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) {
    console.error(`${name} failed${error ? `: ${error.message}` : ""}`);
    process.exit(1);
  }
  console.log(`${name}: no finding`);
}
