import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/folders";
import { entry, HOME } from "../support/sample-org";
import { ROOT } from "../support/synthesized-app";

/** Runs an app over a registry as its own process, the way cdktf does. */
function runApp(orgs: readonly object[], outdir: string, output = join(outdir, "out")) {
  const app = join(outdir, "app.js");
  const registry = JSON.stringify({ homes: [HOME], orgs });
  writeFileSync(
    app,
    `const { OrgRegistry, OrgStack, synthesizeOrgs } = require(${JSON.stringify(join(ROOT, "dist/lib"))});
     synthesizeOrgs(() => OrgRegistry.of(${registry}), (app) => app.orgs.forEach((org) => new OrgStack(app, org)));`,
  );
  const env = { PATH: process.env.PATH, CDKTF_OUTDIR: output };
  return spawnSync(process.execPath, [app], { cwd: outdir, env, encoding: "utf8" });
}

test("a bad registry ends the app with all its problems, no stack trace and no output", () => {
  const outdir = temporaryFolder();
  const { status, stdout, stderr } = runApp(
    [
      entry("na-prod", 1, { state: { home: "home", key: "orgs/prod/terraform.tfstate" } }),
      { ...entry("eu-prod", 2), state: { home: "home", key: "orgs/prod/terraform.tfstate" } },
      { ...entry("apac-prod", 3), genesysRegion: "ap-southeast-9", organizationId: "1234" },
    ],
    outdir,
  );
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr.split("\n").map((line) => line.replace(/:.*(?= \[)/, " …"))).toEqual([
    "The registry has 3 problems:",
    "  apac-prod … [organization-id]",
    "  apac-prod … [genesys-region]",
    "  na-prod, eu-prod … [state-key-shared]",
    "",
  ]);
  expect(existsSync(join(outdir, "out/manifest.json"))).toBe(false);
});

test("an output folder that cannot be written ends the app with one line", () => {
  const { status, stderr } = runApp([entry("na-prod", 1)], temporaryFolder(), "/dev/null/out");
  expect(status).toBe(1);
  expect(stderr).toBe(
    "/dev/null/out cannot be used: a part of its path is not a folder (ENOTDIR)\n",
  );
});

test("an error that is not a user's mistake keeps its stack trace", () => {
  const outdir = temporaryFolder();
  writeFileSync(
    join(outdir, "app.js"),
    `require(${JSON.stringify(join(ROOT, "dist/lib"))}).synthesizeOrgs(() => { throw new TypeError("a bug"); }, () => {});`,
  );
  const { status, stderr } = spawnSync(process.execPath, ["app.js"], {
    cwd: outdir,
    encoding: "utf8",
  });
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/TypeError: a bug\n\s+at /);
});
