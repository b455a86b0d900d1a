// Makes what the repository does not keep: the Genesys Cloud bindings from the committed schema,
// and dist/ from the TypeScript sources, with the Lambda functions as zips. Does nothing when both are fresh (a few milliseconds), so
// that every command can call it first: npm runs no install scripts here (.npmrc).
// Bindings of all 260 types take half a minute, mostly for their declarations. So a command makes those that
// the sources import; tests and the package have all (`--all`).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { withCompleteObjects } from "./complete-objects.mjs";

const require = createRequire(import.meta.url);
export const root = resolve(fileURLToPath(import.meta.url), "../..");
const bindings = join(root, "genesyscloud");
const dist = join(root, "dist");
const tsc = join(root, "node_modules/typescript/bin/tsc");
// The lock file since the Lambda functions have their dependencies inside.
const INPUTS = [
  "main.ts",
  "tsconfig.json",
  "orgs/state-homes.json",
  "package-lock.json",
  "scripts/lambdas.mjs",
  "scripts/notices.mjs",
  "scripts/json-schemas.mjs",
];
const BINDINGS_OPTIONS =
  "--declaration --target ES2022 --module Node16 --moduleResolution Node16 --strict --skipLibCheck".split(
    " ",
  );

/**
 * Brings bindings and dist/ up to date; `say` gets a line for each thing that takes time.
 * @param all whether there must be bindings of all types
 */
export async function build(say = () => {}, { all = false } = {}) {
  if (!existsSync(tsc)) throw new BuildError("node_modules is missing or incomplete: run npm ci");
  const schemaFile = join(root, "schemas/genesyscloud.json");
  const generator = require("@cdktf/provider-generator/package.json").version;
  const schemaHash = hash([
    generator,
    readFileSync(schemaFile, "utf8"),
    readFileSync(fileURLToPath(import.meta.url), "utf8"),
    readFileSync(join(root, "scripts/complete-objects.mjs"), "utf8"),
  ]);
  const sources = [
    ...INPUTS.map((file) => join(root, file)),
    ...["lib", "orgs", "stacks"].flatMap((folder) => typescriptFiles(join(root, folder))),
  ];
  const texts = sources.map((file) => readFileSync(file, "utf8"));
  const wanted = all ? ["all"] : boundIn(texts);
  const haveBindings = () => has(stampOf(bindings), schemaHash, wanted);
  if (!haveBindings()) {
    await alone(async () => {
      if (haveBindings()) return;
      say(`generating the Genesys Cloud bindings${all ? " of all types" : ""}`);
      const schema = JSON.parse(readFileSync(schemaFile, "utf8"));
      await generateBindings(all ? schema : cut(schema, wanted));
      stamp(bindings, [schemaHash, ...wanted].join(" "));
    });
  }

  const names = sources.map((file) => relative(root, file)).join("\n");
  const sourceHash = `${hash([names])} ${hash([schemaHash, ...texts])}`;
  if (stampOf(dist) !== sourceHash) await alone(() => compile(sourceHash, say));
  const copy = join(dist, "genesyscloud");
  if (stampOf(copy) === stampOf(bindings)) return;
  await alone(() => {
    rmSync(copy, { recursive: true, force: true });
    cpSync(bindings, copy, { recursive: true });
  });
}

/** Returns the folders of the bindings that the sources import. */
function boundIn(texts) {
  const found = texts.flatMap((text) =>
    [...text.matchAll(/["'](?:\.\.?\/)+genesyscloud\/([\w-]+)["']/g)].map(([, name]) => name),
  );
  return [...new Set(found)].filter((name) => name !== "index").sort();
}

/** Whether the stamp of the bindings is that of this schema, and they include what is wanted. */
function has(stamped, schemaHash, wanted) {
  const [hash, ...made] = stamped?.split(" ") ?? [];
  return hash === schemaHash && (made[0] === "all" || wanted.every((name) => made.includes(name)));
}

/** Returns the schema with the types of some folders only. */
function cut(schema, wanted) {
  const only = (schemas, prefix) =>
    Object.fromEntries(
      Object.entries(schemas).filter(([type]) => wanted.includes(prefix + folderOf(type))),
    );
  const cutProvider = ({ resource_schemas, data_source_schemas, ...rest }) => ({
    ...rest,
    resource_schemas: only(resource_schemas, ""),
    data_source_schemas: only(data_source_schemas, "data-genesyscloud-"),
  });
  const providers = Object.entries(schema.provider_schemas);
  return {
    ...schema,
    provider_schemas: Object.fromEntries(
      providers.map(([key, value]) => [key, cutProvider(value)]),
    ),
  };
}

const folderOf = (type) => type.slice("genesyscloud_".length).replaceAll("_", "-");

async function compile(sourceHash, say) {
  // Another process may have compiled it in the meantime.
  const before = stampOf(dist);
  if (before === sourceHash) return;
  say("compiling");
  // A file that was removed or renamed must not live on in dist/.
  if (before?.split(" ")[0] !== sourceHash.split(" ")[0])
    rmSync(dist, { recursive: true, force: true });
  rmSync(join(dist, ".stamp"), { force: true });
  run([tsc, "-p", join(root, "tsconfig.json")]);
  // npm sets it once, when it links the command; `npx genesys-orgs` needs it after every build.
  chmodSync(join(dist, "lib/cli/main.js"), 0o755);
  // Loaded only here: neither TypeScript nor esbuild is needed where everything is fresh.
  const { writeJsonSchemas } = await import("./json-schemas.mjs");
  writeJsonSchemas(root);
  const { buildLambdas } = await import("./lambdas.mjs");
  await buildLambdas(root, join(dist, "lambda"));
  stamp(dist, sourceHash);
}

/** Works while no other process builds: two `npm start` at once would remove each other's files. */
async function alone(work) {
  const file = join(root, "node_modules/.genesys-orgs-build.pid");
  while (!taken(file)) await setTimeout(200);
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function taken(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  try {
    process.kill(Number(readFileSync(file, "utf8")), 0);
  } catch (error) {
    // A killed build left it.
    if (error.code === "ESRCH") rmSync(file, { force: true });
  }
  return false;
}

/** Writes one folder per resource and data source, named like a prebuilt provider's submodules. */
async function generateBindings(schema) {
  // The generator asks HashiCorp's checkpoint, and Terraform's configuration, unless told not to.
  process.env.CHECKPOINT_DISABLE = "1";
  if (!existsSync(process.env.TF_CLI_CONFIG_FILE ?? "")) delete process.env.TF_CLI_CONFIG_FILE;
  const { generateProviderBindingsFromSchema } = require("@cdktf/provider-generator");
  const work = mkdtempSync(join(tmpdir(), "genesys-orgs-bindings-"));
  try {
    await generateProviderBindingsFromSchema(work, schema);
    const generated = join(work, "providers/genesyscloud");
    // No barrel: importing a provider's index costs seconds in every test file.
    const names = readdirSync(generated, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const sources = names.map(({ name }) => join(generated, name, "index.ts"));
    completeObjects(generated, schema);
    // Compiled by themselves: the generator's code does not meet this project's strictness.
    const compiled = join(work, "compiled");
    symlinkSync(join(root, "node_modules"), join(work, "node_modules"));
    run([tsc, "--outDir", compiled, "--rootDir", generated, ...BINDINGS_OPTIONS, ...sources]);
    rmSync(bindings, { recursive: true, force: true });
    cpSync(compiled, bindings, { recursive: true });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function completeObjects(generated, { provider_schemas: providers }) {
  for (const { resource_schemas: resources = {} } of Object.values(providers)) {
    for (const [type, { block }] of Object.entries(resources)) {
      const file = join(generated, folderOf(type), "index.ts");
      if (!existsSync(file)) continue;
      const code = readFileSync(file, "utf8");
      const complete = withCompleteObjects(code, block, type);
      if (complete !== code) writeFileSync(file, complete);
    }
  }
}

function run(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) {
    process.stderr.write(stdout + stderr);
    throw new BuildError("the build failed: see the messages above");
  }
}

class BuildError extends Error {}

function typescriptFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

const hash = (parts) =>
  parts.reduce((sum, part) => sum.update(part).update("\0"), createHash("sha256")).digest("hex");
const stampOf = (folder) =>
  existsSync(join(folder, ".stamp")) ? readFileSync(join(folder, ".stamp"), "utf8") : undefined;
const stamp = (folder, value) => writeFileSync(join(folder, ".stamp"), value);

const onStderr = (line) => process.stderr.write(`${line}\n`);

/** For commands: ends the process when the build fails. */
export async function buildOrExit(say = onStderr, options = {}) {
  try {
    await build(say, options);
  } catch (error) {
    if (!(error instanceof BuildError) && error.syscall === undefined) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildOrExit(onStderr, { all: process.argv.includes("--all") });
}
