import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { findTerraform, loadSchemas, worldOf } from "../../lib/rehearsal";
import type { RunningDoubles } from "../../lib/rehearsal/double/core/server";
import { startDoubles } from "../../lib/rehearsal/double/start";
import { type ChildResult, runChild } from "../../lib/terraform/child";
import { temporaryFolder } from "../support/folders";
import { type LoopbackStore, startLoopbackStore } from "../support/loopback-store";
import { pageText } from "../support/pages";
import { pathStyle } from "../support/path-style-terraform";
import { ROOT, synthesizeApp } from "../support/synthesized-app";

// docs/bootstrap.md, "From nothing to the first deploy", command by command, with this repository's own
// registry.

const PAGE = pageText("docs/bootstrap.md");
const BUCKET = "example-genesys-state-production";
const ORG = "apac-prod";

let folder: string;
let store: LoopbackStore;
let doubles: RunningDoubles;
let terraform: string;

beforeAll(async () => {
  folder = temporaryFolder();
  const left = new Set(["node_modules", ".git", "cdktf.out", "test", "bench"]);
  cpSync(ROOT, folder, { recursive: true, filter: (file) => !left.has(relative(ROOT, file)) });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const caller = "arn:aws:sts::111111111111:assumed-role/platform-state-admin/session";
  store = await startLoopbackStore({
    empty: true,
    caller,
    roles: ["arn:aws:iam::111111111111:role/platform-state-admin"],
  });
  const outdir = temporaryFolder();
  synthesizeApp(outdir);
  doubles = await startDoubles({
    schemas: loadSchemas(),
    world: worldOf(JSON.parse(readFileSync(join(outdir, "genesys-orgs.json"), "utf8"))),
    // Of all stacks only an org's has files.
    folder: join(folder, "cdktf.out/stacks", `org-${ORG}`),
    onCall: ({ method, type, config }) => {
      const isIt = type === "aws_s3_bucket" && config?.bucket === BUCKET;
      if (method === "ApplyResourceChange" && isIt) store.createBucket(BUCKET);
    },
  });
  terraform = pathStyle((await findTerraform())?.path ?? "terraform");
});
afterAll(async () => {
  doubles.stop();
  await store.stop();
});

const node = (...args: string[]): Promise<ChildResult> =>
  runChild({
    command: process.execPath,
    args,
    cwd: folder,
    env: {
      ...process.env,
      ...store.environment,
      TF_REATTACH_PROVIDERS: doubles.reattach,
      TERRAFORM_BINARY_NAME: terraform,
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    },
  });
const genesysOrgs = (...args: string[]) => node("scripts/run.mjs", ...args);

/** What a command said that failed. */
const failure = ({ code, stdout, stderr }: ChildResult) => (code === 0 ? "" : stdout + stderr);

/** The output that the page shows for a command. */
function shown(command: string): string[] {
  const after = PAGE.slice(PAGE.indexOf(`\n${command}\n`));
  return /\n```\n\n```\n(.*?)```/s.exec(after)?.[1]?.trim().split("\n") ?? [];
}

/** The lineage is another one each time, and spaces fill the columns of a table. */
const comparable = (line: string) => line.replace(/moved-\w+/, "moved-…").replace(/\s+/g, " ");

/** Another version, or OpenTofu, does as well; and each takes its time. */
const withoutTool = (text: string) => text.replace(/with \w+ [\d.]+ in [\d.]+ s/, "");

test("from an empty store to the first deploy, as the page says", async () => {
  const [, echoed, record] = /echo '(.*)' > (\S+)/.exec(PAGE) ?? [];
  await node("-e", `fs.writeFileSync(${JSON.stringify(record)}, ${JSON.stringify(echoed)})`);

  const early = await genesysOrgs("rehearse", ORG);
  expect(early).toMatchObject({ code: 0 });
  expect(early.stdout).toContain(
    `all is well; rehearsed with made-up keys, because their keys are not recorded yet: ${ORG}`,
  );

  const plan = await genesysOrgs("state", "bootstrap", "production");
  expect(plan).toMatchObject({ code: 0 });
  const rows = shown("npx genesys-orgs state bootstrap production").filter(
    (line) => !/[─…]/.test(line),
  );
  expect(rows.length).toBeGreaterThan(5);
  for (const line of rows) {
    expect(plan.stdout.split("\n").map(comparable)).toContain(comparable(line));
  }
  expect(store.log.filter(([{ method }]) => method !== "GET")).toEqual([]);

  const done = await genesysOrgs("state", "bootstrap", "production", "--yes");
  expect(done).toMatchObject({ code: 0 });
  expect(done.stdout.trim().split("\n").map(comparable)).toEqual(
    shown("npx genesys-orgs state bootstrap production --yes").map(comparable),
  );

  const rehearsed = await genesysOrgs("rehearse", ORG);
  expect(rehearsed).toMatchObject({ code: 0 });
  const [ending] = shown(`npx genesys-orgs rehearse ${ORG}`);
  expect(withoutTool(rehearsed.stdout)).toContain(withoutTool(ending ?? "nothing shown"));

  const planned = await genesysOrgs("plan", ORG);
  expect(failure(planned)).toBe("");
  expect(planned.stdout).toMatch(/total: \d+ to add, 0 to change, 0 to replace, 0 to destroy\n$/);
  const deployed = await genesysOrgs("deploy", ORG, "--yes");
  expect(failure(deployed)).toBe("");
  const again = await genesysOrgs("deploy", ORG, "--yes");
  expect(again.stdout).toContain("1 stack: 1 unchanged");
  expect(failure(await genesysOrgs("drift", ORG, "--settle", "1"))).toBe("");
  const state = await fetch(
    `${store.environment.AWS_ENDPOINT_URL_S3}/${BUCKET}/orgs/${ORG}/terraform.tfstate`,
  );
  const { resources } = (await state.json()) as { resources: { type: string }[] };
  expect(resources.map(({ type }) => type)).toContain("aws_secretsmanager_secret_rotation");
});
