import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../cli/run";
import { backendIn } from "../cli/stored-orgs";
import { orgReport } from "../rehearsal/reports";
import { applyStack } from "../support/applied-stack";
import { temporaryFolder } from "../support/folders";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../support/loopback-store";
import { OutsideWorld } from "../support/outside-world";
import { fakeProject } from "../support/project";

// As the workflow of a pull request: 12 organisations are planned one by one from the proposed JSON, and one
// comment says what changes in all of them. SCREENSHOT=<file.html> keeps the comment as a page.

const ORGS = [
  ...["na-prod", "eu-prod", "apac-prod", "latam-prod", "uk-prod", "me-prod"],
  ...["na-staging", "eu-staging", "na-dev", "eu-dev", "apac-dev", "training"],
];
/** Organisations in which the pull request weakens something. */
const WEAKENED = ["eu-prod", "na-staging", "training"];

describe("the comment on a pull request that changes 12 organisations", () => {
  useLoopbackCredentials();
  let store: LoopbackStore;
  let world: OutsideWorld;
  beforeAll(async () => {
    store = await startLoopbackStore();
    world = await OutsideWorld.start("hashicorp/aws", "mypurecloud/genesyscloud");
  });
  afterAll(async () => {
    world.stop();
    await store.stop();
  });

  const projectOf = (proposed: boolean) =>
    fakeProject({
      orgs: ORGS.map((name) => orgReport(name)),
      stackOf: ({ name, stateKey }) => ({
        terraform: {
          backend: { s3: backendIn(store, stateKey) },
          required_providers: {
            aws: { source: "hashicorp/aws" },
            genesyscloud: { source: "mypurecloud/genesyscloud" },
          },
        },
        provider: { aws: [{}], genesyscloud: [{}] },
        resource: {
          aws_kms_key: {
            secrets: { enable_key_rotation: !(proposed && name === WEAKENED[0]) },
          },
          aws_dynamodb_table: {
            locks: {
              name: `locks-${name}`,
              deletion_protection_enabled: !(proposed && name === WEAKENED[1]),
            },
          },
          ...(!(proposed && name === WEAKENED[2]) && {
            aws_cloudwatch_metric_alarm: {
              overdue: {
                alarm_name: `overdue-${name}`,
                comparison_operator: "GreaterThanThreshold",
                evaluation_periods: 1,
              },
            },
          }),
          genesyscloud_routing_queue: {
            general: { name: "General", ...(proposed && { description: "All enquiries" }) },
            ...(proposed && name.endsWith("-prod") && { escalation: { name: "Escalation" } }),
          },
        },
      }),
    });

  test("has the three weakened controls first, and then one group for each kind of change", async () => {
    const deployed = projectOf(false);
    for (const name of ORGS) await applyStack(deployed, `org-${name}`, world.environment);
    const proposal = projectOf(true);
    await run(proposal, ["synth", "--output", "proposed"]);

    const folder = temporaryFolder();
    mkdirSync(join(folder, "plans"));
    for (const name of ORGS) {
      const options = ["--proposed", join(proposal, "proposed"), "--json"];
      const { code, stdout, stderr } = await run(
        deployed,
        ["plan", name, ...options],
        world.environment,
      );
      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      writeFileSync(join(folder, "plans", `${name}.json`), stdout);
    }
    const targets = JSON.stringify(ORGS.map((org) => ({ org })));
    const options = ["--targets", targets, "--proposed", join(proposal, "proposed")];
    const { stdout } = await run(deployed, ["ci", "comment", join(folder, "plans"), ...options]);

    const lines = stdout.split("\n").filter(Boolean);
    expect(lines.slice(0, 6)).toEqual([
      "<!-- genesys-orgs: plan -->",
      "### Plan of 12 stacks",
      "#### 3 weakened controls:",
      "- `eu-prod`: `aws_kms_key.secrets`: the key no longer rotates (encryption)",
      "- `na-staging`: `aws_dynamodb_table.locks`: the table may be deleted (lock)",
      expect.stringMatching(/^- `training`: `aws_cloudwatch_metric_alarm\.overdue`: .* \(alarm\)$/),
    ]);
    expect(stdout).toMatch(/#### 5 stacks, the same 2 changes: `org-na-prod`/);
    expect(lines.at(-1)).toBe(
      "#### total: 6 to add, 14 to change, 0 to replace, 1 to destroy, 3 weakened controls",
    );
    if (process.env.SCREENSHOT) writeFileSync(process.env.SCREENSHOT, pageOf(stdout));
  });
});

/** Renders Markdown as GitHub shows it. */
function pageOf(markdown: string): string {
  const script = `process.stdout.write(require("./tools/node_modules/markdown-it")({ html: true }).render(process.argv[1]))`;
  const body = execFileSync(process.execPath, ["-e", script, markdown], { encoding: "utf8" });
  return `<!doctype html><meta charset="utf-8"><style>
    body { font: 14px/1.5 sans-serif; max-width: 800px; margin: 24px auto; padding: 0 16px; color: #1f2328 }
    h3 { font-size: 1.25em; margin: 16px 0 } h4 { font-size: 1em; margin: 20px 0 8px }
    code { font: 12px monospace; background: #eff1f3; padding: .2em .4em; border-radius: 6px }
    ul { padding-left: 2em; margin: 0 } article { border: 1px solid #d1d9e0; border-radius: 6px; padding: 8px 16px }
  </style><article>${body}</article>`;
}
