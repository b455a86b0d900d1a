// `npm run matrix`: runs the product on every engine, Node.js and framework that it supports.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildOrExit } from "./build.mjs";
import { LEGS } from "./matrix/legs.mjs";

const HELP = `Usage: npm run matrix -- [options] [leg...]

Runs the product on each engine, Node.js and framework that it supports, and prints a table. A leg fails if one
of its checks fails; the others go on.

Legs (default: all): ${LEGS.map(({ name }) => name).join(", ")}

Options:
  --json <file>      also writes the result as JSON; results of other legs stay in the file
  --markdown <file>  also writes it as a page, as docs/engines.md
  --quick            runs only a few suites on each leg, as .ci/run does
  --list             prints the legs and their checks
  --help             prints this

Node.js comes from npm. An engine is used from PATH if its version is the one of the leg. Otherwise it is built,
once, with Go: in ~/.cache/genesys-orgs-engines, or in $GENESYS_ORGS_ENGINES. A build takes some ten minutes of CPU
and 2 GB of disk. Terraform's source comes from GitHub, or from the git repository in $TERRAFORM_SOURCE.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    markdown: { type: "string" },
    quick: { type: "boolean" },
    list: { type: "boolean" },
    help: { type: "boolean" },
  },
});
const unknown = positionals.filter((name) => !LEGS.some((leg) => leg.name === name));
const legs = LEGS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

if (values.help) console.log(HELP);
else if (unknown.length > 0) {
  console.error(`there is no leg ${unknown.join(", ")}; --list shows all`);
  process.exitCode = 1;
} else if (values.list) {
  for (const { name, checks } of legs) console.log(`${name}: ${checks.join(", ")}`);
} else await main();

async function main() {
  const say = (line) => process.stderr.write(`${line}\n`);
  await buildOrExit(say, { all: true });
  const results = [];
  for (const [index, leg] of legs.entries()) {
    const say1 = (line) => say(`[${index + 1}/${legs.length}] ${leg.name}: ${line}`);
    const started = Date.now();
    const date = new Date().toISOString().slice(0, 10);
    const result = { leg: leg.name, date, versions: {}, checks: [] };
    try {
      await leg.run(result, say1, values.quick);
    } catch (error) {
      result.checks.push({ check: "prepare", passed: false, result: error.message });
      say1(`failed: ${error.message}`);
    }
    results.push({ ...result, seconds: Math.round((Date.now() - started) / 1000) });
  }
  // Only here: --list needs no packages.
  const { asMarkdown, asTable } = await import("./matrix/report.mjs");
  const all = merged(results);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
  if (values.markdown) writeFileSync(values.markdown, asMarkdown(all));
  console.log(asTable(results));
  process.exitCode = results.every(({ checks }) => checks.every(({ passed }) => passed)) ? 0 : 1;
}

/** Returns the results, with those that a file has of other legs, in the order of the legs. */
function merged(results) {
  const before =
    values.json && existsSync(values.json) ? JSON.parse(readFileSync(values.json)) : [];
  const newest = new Map([...before, ...results].map((result) => [result.leg, result]));
  return LEGS.flatMap(({ name }) => newest.get(name) ?? []);
}
