import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ACTIONS } from "../../../lib/ci/actions";
import { homeReport, orgReport } from "../../rehearsal/reports";
import { temporaryFolder } from "../../support/folders";
import { fakeProject } from "../../support/project";
import { run } from "../run";

const DEPLOY = ".github/workflows/genesys-deploy.yml";

const projectWith = (names: readonly string[], repository?: string) =>
  fakeProject({
    homes: [homeReport("home", { repository })],
    orgs: names.map((name) => orgReport(name)),
  });

describe("ci github", () => {
  test("writes the workflows, and finds them up to date", async () => {
    const folder = projectWith(["a"], "example/platform");
    expect(await run(folder, ["ci", "github"])).toMatchObject({
      code: 0,
      stdout: [
        "wrote .github/workflows/genesys-pull-request.yml",
        "wrote .github/workflows/genesys-plan.yml",
        "wrote .github/workflows/genesys-deploy.yml",
        "wrote .github/workflows/genesys-nightly.yml",
        'next: docs/pipelines.md, "What to set once"',
        "",
      ].join("\n"),
    });
    expect(await run(folder, ["ci", "github", "--check"])).toMatchObject({
      code: 0,
      stdout: "4 files up to date\n",
    });
  });

  test("--check fails for a file that was edited, and for one that is missing", async () => {
    const folder = projectWith(["a"], "example/platform");
    mkdirSync(join(folder, ".github/workflows"), { recursive: true });
    await run(folder, ["ci", "github"]);
    const file = join(folder, DEPLOY);
    writeFileSync(file, readFileSync(file, "utf8").replace("queue: max", "queue: single"));
    const { code, stderr } = await run(folder, ["ci", "github", "--check"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `${DEPLOY} is out of date\nwrite it with \`genesys-orgs ci github\`\n`,
    });
    expect(readFileSync(file, "utf8")).toContain("queue: single");
  });

  test("keeps its options, and uses them again", async () => {
    const folder = projectWith(["a"], "example/platform");
    await run(folder, ["ci", "github", "--branch", "trunk", "--parallel", "9"]);
    await run(folder, ["ci", "github", "--node", "22"]);
    const text = readFileSync(join(folder, DEPLOY), "utf8");
    expect(text).toContain("branches: [trunk]");
    expect(text).toContain("max-parallel: 9");
    expect(text).toContain('node-version: "22"');
  });

  test("leaves a file alone that somebody else has written", async () => {
    const folder = projectWith(["a"], "example/platform");
    mkdirSync(join(folder, ".github/workflows"), { recursive: true });
    writeFileSync(join(folder, DEPLOY), "name: mine\n");
    const { code, stderr } = await run(folder, ["ci", "github"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `${DEPLOY} was not written by genesys-orgs: rename it, and run the command again\n`,
    });
    expect(existsSync(join(folder, ".github/workflows/genesys-plan.yml"))).toBe(false);
  });

  test("warns of jobs that could not log in", async () => {
    const { stderr } = await run(projectWith(["a"]), ["ci", "github", "--repository", "a/b"]);
    expect(stderr).toBe(
      [
        "warning: home home has no github in the registry: AWS refuses these jobs",
        'warning: jobs have no token for Vault, which vault.auth.method "token" needs (a): set "jwt"',
        "",
      ].join("\n"),
    );
  });

  test("warns of jobs whose role could do nothing", async () => {
    const role = (name: string) => `arn:aws:iam::222222222222:role/${name}`;
    const there = { account: "222222222222", region: "us-east-1" };
    const jwt = { auth: { method: "jwt" } } as const;
    const folder = fakeProject({
      homes: [homeReport("home", { status: "external" })],
      orgs: [
        orgReport("alone", jwt, { aws: there }),
        orgReport("gone", jwt, { aws: there, retired: true, status: "retired" }),
        orgReport("trusted", jwt, {
          aws: { ...there, deployRole: role("deploy"), planRole: role("plan") },
        }),
      ],
    });
    const { code, stderr } = await run(folder, ["ci", "gitlab"]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: [
        "warning: home home is an S3-compatible store, for which no stack creates roles: jobs cannot log in to AWS until you create the roles that they name",
        "warning: alone is in account 222222222222, and the roles of its jobs are in that of home home: set aws.deployRole and aws.planRole, which these roles assume",
        "",
      ].join("\n"),
    });
  });

  test("refuses another repository than that of the state homes", async () => {
    const folder = projectWith(["a"], "example/platform");
    const { code, stderr } = await run(folder, ["ci", "github", "--repository", "other/name"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "--repository other/name is not that of the state homes (example/platform), and AWS trusts no other: correct one of the two\n",
    });
  });

  test.each([
    ["--repository", "foo"],
    ["--node", "abc"],
    ["--terraform", "latest"],
    ["--branch", ""],
  ])("refuses %s '%s'", async (option, value) => {
    const folder = projectWith(["a"], "example/platform");
    const { code, stderr } = await run(folder, ["ci", "github", option, value]);
    expect({ code, said: stderr.includes("It must be") }).toEqual({ code: 1, said: true });
  });

  test("refuses a project that is not at the top of its repository", async () => {
    const folder = projectWith(["a"], "example/platform");
    const inside = join(folder, "infra");
    execFileSync("git", ["init", "--quiet", folder]);
    mkdirSync(inside);
    const { code, stderr } = await run(inside, ["ci", "github"]);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the project is in the folder infra/ of its git repository"),
    });
  });

  test("needs a repository", async () => {
    const { code, stderr } = await run(projectWith(["a"]), ["ci", "github"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "no state home of the registry has github.repository: name it with --repository\n",
    });
  });
});

test("ci gitlab writes one file, and needs no repository", async () => {
  const folder = projectWith(["a"]);
  expect(await run(folder, ["ci", "gitlab"])).toMatchObject({
    code: 0,
    stdout:
      "wrote .gitlab/genesys-orgs.yml\nnext: include the file in .gitlab-ci.yml, as docs/pipelines.md shows\n",
  });
});

describe("ci targets", () => {
  const linesOf = (stdout: string) =>
    Object.fromEntries(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split("=", 2))
        .map(([name, json = ""]) => [
          name,
          JSON.parse(json).map(({ org }: { org: string }) => org),
        ]),
    );

  test("prints all organisations, and those of each stage", async () => {
    const folder = fakeProject({
      homes: [homeReport("home")],
      orgs: [
        orgReport("a"),
        orgReport("b", {}, { environment: "sandbox" }),
        orgReport("c", {}, { environment: "development" }),
      ],
    });
    const { stdout } = await run(folder, ["ci", "targets"]);
    expect(linesOf(stdout)).toEqual({
      all_1: ["a", "b", "c"],
      rotatable_1: ["a", "b", "c"],
      development_1: ["b", "c"],
      production_1: ["a"],
    });
  });

  test("an organisation without a Vault has no job that rotates its master", async () => {
    const { vault: _, ...without } = orgReport("b");
    const folder = fakeProject({ homes: [homeReport("home")], orgs: [orgReport("a"), without] });
    const { stdout } = await run(folder, ["ci", "targets"]);
    expect(linesOf(stdout)).toMatchObject({ all_1: ["a", "b"], rotatable_1: ["a"] });
  });

  test("with a folder, only those whose stacks differ", async () => {
    const stackOf = (value: string) => (org: { name: string }) => ({
      resource: { terraform_data: { a: { input: org.name === "b" ? value : "same" } } },
    });
    const orgs = [orgReport("a"), orgReport("b")];
    const homes = [homeReport("home")];
    const proposal = fakeProject({ homes, orgs, stackOf: stackOf("new") });
    await run(proposal, ["synth", "--output", "proposed"]);
    const folder = fakeProject({ homes, orgs, stackOf: stackOf("old") });
    const { stdout } = await run(folder, [
      ...["ci", "targets", "--changed-since"],
      join(proposal, "proposed"),
    ]);
    expect(linesOf(stdout)).toEqual({ all_1: ["b"], rotatable_1: ["b"], production_1: ["b"] });
  });
});

describe("ci comment", () => {
  const plan = (org: string, weakened: readonly object[] = []) => ({
    plans: [
      {
        org,
        stack: `org-${org}`,
        changes: [{ address: "a.b", action: "create", attributes: [] }],
        outputs: [],
        weakened,
        digest: "",
      },
    ],
    failed: [],
  });
  /** Runs the command in a project of `a` and `b`, where a pull request also adds `c`. */
  async function commentOf(
    files: Readonly<Record<string, string>>,
    targets = ["a", "b"],
    proposes = ["a", "b"],
  ) {
    const folder = projectWith(["a", "b"]);
    for (const name of ["plans", "proposed"]) mkdirSync(join(folder, name));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, "plans", name), text);
    }
    const orgs = proposes.map((name) => orgReport(name));
    writeFileSync(join(folder, "proposed", "genesys-orgs.json"), JSON.stringify({ orgs }));
    const json = JSON.stringify(targets.map((org) => ({ org })));
    const options = ["--proposed", "proposed", "--targets", json, "[]"];
    return run(folder, ["ci", "comment", "plans", ...options]);
  }

  test("has weakened controls first, and then what changes, once for all", async () => {
    const weak = { address: "aws_kms_key.a", control: "encryption", what: "no longer rotates" };
    const { stdout } = await commentOf({
      "a.json": JSON.stringify(plan("a")),
      "b.json": JSON.stringify(plan("b", [weak])),
    });
    expect(stdout).toBe(
      [
        "<!-- genesys-orgs: plan -->",
        "### Plan of 2 stacks",
        "",
        "",
        "#### 1 weakened control:",
        "",
        "- `b`: `aws_kms_key.a`: no longer rotates (encryption)",
        "",
        "#### 2 stacks, the same 1 change: `org-a`, `org-b`",
        "",
        "- `+ a.b`",
        "",
        "#### total: 2 to add, 0 to change, 0 to replace, 0 to destroy, 1 weakened control",
        "",
        "",
      ].join("\n"),
    );
  });

  test("names an organisation whose job has written nothing, or no plan", async () => {
    const { stdout } = await commentOf({ "a.json": "" });
    expect(stdout).toContain("#### 2 stacks could not be planned:");
    expect(stdout).toContain("- `a`: `its job has written no plan`");
    expect(stdout).toContain("- `b`: `its job has written no plan`");
  });

  test("names a new organisation", async () => {
    const { stdout } = await commentOf({}, [], ["a", "b", "c"]);
    expect(stdout).toContain("- `org-c`: `it is new, and is planned after the merge only`");
  });

  test("takes neither another organisation's plan nor more than a plan's words", async () => {
    const bad = { address: "a.b", control: "![x](https://evil.example.com)", what: "x" };
    const { stdout } = await commentOf({
      "a.json": JSON.stringify(plan("b")),
      "b.json": JSON.stringify(plan("b", [bad])),
      "evil.json": JSON.stringify(plan("evil")),
    });
    expect(stdout).not.toContain("evil");
    expect(stdout).toContain("#### 2 stacks could not be planned:");
  });

  test("says so if nothing changes", async () => {
    const { stdout } = await commentOf({}, []);
    expect(stdout).toContain("No stack of an organisation changes.");
  });

  test("is shorter than GitHub allows", async () => {
    const many = Array.from({ length: 400 }, (_, index) => ({
      address: `aws_kms_key.${"a".repeat(200)}${index}`,
      control: "encryption",
      what: "no longer rotates",
    }));
    const { stdout } = await commentOf({ "a.json": JSON.stringify(plan("a", many)) }, ["a"]);
    expect(stdout.length).toBeLessThan(65_536);
    expect(stdout).toMatch(/The comment is too long for GitHub\..*\n$/);
  });
});

describe("ci actions", () => {
  /** Answers as GitHub's API, with the newest release of each action. */
  async function withGitHub(
    newestOf: (version: string) => string,
    commitOf: (commit: string) => string,
  ) {
    const server = createServer((request, response) => {
      const action = Object.values(ACTIONS).find(({ repository }) =>
        request.url?.includes(repository),
      );
      const body = request.url?.endsWith("/releases/latest")
        ? { tag_name: newestOf(action?.version ?? "") }
        : { sha: commitOf(action?.commit ?? "") };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    try {
      const { port } = server.address() as AddressInfo;
      const env = { GITHUB_API_URL: `http://127.0.0.1:${port}` };
      return await run(temporaryFolder(), ["ci", "actions", "--json"], env);
    } finally {
      server.close();
    }
  }
  const same = (text: string) => text;
  const resultsIn = (stdout: string): string[] =>
    JSON.parse(stdout).actions.map(({ result }: { result: string }) => result);

  test("are the newest", async () => {
    const { code, stdout } = await withGitHub(same, same);
    expect({ code, results: new Set(resultsIn(stdout)) }).toEqual({
      code: 0,
      results: new Set(["newest"]),
    });
  });

  test("a newer minor version is named, and is no failure", async () => {
    const { code, stdout } = await withGitHub((version) => `${version}9`, same);
    expect({ code, results: new Set(resultsIn(stdout)) }).toEqual({
      code: 0,
      results: new Set(["newer release"]),
    });
  });

  test("a newer major version fails", async () => {
    const { code, stdout } = await withGitHub(() => "v99.0.0", same);
    expect({ code, results: new Set(resultsIn(stdout)) }).toEqual({
      code: 1,
      results: new Set(["newer major version"]),
    });
  });

  test("a tag that was moved fails", async () => {
    const { code, stdout } = await withGitHub(same, (commit) => commit.replace(/^./, "x"));
    expect({ code, results: new Set(resultsIn(stdout)) }).toEqual({
      code: 1,
      results: new Set(["moved"]),
    });
  });
});

test("this repository has the four workflows, which `npm run pipelines` compares", () => {
  for (const name of ["pull-request", "plan", "deploy", "nightly"]) {
    expect(existsSync(join(__dirname, `../../../.github/workflows/genesys-${name}.yml`))).toBe(
      true,
    );
  }
});
