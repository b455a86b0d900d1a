import { parse } from "yaml";
import { githubFiles } from "../../lib/ci/github";
import { DEFAULTS } from "../../lib/ci/pipeline";
import type { OrgReport } from "../../lib/registry/report";
import { homeReport, orgReport } from "../rehearsal/reports";

type Step = Readonly<{ uses?: string; run?: string; if?: string; with?: Record<string, unknown> }>;
type Job = Readonly<{
  if?: string;
  needs?: readonly string[];
  uses?: string;
  environment?: { name: string };
  concurrency?: Record<string, unknown>;
  permissions: Record<string, string>;
  strategy?: Record<string, unknown>;
  steps?: readonly Step[];
}>;
type Workflow = Readonly<{
  on: Record<string, unknown>;
  permissions: object;
  jobs: Record<string, Job>;
}>;

const SETTINGS = { ...DEFAULTS, repository: "example/platform" };

function workflowsFor(orgs: readonly OrgReport[]): Record<string, Workflow> {
  const report = {
    version: 1 as const,
    homes: [homeReport("home")],
    orgs,
    otherStacks: [],
  };
  const files = githubFiles(report, SETTINGS, "A heading.");
  return Object.fromEntries(
    [...files].map(([path, text]) => [path.replace(/^.*genesys-|\.yml$/g, ""), parse(text)]),
  );
}

const SAMPLE = workflowsFor([
  orgReport("a", {}, { environment: "production" }),
  orgReport("b", {}, { environment: "staging" }),
  orgReport("c", {}, { environment: "sandbox" }),
]);

const workflow = (name: string): Workflow => SAMPLE[name] as Workflow;
const job = (name: string, of: string): Job => workflow(name).jobs[of] as Job;

const allJobs = Object.entries(SAMPLE).flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, each]) => [`${file} ${name}`, each] as const),
);
const allSteps = allJobs.flatMap(([name, { steps = [] }]) =>
  steps.map((step) => [name, step] as const),
);

test("there are four workflows, none of which has a permission of its own", () => {
  expect(Object.keys(SAMPLE).sort()).toEqual(["deploy", "nightly", "plan", "pull-request"]);
  for (const { permissions } of Object.values(SAMPLE)) expect(permissions).toEqual({});
});

test("every action is pinned by its commit", () => {
  const used = allSteps.flatMap(([, { uses }]) => uses ?? []);
  expect(used.length).toBeGreaterThan(20);
  for (const each of used) expect(each).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
});

test("no script has an expression in its text", () => {
  const scripts = allSteps.flatMap(([, { run }]) => run ?? []);
  expect(scripts.length).toBeGreaterThan(10);
  for (const script of scripts) expect(script).not.toContain("${{");
});

test("no checkout keeps the token of the job", () => {
  const checkouts = allSteps.filter(([, { uses }]) => uses?.startsWith("actions/checkout@"));
  for (const [, step] of checkouts) expect(step.with?.["persist-credentials"]).toBe(false);
});

test("every job with an identity has an environment, which decides on its role", () => {
  const identified = allJobs.filter(
    ([name, { permissions }]) => permissions["id-token"] && name !== "pull-request plan",
  );
  expect(identified.length).toBeGreaterThanOrEqual(6);
  for (const [, { environment }] of identified) {
    expect(environment?.name).toMatch(/^(plan|apply|rotate)-\$\{\{ matrix\.target\.org \}\}$/);
  }
});

test("the code of a pull request runs without an identity", () => {
  expect(job("pull-request", "rehearse").permissions).toEqual({ contents: "read" });
});

test("a pull request is planned by the deployed branch's workflow, and never for a fork", () => {
  const plan = job("pull-request", "plan");
  expect(plan.uses).toBe("example/platform/.github/workflows/genesys-plan.yml@main");
  expect(plan.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
});

test("a job that plans a pull request checks out the deployed branch only", () => {
  for (const { steps = [] } of Object.values(workflow("plan").jobs)) {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.map((step) => step.with?.ref)).toEqual(["refs/heads/main"]);
  }
});

test("deploys of one organisation wait for each other, and are never cancelled", () => {
  expect(job("deploy", "deploy-production-1").concurrency).toEqual({
    group: "genesys-apply-${{ matrix.target.org }}",
    "cancel-in-progress": false,
    queue: "max",
  });
});

test("a stage waits for those before it, and is left out after a failed deploy", () => {
  const { jobs } = workflow("deploy");
  expect(Object.keys(jobs)).toEqual([
    "targets",
    "plan-1",
    "deploy-development-1",
    "deploy-staging-1",
    "deploy-production-1",
  ]);
  expect(jobs["deploy-production-1"]?.needs).toEqual([
    "targets",
    "plan-1",
    "deploy-development-1",
    "deploy-staging-1",
  ]);
  expect(jobs["deploy-production-1"]?.if).toBe(
    "!cancelled() && needs.targets.result == 'success' && contains(fromJSON('[\"success\", \"skipped\"]'), needs.deploy-development-1.result) && contains(fromJSON('[\"success\", \"skipped\"]'), needs.deploy-staging-1.result) && needs.targets.outputs.production_1 != '[]'",
  );
});

test("only the deployed branch of the repository deploys", () => {
  const condition = "github.repository == 'example/platform' && github.ref == 'refs/heads/main'";
  expect(job("deploy", "targets").if).toBe(condition);
  expect(job("nightly", "targets").if).toBe(condition);
});

test("every night, each organisation is looked at by its reader, and no look leaves out the next one", () => {
  const { steps = [], environment } = job("nightly", "look-1");
  expect(environment?.name).toBe("plan-${{ matrix.target.org }}");
  const role = steps.find(({ uses }) => uses?.includes("configure-aws-credentials"));
  expect(role?.with?.["role-to-assume"]).toBe("${{ matrix.target.reader }}");
  const looks = steps.filter(({ run }) => run?.includes('"$ORG"'));
  expect(looks.map(({ run, if: condition }) => [run?.split(" ")[3], condition])).toEqual([
    ["drift", undefined],
    ["secrets", "!cancelled()"],
    ["reconcile", "!cancelled()"],
  ]);
});

test("600 organisations have three matrices, since one may have 256 jobs", () => {
  const orgs = Array.from({ length: 600 }, (_, index) => orgReport(`org-${index}`));
  const { deploy } = workflowsFor(orgs);
  expect(Object.keys((deploy as Workflow).jobs)).toEqual([
    "targets",
    "plan-1",
    "plan-2",
    "plan-3",
    "deploy-production-1",
    "deploy-production-2",
    "deploy-production-3",
  ]);
});

test("retired organisations and those without a stack have no jobs", () => {
  const { deploy } = workflowsFor([
    orgReport("a", {}, { environment: "production" }),
    orgReport("b", {}, { environment: "staging", status: "retired" }),
  ]);
  expect(Object.keys((deploy as Workflow).jobs)).not.toContain("deploy-staging-1");
});
