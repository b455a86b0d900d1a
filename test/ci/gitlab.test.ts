import { spawnSync } from "node:child_process";
import { parse } from "yaml";
import { gitlabFiles } from "../../lib/ci/gitlab";
import { DEFAULTS } from "../../lib/ci/pipeline";
import type { OrgReport } from "../../lib/registry/report";
import { homeReport, orgReport } from "../rehearsal/reports";

// biome-ignore lint/suspicious/noExplicitAny: the jobs of a parsed file
function jobsFor(orgs: readonly OrgReport[]): Record<string, any> {
  const report = { version: 1 as const, homes: [homeReport("home")], orgs, otherStacks: [] };
  const files = gitlabFiles(report, { ...DEFAULTS, repository: "" }, "A heading.");
  return parse(files.get(".gitlab/genesys-orgs.yml") ?? "");
}

const jobs = jobsFor([
  orgReport("a", {}, { environment: "production" }),
  orgReport("b", {}, { environment: "staging" }),
  orgReport("c", {}, { environment: "development" }),
]);

test("a merge request is checked and rehearsed without a token", () => {
  const { extends: parts, rules, id_tokens } = jobs["genesys-check"];
  expect({ parts, rules, id_tokens }).toEqual({
    parts: [".genesys-orgs"],
    rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }],
    id_tokens: undefined,
  });
});

test("all jobs with a token run on the deployed branch only", () => {
  const identified = Object.values(jobs).filter((job) => job.extends?.includes(".genesys-login"));
  expect(identified).toHaveLength(6);
  for (const { rules } of identified) {
    expect(rules[0].if).toContain('$CI_COMMIT_BRANCH == "main"');
  }
});

test("staging and production begin when somebody approves", () => {
  for (const stage of ["staging", "production"]) {
    expect(jobs[`genesys-approve-${stage}`].rules[0]).toMatchObject({
      when: "manual",
      allow_failure: false,
    });
    const { stages } = jobs as unknown as { stages: string[] };
    expect(stages.indexOf(`genesys-approve-${stage}`)).toBe(stages.indexOf(`genesys-${stage}`) - 1);
  }
  expect(jobs["genesys-approve-development"]).toBeUndefined();
});

test("no job names the jobs that it needs, since it may name only 50", () => {
  for (const job of Object.values(jobs)) expect(job).not.toHaveProperty("needs");
});

test("production waits for an approval, also if nothing comes before it", () => {
  const alone = jobsFor([orgReport("a", {}, { environment: "production" })]);
  expect(alone["genesys-approve-production"].rules[0].when).toBe("manual");
  expect(alone.stages).toEqual([
    "genesys-check",
    "genesys-plan",
    "genesys-approve-production",
    "genesys-production",
  ]);
});

test("deploys of one organisation wait for each other, and are not interrupted", () => {
  expect(jobs["genesys-deploy-production"]).toMatchObject({
    resource_group: "genesys-$ORG",
    interruptible: false,
    environment: { name: "apply-$ORG" },
  });
});

test("an organisation's job has its roles and its region", () => {
  expect(jobs["genesys-deploy-production"].parallel.matrix).toEqual([
    {
      ORG: "a",
      AWS_REGION: "us-east-1",
      READER: "arn:aws:iam::111111111111:role/genesys-a-state-reader",
      WRITER: "arn:aws:iam::111111111111:role/genesys-a-state-writer",
    },
  ]);
});

test("every night, each organisation is looked at by its reader, and no look leaves out the next one", () => {
  const { script, variables, rules } = jobs["genesys-nightly"];
  expect({ variables, rules }).toEqual({
    variables: { ROLE_ARN: "$READER" },
    rules: [{ if: '$CI_COMMIT_BRANCH == "main" && $CI_PIPELINE_SOURCE == "schedule"' }],
  });
  expect(script).toEqual([
    "failed=0",
    'npx --no genesys-orgs drift "$ORG" --markdown || failed=1',
    'npx --no genesys-orgs secrets "$ORG" --live --check || failed=1',
    'npx --no genesys-orgs reconcile "$ORG" || failed=1',
    '[ "$failed" -eq 0 ]',
  ]);
  const run = (...codes: number[]) =>
    spawnSync("bash", ["-e", "-o", "pipefail"], {
      input: (script as string[])
        .join("\n")
        .replace(/npx --no genesys-orgs \S+ .*?(?= \|\|)/g, () => `(exit ${codes.shift()})`),
    }).status;
  expect([run(0, 0, 0), run(2, 0, 0), run(0, 1, 0), run(0, 0, 2)]).toEqual([0, 1, 1, 1]);
});

test("more organisations than one matrix may have are split", () => {
  const orgs = Array.from({ length: 201 }, (_, index) => orgReport(`org-${index}`));
  const many = jobsFor(orgs);
  expect(many["genesys-plan"].parallel.matrix).toHaveLength(200);
  expect(many["genesys-plan-2"].parallel.matrix).toHaveLength(1);
  expect(many["genesys-deploy-production-2"].dependencies).toEqual([
    "genesys-plan",
    "genesys-plan-2",
  ]);
});
