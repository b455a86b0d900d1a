// Prints the providers' schemas, cut to what this project uses, into schemas/<provider>.json (HELP, below).
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildOrExit } from "./build.mjs";
import { recordSince, writeTypeTable } from "./type-table.mjs";

const HELP = `Prints the providers' schemas, cut to what this project uses, into schemas/<provider>.json.

  npm run schemas                    every provider in schemas/in-use.json, at the version given there
  npm run schemas vault              one provider
  npm run schemas -- aws --derive    without a download: see scripts/derive-aws-schema.mjs

For genesyscloud it also updates docs/genesys-types.md. To update to a newer provider, change its version in
schemas/in-use.json first.

Needs Terraform (or the binary in TERRAFORM_BINARY_NAME) and access to the registry; no account and no
credential. Each file says in "//" where it comes from.`;

const folder = fileURLToPath(new URL("../schemas/", import.meta.url));
const binary = process.env.TERRAFORM_BINARY_NAME || "terraform";
const KINDS = {
  resource_schemas: ["resources", "resource"],
  data_source_schemas: ["dataSources", "data source"],
  ephemeral_resource_schemas: ["ephemeralResources", "ephemeral resource"],
};
const LARGE = 300_000;

/** Returns Terraform's environment, without the caller's settings that would change the output. */
function environment() {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  for (const name of Object.keys(env))
    if (/^TF_(REATTACH_PROVIDERS|CLI_ARGS.*|DATA_DIR|WORKSPACE|LOG.*)$/.test(name))
      delete env[name];
  if (env.TF_CLI_CONFIG_FILE && !existsSync(env.TF_CLI_CONFIG_FILE)) delete env.TF_CLI_CONFIG_FILE;
  return env;
}

function terraform(cwd, ...args) {
  const run = spawnSync(binary, args, {
    cwd,
    env: environment(),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (run.error?.code === "ENOENT")
    throw new Error(
      `${binary} is not on PATH: install it, or name another binary in TERRAFORM_BINARY_NAME`,
    );
  if (run.error) throw new Error(`${binary} ${args[0]}: ${run.error.message}`);
  const why = () => /Error: (.*)/.exec(run.stderr)?.[1] ?? run.stderr.trim().split("\n").pop();
  return { ok: run.status === 0, out: run.stdout, why };
}

/** Returns the provider's whole schema, as Terraform prints it. */
function print({ source, version }) {
  const cwd = mkdtempSync(join(tmpdir(), "schemas-"));
  try {
    const required_providers = { it: { source, version } };
    writeFileSync(join(cwd, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    const init = terraform(cwd, "init", "-backend=false", "-input=false", "-no-color");
    if (!init.ok) throw new Error(`${source} ${version} cannot be downloaded: ${init.why()}`);
    const printed = terraform(cwd, "providers", "schema", "-json");
    if (!printed.ok)
      throw new Error(`${source} ${version} does not print its schema: ${printed.why()}`);
    const schemas = JSON.parse(printed.out).provider_schemas;
    const key = Object.keys(schemas).find((k) => k.endsWith(`/${source}`)); // OpenTofu has another host here
    const tool = JSON.parse(terraform(cwd, "version", "-json").out).terraform_version;
    const mirror = init.out.includes("(unauthenticated)")
      ? " The provider came from a local mirror, unsigned, not from the registry."
      : "";
    return {
      schema: schemas[key],
      how: `Printed by ${basename(binary)} ${tool}, \`providers schema -json\`.${mirror}`,
    };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** Returns the parts of a schema that are in use. */
function cut(whole, wanted) {
  const missing = [];
  const part = { provider: whole.provider };
  for (const [kind, [list, word]] of Object.entries(KINDS)) {
    if (wanted[list] === "all") {
      part[kind] = whole[kind] ?? {};
      continue;
    }
    part[kind] = Object.fromEntries(wanted[list].map((name) => [name, whole[kind]?.[name]]));
    for (const name of wanted[list]) if (!part[kind][name]) missing.push(`${word} ${name}`);
  }
  if (missing.length)
    throw new Error(
      `${wanted.source} ${wanted.version} has no ${missing.join(", no ")}: correct schemas/in-use.json`,
    );
  return part;
}

/** Sorts keys and drops descriptions, which are texts. An attribute called `description` is an object. */
function tidy(value) {
  if (Array.isArray(value)) return value.map(tidy);
  if (value === null || typeof value !== "object") return value;
  const prose = ([key, v]) =>
    typeof v === "string" && /^(description|description_kind|deprecation_message)$/.test(key);
  const entries = Object.entries(value).filter((e) => !prose(e));
  return sorted(Object.fromEntries(entries.map(([key, v]) => [key, tidy(v)])));
}

const sorted = (object) =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Adds what each type is: the first sentence of its description, for the table of types. */
function describe(part, whole) {
  for (const kind of Object.keys(KINDS)) {
    for (const [type, { block }] of Object.entries(part[kind])) {
      const text = whole[kind]?.[type]?.block.description;
      if (text) part[kind][type].block = sorted({ ...block, description: firstSentence(text) });
    }
  }
}

const firstSentence = (text) => text.split(/\n|(?<=\.)\s/)[0].trim();

function write(name, wanted, { schema, origin, how }) {
  const { source, version } = wanted;
  const about = { provider: `registry.terraform.io/${source}`, version, origin, how };
  const part = tidy(cut(schema, wanted));
  if (wanted.resources === "all") describe(part, schema);
  const body = {
    format_version: "1.0",
    provider_schemas: { [`registry.terraform.io/${source}`]: part },
  };
  const text = format({ "//": about, ...body });
  writeFileSync(join(folder, `${name}.json`), text);
  if (name === "genesyscloud") {
    recordSince(part, version);
    writeTypeTable();
  }
  console.log(
    `schemas/${name}.json: ${source} ${version}, ${origin}, ${Math.round(text.length / 1000)} KB`,
  );
}

/** Writes JSON, one type per line if it would be very long otherwise: a diff then shows which types changed. */
function format(value) {
  const text = JSON.stringify(value, null, 2);
  if (text.length <= LARGE) return `${text}\n`;
  return `${lines(value, 4)}\n`;
}

function lines(value, depth, indent = "") {
  if (depth === 0 || value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, v]) => `${indent} ${JSON.stringify(key)}:${lines(v, depth - 1, `${indent} `)}`,
  );
  return entries.length ? `{\n${entries.join(",\n")}\n${indent}}` : "{}";
}

/** The derivation is a part of the package, which must be built. */
async function derive(wanted) {
  await buildOrExit();
  const { deriveAws } = await import("./derive-aws-schema.mjs");
  return deriveAws(wanted);
}

function parseArguments() {
  const options = { derive: { type: "boolean" }, help: { type: "boolean", short: "h" } };
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    console.error(`${error.message.split(". ")[0]}; see --help`);
    process.exit(1);
  }
}

const inUse = JSON.parse(readFileSync(join(folder, "in-use.json"), "utf8"));
const { values, positionals } = parseArguments();
const names = positionals.length ? positionals : Object.keys(inUse);
if (values.help) console.log(HELP);
for (const name of values.help ? [] : names) {
  try {
    const wanted = inUse[name];
    if (!wanted)
      throw new Error(
        `the provider is not in schemas/in-use.json: add it, or name one of ${Object.keys(inUse).join(", ")}`,
      );
    if (values.derive && name !== "aws")
      throw new Error(
        "only aws can be derived: leave --derive out, and Terraform prints the schema",
      );
    write(
      name,
      wanted,
      values.derive
        ? { origin: "derived", ...(await derive(wanted)) }
        : { origin: "printed", ...print(wanted) },
    );
  } catch (error) {
    if (error.constructor !== Error) throw error; // a bug, which needs its stack trace
    console.error(`${name}: ${error.message.split("\n")[0]}`);
    process.exitCode = 1;
  }
}
