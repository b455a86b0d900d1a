// `npm run bench`: compares this library with a plain cdktf app, and one org out of many with one out
// of one. README.md explains what is measured.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generateRegistry } from "./generate-registry.mjs";
import { alternate, measure } from "./measure.mjs";
import { printReport, targetsOf } from "./report.mjs";
import { assertSameBlocks } from "./same-blocks.mjs";

const HELP = `Compares synthesis with a plain cdktf app, and one org out of many with one out of one.

  npm run bench                1, 10, 100 and 1,000 orgs: some minutes
  npm run bench -- --quick     1, 10 and 100 orgs, fewer runs
  npm run bench -- --json      one JSON document on stdout

Exit codes: 0 measured, even if a target was missed, 1 a failure.`;

const require = createRequire(import.meta.url);
const bench = fileURLToPath(new URL(".", import.meta.url));
const root = resolve(bench, "..");
const ONE = "na-prod";
const OUR_APP = join(bench, "our-app/main.mjs");
// The flags of this repository's own app.
const NODE_FLAGS = require("../cdktf.json")
  .app.split(" ")
  .filter((word) => word.startsWith("--"));
const TS_NODE = require.resolve("ts-node/dist/bin.js");
const CDKTF = join(require.resolve("cdktf-cli/package.json"), "..", binOf("cdktf-cli", "cdktf"));
const GENESYS_ORGS = join(root, "dist/lib/cli/main.js");

const temporary = mkdtempSync(join(tmpdir(), "genesys-orgs-bench-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

const say = (line) => process.stderr.write(`${line}\n`);

function binOf(packageName, name) {
  return require(`${packageName}/package.json`).bin[name];
}

const registryOf = (count) => join(temporary, `registry-${count}`);

/** Synthesizes all orgs of a registry with one of the two apps, into a folder of its own. */
function synthesis(side, count) {
  const output = join(temporary, `${side}-${count}`);
  const command = {
    ours: { args: [...NODE_FLAGS, OUR_APP, registryOf(count)], cwd: root },
    plain: { args: [TS_NODE, "main.ts", registryOf(count)], cwd: join(bench, "plain-app") },
  }[side];
  return { ...command, env: { CDKTF_OUTDIR: output }, fresh: [output], output };
}

async function compareSizes(sizes, runsFor) {
  const rows = [];
  for (const count of sizes) {
    say(`${count} orgs: ${runsFor(count)} runs each`);
    const sides = [synthesis("ours", count), synthesis("plain", count)];
    const [ours, plain] = await alternate(...sides, runsFor(count), temporary);
    for (const { output } of sides) rmSync(output, { recursive: true, force: true });
    rows.push({ count, ours, plain, ratio: ours.seconds / plain.seconds });
  }
  // Time per org is the slope between two sizes, (t(N) - t(previous N)) / (N - previous N). This leaves
  // out the cost that every process pays once, such as loading Node.js, cdktf and its providers.
  for (const [index, row] of rows.entries()) {
    const smaller = rows[index - 1];
    if (!smaller) continue;
    const slope = (side) =>
      (1000 * (row[side].seconds - smaller[side].seconds)) / (row.count - smaller.count);
    row.millisecondsPerOrg = { ours: slope("ours"), plain: slope("plain") };
  }
  return rows;
}

/** Creates a CDKTF project with our app and a registry of this size. */
function project(count) {
  const folder = join(temporary, `project-${count}`);
  mkdirSync(folder);
  const quoted = [process.execPath, ...NODE_FLAGS, OUR_APP, registryOf(count)].map(
    (part) => `"${part}"`,
  );
  const config = {
    language: "typescript",
    app: quoted.join(" "),
    projectId: "bench",
    sendCrashReports: "false",
  };
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(config));
  return folder;
}

const ONE_OF_MANY = [
  {
    name: `the app alone, GENESYS_ORGS_ONLY=${ONE}`,
    command: (cwd, count) => {
      const output = join(cwd, "one");
      const env = { GENESYS_ORGS_ONLY: ONE, CDKTF_OUTDIR: output };
      return { args: [...NODE_FLAGS, OUR_APP, registryOf(count)], cwd, env, fresh: [output] };
    },
  },
  {
    name: `genesys-orgs rehearse ${ONE}`,
    target: true,
    command: (cwd) => ({ args: [GENESYS_ORGS, "rehearse", ONE], cwd }),
  },
  {
    // The part of `cdktf deploy` that the switch changes: Terraform then runs on one stack anyway.
    name: `cdktf synth --output cdktf.out-${ONE}, GENESYS_ORGS_ONLY=${ONE}`,
    target: true,
    command: (cwd) => ({
      args: [CDKTF, "synth", "--output", `cdktf.out-${ONE}`],
      cwd,
      env: { GENESYS_ORGS_ONLY: ONE },
      fresh: [join(cwd, `cdktf.out-${ONE}`)],
    }),
  },
];

async function oneOfMany(many, runs) {
  const folders = { one: project(1), many: project(many) };
  const rows = [];
  for (const { name, command, target = false } of ONE_OF_MANY) {
    say(`${name}, out of ${many} and out of 1: ${runs} runs each`);
    const pair = [command(folders.many, many), command(folders.one, 1)];
    const [outOfMany, outOfOne] = await alternate(...pair, runs, temporary);
    const ratio = outOfMany.seconds / outOfOne.seconds;
    rows.push({ name, target, many, outOfMany, outOfOne, ratio });
  }
  return rows;
}

function hasTerraform() {
  const binary = process.env.TERRAFORM_BINARY_NAME || "terraform";
  return spawnSync(binary, ["version"], { stdio: "ignore" }).status === 0;
}

async function main({ quick, json }) {
  const sizes = quick ? [1, 10, 100] : [1, 10, 100, 1000];
  const largest = sizes.at(-1);
  for (const count of sizes) generateRegistry(registryOf(count), count);

  say("checking that both apps synthesize the same");
  const stacks = [];
  for (const side of ["ours", "plain"]) {
    const { output, ...command } = synthesis(side, 1);
    await measure(command, temporary);
    stacks.push(join(output, `stacks/org-${ONE}/cdk.tf.json`));
  }
  assertSameBlocks(...stacks);

  const runsFor = (count) => (quick || count >= 1000 ? 3 : 5);
  const result = {
    version: 1,
    node: process.version,
    terraform: hasTerraform(),
    sizes: await compareSizes(sizes, runsFor),
    oneOfMany: await oneOfMany(largest, quick ? 3 : 5),
  };
  result.targets = targetsOf(result);
  if (json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else printReport(result);
}

const options = {
  quick: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};
try {
  const { values } = parseArgs({ options });
  if (values.help) process.stdout.write(`${HELP}\n`);
  else await main(values);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
