// Checks the package as npm would publish it, and the project for what nothing uses.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "./pack.mjs";
import { main, root, ToolError, tool } from "./processes.mjs";

// Of the 259 modules of bindings, which are all made alike, one resource and one data source.
const BINDINGS = ["genesyscloud/routing-queue", "genesyscloud/data-genesyscloud-flow"];

const checksOf = (tarball) => ({
  // Unused files, exports and dependencies.
  knip: ["knip/bin/knip.js", "--config", "tools/knip.jsonc", "--treat-config-hints-as-errors"],
  // The fields of package.json, and the files that they name.
  publint: ["publint/src/cli.js", "run", tarball, "--strict"],
  // The types, as TypeScript's kinds of module resolution find them. The JSON Schemas are for editors
  // and other tools, which take them by their paths.
  attw: [
    ...["@arethetypeswrong/cli/dist/index.js", tarball],
    ...["--exclude-entrypoints", "registry.schema.json", "run-report.schema.json"],
    ...["genesyscloud/*"],
    ...["--include-entrypoints", ...BINDINGS],
  ],
});

main(import.meta.url, () => {
  const folder = mkdtempSync(join(tmpdir(), "genesys-orgs-check-"));
  try {
    const failed = Object.entries(checksOf(pack(root, folder))).filter(([, [path, ...args]]) => {
      const command = [tool(path), ...args];
      return spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" }).status !== 0;
    });
    if (failed.length > 0)
      throw new ToolError(`failed: ${failed.map(([name]) => name).join(", ")}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
