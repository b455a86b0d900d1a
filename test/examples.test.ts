import { cpSync } from "node:fs";
import { join } from "node:path";
import { linkInto, pack, run } from "./support/consumer-project";
import { temporaryFolder } from "./support/folders";
import { ROOT } from "./support/synthesized-app";
import { describeWithTerraform } from "./support/terraform";

describeWithTerraform("the example email-triage", () => {
  test("rehearses two organisations with flows, data actions, queues and users", () => {
    const project = temporaryFolder();
    cpSync(join(ROOT, "examples/email-triage"), project, { recursive: true });
    linkInto(project, pack());
    const command = join(project, "node_modules/cdktf-genesys-orgs/dist/lib/cli/main.js");
    const output = run(process.execPath, [command, "rehearse", "--json"], project);
    const { ok, stacks } = JSON.parse(output) as {
      ok: boolean;
      stacks: { stack: string; resources: number; secretBytes: number; derivedSchemas: string[] }[];
    };
    expect(ok).toBe(true);
    const orgs = stacks.filter(({ stack }) => stack.startsWith("org-"));
    expect(orgs).toEqual(
      [
        // Integration, action, flow, domain and route; 5 queues; 2 for each user.
        { stack: "org-dev", resources: 14 },
        { stack: "org-prod", resources: 12 },
      ].map((each) => expect.objectContaining({ ...each, secretBytes: 0, derivedSchemas: [] })),
    );
  }, 120_000);
});

describeWithTerraform("the example secret-store", () => {
  test("rehearses every kind of credential, from a registry without code", () => {
    const project = temporaryFolder();
    cpSync(join(ROOT, "examples/secret-store"), project, { recursive: true });
    linkInto(project, pack());
    const command = join(project, "node_modules/cdktf-genesys-orgs/dist/lib/cli/main.js");
    const output = run(process.execPath, [command, "rehearse", "--json"], project);
    const { ok, stacks } = JSON.parse(output) as {
      ok: boolean;
      stacks: { stack: string; secretBytes: number; emptySecondPlan?: boolean }[];
    };
    expect(ok).toBe(true);
    expect(stacks.map(({ stack, secretBytes }) => [stack, secretBytes])).toEqual([
      ["state-production", 0],
      ["state-access-contact-centre-eu", 0],
      ["state-access-contact-centre", 0],
      ["org-contact-centre-eu", 0],
      ["org-contact-centre", 0],
    ]);
  }, 120_000);
});
