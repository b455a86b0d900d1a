import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { orgReport } from "../../rehearsal/reports";
import { temporaryFolder } from "../../support/folders";
import { fakeProject } from "../../support/project";
import { run } from "../run";
import { orgNames, readJson, stackFileOf } from "../stored-orgs";
import { sampleSynthesis, TEN_CHANGES } from "./diff/ten-changes";

const diff = (...args: string[]) => run(temporaryFolder(), ["diff", ...args]);
const linesOf = (text: string) => text.split("\n").map((line) => line.trim());

test.each(TEN_CHANGES)("$name: exit code $code", async (change) => {
  const changed = sampleSynthesis([change]);
  const { code, stdout } = await diff(sampleSynthesis(), "--to", changed);
  expect(linesOf(stdout)).toContain(change.line);
  expect(code).toBe(change.code);
  expect(stdout).toContain(`${17 - change.stacks.length} stacks without changes`);
});

test("of ten changes, those that weaken come first, then those that replace, then the others", async () => {
  const { code, stdout } = await diff(sampleSynthesis(), "--to", sampleSynthesis(TEN_CHANGES));
  const lines = linesOf(stdout);
  const found = TEN_CHANGES.map(({ line }) => lines.indexOf(line));
  expect(found).not.toContain(-1);
  expect(Math.max(...found.slice(0, 3))).toBeLessThan(Math.min(...found.slice(3)));
  expect(Math.max(...found.slice(3, 5))).toBeLessThan(Math.min(...found.slice(5)));
  expect(lines).toContain(
    "4 stacks, the same 2 changes: org-apac-prod, org-eu-prod, org-na-prod, org-na-staging",
  );
  expect(lines).toContain(
    "total: 1 to add, 8 to change, 2 to replace, 1 to destroy, 4 weakened controls, 5 changed settings",
  );
  expect(code).toBe(4);
});

test("the same syntheses have no difference, and the same difference has the same text", async () => {
  expect(await diff(sampleSynthesis(), "--to", sampleSynthesis())).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /: nothing changes\n17 stacks without changes\ntotal: 0 to add, 0 to change, 0 to replace, 0 to destroy\n$/,
    ),
  });
  const [before, after] = [sampleSynthesis(), sampleSynthesis(TEN_CHANGES)];
  expect(await diff(before, "--to", after)).toEqual(await diff(before, "--to", after));
});

test("a stack that is removed is named, because nothing manages its objects any more", async () => {
  const without = sampleSynthesis([], ["org-na-dev"]);
  const removed = await diff(sampleSynthesis(), "--to", without);
  expect(removed).toMatchObject({
    code: 3,
    stdout: expect.stringContaining(
      "1 stack removed: Terraform destroys nothing, and nothing manages its objects any more:\n  org-na-dev: 2 resources\n",
    ),
  });
  const added = await diff(without, "--to", sampleSynthesis());
  expect(added).toMatchObject({
    code: 2,
    stdout: expect.stringContaining("1 stack new:\n  org-na-dev: 2 resources\n"),
  });
});

test("who may do what in Vault is shown as well", async () => {
  const changed = sampleSynthesis([
    {
      name: "consumers may get clients",
      code: 2,
      line: "",
      stacks: ["vault-access-na-staging"],
      apply: ({ resource }) => {
        for (const policy of Object.values(resource.vault_policy) as { policy: string }[]) {
          policy.policy = policy.policy.replace("token/agent-assist", "creds/agent-assist");
        }
      },
    },
  ]);
  const { code, stdout } = await diff(sampleSynthesis(), "na-staging", "--to", changed);
  expect(stdout).toMatch(/vault-access-na-staging/);
  expect(stdout).toMatch(/~ vault_policy\.engine_agent-assist-policy_\w+/);
  expect(stdout).toContain("2 stacks without changes");
  expect(code).toBe(2);
});

test("one organisation has its own stacks only", async () => {
  const [before, after] = [sampleSynthesis(), sampleSynthesis(TEN_CHANGES)];
  const { code, stdout } = await diff(before, "na-dev", "--to", after);
  expect([code, stdout]).toEqual([
    3,
    [
      `Changes from ${before} to ${after}: objects are destroyed, or no longer managed`,
      "1 replaced resource:",
      "  org-na-dev: ± genesyscloud_routing_queue.enquiries from genesyscloud_routing_queue.general-enquiries, without a block that moves it, otherwise the same",
      "1 stack, 1 change: org-na-dev",
      "  ± genesyscloud_routing_queue.enquiries from genesyscloud_routing_queue.general-enquiries, without a block that moves it, otherwise the same",
      "2 stacks without changes",
      "total: 0 to add, 0 to change, 1 to replace, 0 to destroy",
      "",
    ].join("\n"),
  ]);
  expect(await diff(before, "na-dve", "--to", after)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("unknown organisation: na-dve (did you mean na-dev"),
  });
});

test("--markdown is for a comment on a pull request", async () => {
  const { stdout } = await diff(
    sampleSynthesis(),
    "--to",
    sampleSynthesis(TEN_CHANGES),
    "--markdown",
  );
  expect(stdout).toMatch(/^### Changes from `\S+` to `\S+`: a control is weakened\n/);
  expect(stdout).toContain(
    [
      "#### 2 stacks, the same 1 change: `org-eu-prod`, `org-na-prod`",
      "",
      "- `~ aws_kms_key.rotation_secrets-key_A1D7BB25`",
      "  - `enable_key_rotation`: `true` → `false`",
      "",
    ].join("\n"),
  );
});

test("--json has the risk, the counts and each change, with long values cut", async () => {
  const { stdout } = await diff(sampleSynthesis(), "--to", sampleSynthesis(TEN_CHANGES), "--json");
  const { stacks, ...document } = JSON.parse(stdout);
  expect(document).toEqual({
    version: 1,
    risk: "weakens",
    counts: { add: 1, change: 8, replace: 2, destroy: 1, other: 0, weakened: 4 },
    unchanged: 10,
    otherPackages: [],
  });
  expect(stacks).toContainEqual({
    org: "apac-prod",
    stack: "org-apac-prod",
    status: "changed",
    resources: 0,
    weakened: [
      { address: "terraform.backend.s3", control: "lock", what: "the state is no longer locked" },
    ],
    changes: expect.arrayContaining([
      {
        address: "terraform.backend.s3",
        type: "backend",
        action: "update",
        isResource: false,
        attributes: [{ path: "use_lockfile", before: "true" }],
      },
    ]),
  });
});

describe("in git", () => {
  /** A project in git whose organisations have a queue each. */
  function committedProject(): string {
    const folder = fakeProject({
      orgs: orgNames(2).map((name) => orgReport(name)),
      stackOf: () => ({ resource: { genesyscloud_routing_queue: { one: { name: "One" } } } }),
    });
    writeFileSync(join(folder, ".gitignore"), "node_modules\nbuilt\n");
    for (const args of [
      ["init", "-q"],
      ["add", "-A"],
      ["commit", "-qm", "base"],
    ]) {
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
        cwd: folder,
      });
    }
    return folder;
  }

  function renameQueue(folder: string, name: string): void {
    const file = stackFileOf(folder, name);
    const { resource, ...json } = readJson(file);
    resource.genesyscloud_routing_queue.one.name = "Other";
    writeFileSync(file, JSON.stringify({ ...json, resource }));
  }

  test("compares the working tree with a revision, and leaves nothing behind", async () => {
    const folder = committedProject();
    renameQueue(folder, "org-2");
    const { code, stdout } = await run(folder, ["diff", "HEAD"]);
    expect(code).toBe(2);
    expect(stdout).toContain(
      '1 stack, 1 change: org-org-2\n  ~ genesyscloud_routing_queue.one\n      name: "One" → "Other"\n',
    );
    const status = execFileSync("git", ["status", "--porcelain"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status).toBe(" M ready/stacks/org-org-2/cdk.tf.json\n");
  });

  test("names a file of packages that differs, since its changes cannot be seen", async () => {
    const folder = committedProject();
    writeFileSync(join(folder, "package-lock.json"), "{}");
    const { stdout } = await run(folder, ["diff", "HEAD"]);
    expect(stdout).toContain("package-lock.json differs: both sides were synthesized with");
  });

  test("what a revision's app compiles does not get into the working tree", async () => {
    const folder = committedProject();
    mkdirSync(join(folder, "built"));
    writeFileSync(join(folder, "built/now.js"), "now");
    const cdktf = readJson(join(folder, "cdktf.json"));
    const app = `echo compiled > built/now.js && ${cdktf.app}`;
    // Only the base compiles.
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ ...cdktf, app }));
    execFileSync(
      "git",
      ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qam", "compiles"],
      { cwd: folder },
    );
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify(cdktf));
    expect((await run(folder, ["diff", "HEAD"])).code).toBe(0);
    const built = execFileSync("cat", ["built/now.js"], { cwd: folder, encoding: "utf8" });
    expect(built).toBe("now");
  });

  test("a base that is neither a revision nor a folder is an error", async () => {
    const folder = committedProject();
    expect(await run(folder, ["diff", "nowhere"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        `diff nowhere: ${folder} has neither such a git revision, nor such a folder with genesys-orgs.json`,
      ),
    });
  });
});
