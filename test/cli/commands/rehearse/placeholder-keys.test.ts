import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ORGS, projectOf } from "../../../support/bootstrap-world";
import { describeWithTerraform } from "../../../support/terraform";
import { run } from "../../run";

describeWithTerraform("a project of which nothing is recorded", () => {
  const stacks = ["state-home", "state-access-one", "state-access-two", "org-one", "org-two"];

  test("is rehearsed with keys that are made up, and says whose", async () => {
    const { code, stdout, stderr } = await run(projectOf(ORGS), ["rehearse"]);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^5 stacks rehearsed .*: all is well; rehearsed with made-up keys, because their keys are not recorded yet: one, two$/m,
    );
    expect(stderr).not.toContain("left out");
  });

  test("is rehearsed org by org", async () => {
    const { code, stdout } = await run(projectOf(ORGS), ["rehearse", "two", "--json"]);
    const result = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(result).toMatchObject({ version: 1, ok: true, leftOut: [], unrecorded: ["two"] });
    expect(result.stacks.map(({ stack }: { stack: string }) => stack)).toEqual([
      "state-access-two",
      "org-two",
    ]);
  });

  test("gets no stack with such a key into a folder that stays", async () => {
    const folder = projectOf(ORGS);
    const { code, stdout } = await run(folder, ["rehearse", "--output", "cdktf.out"], {
      GENESYS_ORGS_PLACEHOLDER_KEYS: join(folder, "cdktf.out"),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 stack rehearsed .*: all is well; 2 left out$/m);
    const made = readdirSync(join(folder, "cdktf.out/stacks"));
    expect(made).toEqual(stacks.slice(0, 1));
    expect(readFileSync(join(folder, "cdktf.out/stacks/state-home/cdk.tf.json"), "utf8")).toContain(
      '"local"',
    );
  });
});
