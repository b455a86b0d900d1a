import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HomeReport, OrgReport, RegistryReport } from "../../lib/registry/report";
import { temporaryFolder } from "./folders";

/** A project whose app writes a report and stacks that are at hand: no construct, no compiler. */
export interface FakeProject {
  readonly orgs: readonly OrgReport[];
  /** @default none */
  readonly consumers?: RegistryReport["consumers"];
  /** @default none */
  readonly homes?: readonly HomeReport[];
  /** Terraform JSON of stacks that are always there: of homes, and of access to them. */
  readonly stacks?: Readonly<Record<string, object>>;
  /** Ids of those of them that belong to no org and no home. @default none */
  readonly otherStacks?: readonly string[];
  /** Terraform JSON of an org's stack. */
  readonly stackOf?: (org: OrgReport) => object;
  /** What the app says on stderr. */
  readonly says?: string;
  /** @default 0 */
  readonly exitCode?: number;
}

/** Writes the project into a folder of its own, and returns that. */
export function fakeProject(project: FakeProject): string {
  const {
    orgs,
    consumers = [],
    homes = [],
    stacks = {},
    otherStacks = [],
    stackOf,
    says = "",
    exitCode = 0,
  } = project;
  const folder = temporaryFolder();
  const ready = join(folder, "ready");
  mkdirSync(ready);
  const ofOrgs = orgs.map((org) => [org.stack, withBackend(org, stackOf?.(org) ?? {})] as const);
  for (const [stack, json] of [...ofOrgs, ...Object.entries(stacks)]) {
    mkdirSync(join(ready, "stacks", stack), { recursive: true });
    writeFileSync(join(ready, "stacks", stack, "cdk.tf.json"), JSON.stringify(json));
  }
  writeFileSync(
    join(ready, "registry.json"),
    JSON.stringify({ homes, orgs, consumers, otherStacks, always: Object.keys(stacks) }),
  );
  writeFileSync(join(folder, "app.cjs"), APP);
  const app = `node app.cjs ${exitCode} '${says}'`;
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ language: "typescript", app }));
  return folder;
}

/** As OrgStack: the state is where the registry says, unless the test says otherwise. */
function withBackend({ bucket, stateKey: key, lock, lockTable }: OrgReport, stack: object): object {
  const { terraform } = stack as { terraform?: { backend?: object } };
  const s3 = {
    bucket,
    key,
    region: "us-east-1",
    ...(lock !== "dynamodb" && { use_lockfile: true }),
    ...(lockTable !== undefined && { dynamodb_table: lockTable }),
  };
  return { ...stack, terraform: { backend: { s3 }, ...terraform } };
}

// As OrgsApp: it refuses unknown names, and reports what became of each org.
const APP = `
const { cpSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const [exitCode, says] = process.argv.slice(2);
const { CDKTF_OUTDIR: out, GENESYS_ORGS_ONLY: only } = process.env;
if (says) process.stderr.write(says + "\\n");
if (exitCode !== "0") process.exit(Number(exitCode));
const { homes, orgs: all, consumers, always, otherStacks } = JSON.parse(readFileSync("ready/registry.json", "utf8"));
const wanted = only === undefined ? all.map(({ name }) => name) : only.split(",").filter((name) => name !== "-");
const unknown = wanted.filter((name) => !all.some((org) => org.name === name));
if (unknown.length > 0) {
  process.stderr.write("GENESYS_ORGS_ONLY names " + unknown + "\\n");
  process.exit(1);
}
const orgs = all.map((org) =>
  wanted.includes(org.name) || org.status === "retired" ? org : { ...org, status: "not selected" },
);
const made = orgs.filter(({ status }) => status === "synthesized").map(({ stack }) => stack);
for (const stack of [...made, ...always]) {
  cpSync("ready/stacks/" + stack, out + "/stacks/" + stack, { recursive: true });
}
if (existsSync("ready/assets")) cpSync("ready/assets", out + "/assets", { recursive: true });
writeFileSync(out + "/genesys-orgs.json", JSON.stringify({ version: 1, homes, orgs, consumers, otherStacks }));
`;
