import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder as ownFolder, reclaim } from "../../lib/terraform/cleanup";
import { withTemporary } from "../cli/run";
import { temporaryFolder } from "../support/folders";

// The highest number of a process on Linux is 4194304.
const DEAD = 99_999_999;

test("folders that a killed process left are removed after a day, and no others", async () => {
  const temporary = temporaryFolder();
  const names = {
    abandoned: `genesys-orgs-rehearsal-${DEAD}-abcdef`,
    recent: `genesys-orgs-rehearsal-${DEAD}-recent`,
    kept: `genesys-orgs-rehearsal-${DEAD}-keptaa`,
    alive: `genesys-orgs-rehearsal-${process.pid}-abcdef`,
    foreign: `genesys-orgs-${DEAD}`,
  };
  for (const [what, name] of Object.entries(names)) {
    mkdirSync(join(temporary, name));
    if (what === "kept") writeFileSync(join(temporary, name, ".kept"), "");
    if (what !== "recent") utimesSync(join(temporary, name), 0, 0);
  }
  await withTemporary(temporary, async () => reclaim());
  const left = Object.entries(names).filter(([, name]) => existsSync(join(temporary, name)));
  expect(left.map(([what]) => what)).toEqual(["recent", "kept", "alive", "foreign"]);
});

test("a TMPDIR that cannot be used is named, with the fix", async () => {
  const error = await withTemporary("/dev/null", async () => ownFolder("genesys-orgs-test-")).catch(
    ({ message }) => message,
  );
  expect(error).toBe(
    "no temporary folder can be made in /dev/null (ENOTDIR): let TMPDIR name a folder that can be written",
  );
});
