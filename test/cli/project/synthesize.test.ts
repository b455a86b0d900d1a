import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listOrgs } from "../../../lib/cli/project/synthesize";
import type { Io } from "../../../lib/cli/terminal/io";
import { temporaryFolder } from "../../support/folders";

/** An app that reports the context that it gets. */
const APP = `
const { CDKTF_OUTDIR, CDKTF_CONTEXT_JSON } = process.env;
const report = { version: 1, homes: [], orgs: [], otherStacks: [], context: CDKTF_CONTEXT_JSON };
require("node:fs").writeFileSync(CDKTF_OUTDIR + "/genesys-orgs.json", JSON.stringify(report));
`;

async function contextFor(project: object, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "app.cjs"), APP);
  writeFileSync(join(cwd, "cdktf.json"), JSON.stringify({ app: "node app.cjs", ...project }));
  const silent = { write: () => true };
  const { signal } = new AbortController();
  const path = { PATH: process.env.PATH };
  const io = { cwd, env: { ...path, ...env }, stdout: silent, stderr: silent, signal };
  const report = await listOrgs(io as unknown as Io);
  return (report as unknown as { context?: unknown }).context;
}

test("the app gets the context of cdktf.json, as from the cdktf command", async () => {
  const env = { CDKTF_CONTEXT_JSON: '{"greeting":"old"}' };
  expect(await contextFor({ context: { greeting: "hello" } }, env)).toBe('{"greeting":"hello"}');
});

test("an app without a context keeps that of the environment", async () => {
  const env = { CDKTF_CONTEXT_JSON: '{"greeting":"old"}' };
  expect(await contextFor({}, env)).toBe('{"greeting":"old"}');
});
