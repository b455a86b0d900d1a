import { orgReport } from "../../../rehearsal/reports";
import { fakeProject } from "../../../support/project";
import { describeWithTerraform } from "../../../support/terraform";
import { run } from "../../run";

const newOrg = orgReport("new", {}, { status: "no recorded key" });
const project = () => fakeProject({ orgs: [orgReport("old"), newOrg] });

describeWithTerraform("an org of which nothing can be synthesized yet", () => {
  test("does not fail the rehearsal of the others", async () => {
    const { code, stdout } = await run(project(), ["rehearse"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 stack rehearsed .*: all is well; 1 left out$/m);
  });

  test("fails the rehearsal when it was asked for by its name", async () => {
    const { code, stdout } = await run(project(), ["rehearse", "old", "new"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^1 stack rehearsed .*: 1 left out$/m);
    const json = await run(project(), ["rehearse", "new", "--json"]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, stacks: [], leftOut: ["new"] });
  });

  test("does not let a rehearsal of nothing look like a good one", async () => {
    const { code, stdout } = await run(fakeProject({ orgs: [newOrg] }), ["rehearse"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0 stacks rehearsed .*: 1 left out$/m);
  });
});
