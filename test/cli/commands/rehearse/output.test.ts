import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { orgReport } from "../../../rehearsal/reports";
import { temporaryFolder } from "../../../support/folders";
import { fakeProject } from "../../../support/project";
import { run } from "../../run";

test("an output folder that is a file is one line, and no stack trace", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const { code, stdout, stderr } = await run(fakeProject({ orgs: [orgReport("one")] }), [
    "rehearse",
    "--output",
    file,
  ]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(`the folder ${file} cannot be written: EEXIST\n`);
});

test("an output folder that another process writes to is refused, and one of a killed process is not", async () => {
  const output = temporaryFolder();
  const project = fakeProject({ orgs: [orgReport("one")] });
  const rehearse = () => run(project, ["rehearse", "--output", output]);
  writeFileSync(join(output, ".genesys-orgs.pid"), String(process.ppid));
  expect(await rehearse()).toMatchObject({
    code: 1,
    stderr: `process ${process.ppid} is writing to ${output}: wait for its end, or work in another folder\n`,
  });
  writeFileSync(join(output, ".genesys-orgs.pid"), "99999999");
  expect((await rehearse()).stderr).not.toContain("is writing");
  expect(existsSync(join(output, ".genesys-orgs.pid"))).toBe(false);
});

test("an output folder keeps what else is in it, but no report of an earlier run", async () => {
  const output = temporaryFolder();
  mkdirSync(join(output, "stacks"));
  writeFileSync(join(output, "stacks/mine.txt"), "");
  writeFileSync(join(output, "genesys-orgs.json"), "{}");
  const silent = temporaryFolder();
  writeFileSync(join(silent, "cdktf.json"), JSON.stringify({ app: "true" }));
  const { code, stderr } = await run(silent, ["rehearse", "--output", output]);
  expect(code).toBe(1);
  expect(stderr).toContain("did not write genesys-orgs.json");
  expect(existsSync(join(output, "stacks/mine.txt"))).toBe(true);
});
