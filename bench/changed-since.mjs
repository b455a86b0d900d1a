// How long `--changed-since` takes to find a few changed organisations among many: node
// bench/changed-since.mjs [number of orgs]. Two syntheses run side by side; Terraform does not run.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildOrExit } from "../scripts/build.mjs";
import { generateRegistry } from "./generate-registry.mjs";

await buildOrExit(() => {});
const require = createRequire(import.meta.url);
const bench = fileURLToPath(new URL(".", import.meta.url));
const { selectStacks } = require(resolve(bench, "../dist/lib/cli/runs/select-stacks"));

const count = Number(process.argv[2] ?? 1000);
const CHANGED = ["customer-0001", "customer-0002", "na-prod"];
const cwd = mkdtempSync(join(tmpdir(), "genesys-orgs-bench-"));
process.on("exit", () => rmSync(cwd, { recursive: true, force: true }));

generateRegistry(join(cwd, "orgs"), count);
const app = `node ${join(bench, "our-app/main.mjs")} orgs`;
writeFileSync(join(cwd, "cdktf.json"), JSON.stringify({ language: "typescript", app }));
writeFileSync(join(cwd, ".gitignore"), "cdktf.out\n");
const git = (...args) =>
  execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.com", ...args], {
    cwd,
  });
git("init", "--quiet");
git("add", "--all");
git("commit", "--quiet", "--message=base");
for (const name of CHANGED) {
  const file = join(cwd, "orgs", `${name}.yaml`);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("owner: contact-centre", "owner: other-team"));
}

const { stdout, stderr, env } = process;
const io = { stdout, stderr, env, cwd, signal: new AbortController().signal, now: Date.now };
const begun = performance.now();
const stacks = await selectStacks(io, { names: [], changedSince: "HEAD" });
const seconds = (performance.now() - begun) / 1000;
const found = stacks.map(({ org }) => org.name).sort();
console.log(
  `${found.length} of ${count} organisations have changed (${found.join(", ")}): ${seconds.toFixed(1)} s`,
);
