import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { orgReport } from "../rehearsal/reports";
import { temporaryFolder } from "../support/folders";
import { fakeProject } from "../support/project";
import { run, withTemporary } from "./run";

const orgs = [orgReport("na-prod"), orgReport("eu-prod"), orgReport("na-staging")];
const project = () => fakeProject({ orgs });
const noTerraform = { TERRAFORM_BINARY_NAME: "" };
/** A PATH with Node.js alone, as the project's app needs it. */
beforeEach(() => {
  const folder = temporaryFolder();
  symlinkSync(process.execPath, join(folder, "node"));
  Object.assign(noTerraform, { PATH: folder });
});

test("--version prints the package's version, and nothing else", async () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
  expect(await run(temporaryFolder(), ["--version"])).toEqual({
    code: 0,
    stdout: `${version}\n`,
    stderr: "",
  });
});

test.each([
  "",
  "init",
  "list",
  "rehearse",
  "secrets",
  "plan",
  "consumers",
  "doctor",
  "state bootstrap",
  "state record",
  "state migrate",
  "state digest",
  "locks",
  "unlock",
  "grant",
  "rotate",
  "retire",
])("`%s --help` shows examples and exit codes, and succeeds", async (command) => {
  const args = [...command.split(" ").filter(Boolean), "--help"];
  const { code, stdout } = await run(temporaryFolder(), args);
  expect(code).toBe(0);
  expect(stdout).toContain("Examples:\n  genesys-orgs ");
  expect(stdout).toMatch(
    /\nExit codes: 0 success, 1 a mistake or a failure, 130 stopped by Ctrl-C\.\n$/,
  );
});

test.each([[["help", "rehearse"]], [["rehearse", "-h", "na-prod"]]])(
  "%j shows the help of the command",
  async (args) => {
    const { code, stdout } = await run(temporaryFolder(), args);
    expect([code, stdout.slice(0, 28)]).toEqual([0, "Usage: genesys-orgs rehearse"]);
  },
);

test("--help has each command in one short line", async () => {
  for (const args of [["--help"], ["state", "--help"]]) {
    const { stdout } = await run(temporaryFolder(), args);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  }
});

test.each([
  ["an unknown command", ["reherse"], /Did you mean rehearse/],
  ["an unknown command with --help", ["reherse", "--help"], /Did you mean rehearse/],
  ["an unknown command before -h", ["-h", "reherse"], /Did you mean rehearse/],
  ["help with an unknown command", ["help", "reherse"], /Did you mean rehearse/],
  [
    "an unknown command of a group with --help",
    ["state", "bootstap", "--help"],
    /Did you mean bootstrap/,
  ],
  ["an unknown option", ["list", "--jsn"], /unknown option '--jsn'/],
  [
    "a concurrency of 0",
    ["rehearse", "--concurrency", "0"],
    /It must be a whole number, 1 or more\./,
  ],
])("%s is a mistake", async (_what, args, message) => {
  const { code, stdout, stderr } = await run(temporaryFolder(), args);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(message);
});

test("a folder without cdktf.json is a mistake", async () => {
  const folder = temporaryFolder();
  expect(await run(folder, ["list"])).toEqual({
    code: 1,
    stdout: "",
    stderr: `${folder} has no cdktf.json: run this command in the folder of a CDKTF project\n`,
  });
});

describe("list", () => {
  test("shows every org, without colours where there is no terminal", async () => {
    const { code, stdout, stderr } = await run(project(), ["list"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const { name, stateKey } of orgs)
      expect(stdout).toMatch(new RegExp(`${name}.*${stateKey}`));
    expect(stdout).not.toContain("\u001b");
  });

  test("shows where a state has no key of its own", async () => {
    const orgs = [
      orgReport("shared", {}, { encryption: "sse-s3", kmsKeyArn: undefined }),
      orgReport("plain", {}, { encryption: "none", kmsKeyArn: undefined }),
    ];
    const { stdout } = await run(fakeProject({ orgs }), ["list"]);
    expect(stdout).toMatch(/shared.* - \(sse-s3\) /);
    expect(stdout).toMatch(/plain.* - \(not encrypted\) /);
  });

  test("--json prints one document of the orgs that were asked for", async () => {
    const { stdout } = await run(project(), ["list", "eu-prod", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      orgs: [{ name: "eu-prod", stateKey: "orgs/eu-prod/terraform.tfstate" }],
    });
  });

  test("is answered by the registry alone if the stacks cannot be synthesized", async () => {
    const folder = project();
    const file = join(folder, "cdktf.json");
    const { app } = JSON.parse(readFileSync(file, "utf8"));
    const failing = `if [ -z "$GENESYS_ORGS_ONLY" ]; then exit 1; fi; ${app}`;
    writeFileSync(file, JSON.stringify({ app: failing }));
    const { code, stdout, stderr } = await run(folder, ["list"]);
    expect([code, stderr]).toEqual([
      0,
      "the stacks cannot be synthesized, so credentials that only code names are left out\n",
    ]);
    expect(stdout).toContain("na-staging");
  });

  test("leaves no folder behind", async () => {
    const [temporary, folder] = [temporaryFolder(), project()];
    const { code } = await withTemporary(temporary, () => run(folder, ["list"]));
    expect(code).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

test.each([["list"], ["rehearse"]])("%s names unknown orgs and what was meant", async (command) => {
  expect(await run(project(), [command, "na-pord", "emea"], noTerraform)).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "unknown organisations: na-pord (did you mean na-prod?), emea; `genesys-orgs list` shows all\n",
  });
});

describe("an app that fails", () => {
  test("is quoted as it is, without a stack trace", async () => {
    const folder = fakeProject({ orgs, exitCode: 3, says: "orgs/na-prod.ts: region is unknown" });
    for (const args of [["list"], ["rehearse"], ["rehearse", "na-prod"]]) {
      expect(await run(folder, args, noTerraform)).toEqual({
        code: 1,
        stdout: "",
        stderr: "orgs/na-prod.ts: region is unknown\n",
      });
    }
  });

  test("in silence is named", async () => {
    const { stderr } = await run(fakeProject({ orgs, exitCode: 3 }), ["list"]);
    expect(stderr).toMatch(/^`node app.cjs .*` failed with exit code 3\n$/);
  });
});

describe("rehearse without Terraform", () => {
  const rehearse = (args: string[] = [], env: NodeJS.ProcessEnv = {}) =>
    run(project(), ["rehearse", ...args], { ...noTerraform, ...env });

  test("synthesizes, says what was not rehearsed, and succeeds", async () => {
    const { code, stdout, stderr } = await rehearse();
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(
      /^3 stacks synthesized and checked, but not rehearsed: terraform is not on PATH\. Install Terraform 1\.11\.0 or newer \(https:\S+\), or OpenTofu .*\n$/,
    );
  });

  test.each([
    ["--require-terraform", ["--require-terraform"], {}],
    ["CI=true", [], { CI: "true" }],
    ["CI=1", [], { CI: "1" }],
  ])("fails with %s", async (_what, args, env) => {
    const { code, stderr } = await rehearse(args, env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: 3 stacks synthesized/);
  });

  test("fails if TERRAFORM_BINARY_NAME names one that is not there", async () => {
    const { code, stderr } = await rehearse([], { TERRAFORM_BINARY_NAME: "no-such-terraform" });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: 3 stacks .*, but not rehearsed: no-such-terraform is not on PATH/,
    );
  });

  test("--json says so in its document", async () => {
    const { stdout } = await rehearse(["--json", "na-prod"]);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      terraform: null,
      synthesized: ["org-na-prod"],
    });
  });

  test("--output keeps the stacks", async () => {
    const output = join(temporaryFolder(), "out");
    await rehearse(["--output", output, "eu-prod"]);
    const stack = readFileSync(join(output, "stacks/org-eu-prod/cdk.tf.json"), "utf8");
    expect(JSON.parse(stack)).toHaveProperty("terraform.backend.s3.key");
  });

  test("still checks that every type has a schema", async () => {
    const terraform = { required_providers: { aws: { source: "hashicorp/aws" } } };
    const stackOf = () => ({ terraform, resource: { aws_vpc: { v: {} } } });
    const folder = fakeProject({ orgs: orgs.slice(0, 1), stackOf });
    const { code, stderr } = await run(folder, ["rehearse"], noTerraform);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /there is no schema of resource type aws_vpc in .*npm install @cdktf\/provider/,
    );
  });
});
