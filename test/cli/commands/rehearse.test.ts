import { readdirSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { orgReport } from "../../rehearsal/reports";
import { temporaryFolder } from "../../support/folders";
import { fakeProject } from "../../support/project";
import { ROOT } from "../../support/synthesized-app";
import { describeWithTerraform } from "../../support/terraform";
import { run, withTemporary } from "../run";

const orgs = [orgReport("one"), orgReport("two"), orgReport("three")];
const terraform = { required_providers: { aws: { source: "hashicorp/aws" } } };
const provider = { aws: [{ region: "us-east-1" }] };
const secret = (name: string) => ({
  terraform,
  provider,
  resource: { aws_secretsmanager_secret: { s: { name, recovery_window_in_days: 7 } } },
});
const project = (broken?: string, says?: string) =>
  fakeProject({
    orgs,
    says,
    stackOf: ({ name }) =>
      name === broken
        ? { ...secret("x"), resource: { aws_kms_key: { k: { arn: "mine" } } } }
        : secret(name),
  });
describeWithTerraform("rehearse", () => {
  test("ends with a table and one line, and says each stack's end on stderr", async () => {
    const { code, stdout, stderr } = await run(project(), ["rehearse"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /│ org-one +│ orgs\/one\/terraform\.tfstate +│ s3 +│ 1 +│ \d\.\d s │ \d\.\d s │ yes +│ 0 +│ \d/,
    );
    expect(stdout).toMatch(/\n3 stacks rehearsed with \w+ [\d.]+ in \d+\.\d s: all is well\n$/);
    expect(stdout).not.toContain("\u001b");
    expect(stderr.trim().split("\n").sort()).toEqual([
      expect.stringMatching(/^org-one: ok, 1 resources, \d/),
      expect.stringMatching(/^org-three: ok/),
      expect.stringMatching(/^org-two: ok/),
    ]);
  });

  test("an org that fails does not stop the others", async () => {
    const { code, stdout, stderr } = await run(project("two"), ["rehearse", "--concurrency", "1"]);
    expect(code).toBe(1);
    expect(stdout).toContain(": 1 failed: org-two\n");
    expect(stderr).toContain("org-two: failed at validate");
    expect(stderr).toContain("org-three: ok");
    expect(stderr).toMatch(
      /\norg-two: terraform validate failed:\nError: Value for unconfigurable/,
    );
    expect(stderr).not.toMatch(/[│╷╵]/);
  });

  test("rehearses the orgs that are named, and no other", async () => {
    const { stdout } = await run(project("two"), ["rehearse", "one", "three"]);
    expect(stdout).toContain("\n2 stacks rehearsed");
  });

  test("rehearses the stacks whose states a named org reads, and no other stacks", async () => {
    const backendAt = (key: string) => ({ s3: { bucket: "states", key, region: "us-east-1" } });
    const data = {
      terraform_remote_state: { n: { backend: "s3", config: backendAt("network").s3 } },
    };
    const folder = fakeProject({
      orgs,
      stackOf: () => ({
        data,
        resource: {
          terraform_data: { d: { input: "${data.terraform_remote_state.n.outputs.id}" } },
        },
      }),
      stacks: {
        network: { terraform: { backend: backendAt("network") }, output: { id: { value: "vpc" } } },
        unread: { terraform: { backend: backendAt("unread") } },
      },
      otherStacks: ["network", "unread"],
    });
    const { code, stdout } = await run(folder, ["rehearse", "one", "--json"]);
    const { stacks } = JSON.parse(stdout);
    expect([code, stacks.map(({ stack }: { stack: string }) => stack)]).toEqual([
      0,
      ["org-one", "network"],
    ]);
    expect(stacks[0].madeUpStates).toEqual([]);
  });

  describe("a secret variable with a waiver that has an end", () => {
    const rule = "GO-SECRET-IN-STATE";
    const reason = "the provider has no write-only password, SEC-1204";
    const folder = () => {
      const waiver = {
        waivers: { [rule]: reason },
        waivedAt: { [rule]: "org-one/smtp" },
        waivedUntil: { [rule]: "2027-03-31" },
      };
      const variable = { smtp: { type: "string", sensitive: true, "//": waiver } };
      const stack = secret("smtp");
      const version = {
        secret_id: "${aws_secretsmanager_secret.s.id}",
        secret_string: "${var.smtp}",
      };
      const resource = { ...stack.resource, aws_secretsmanager_secret_version: { v: version } };
      const stackOf = () => ({ ...stack, resource, variable });
      return fakeProject({ orgs: [orgReport("one")], stackOf });
    };
    const at = (time: string) => () => Date.parse(time);

    test("is in the report, until its last day is over", async () => {
      const { code, stdout } = await run(folder(), ["rehearse"], {}, at("2027-03-31T23:00:00Z"));
      expect(stdout).toContain(
        `\norg-one: ${rule} is waived at org-one/smtp until 2027-03-31: ${reason}\n`,
      );
      expect(code).toBe(0);
    });

    test("is in the document of --json", async () => {
      const { stdout } = await run(folder(), ["rehearse", "--json"], {}, at("2026-11-28"));
      expect(JSON.parse(stdout).stacks[0]).toMatchObject({
        secretBytes: 0,
        exceptions: [
          {
            rule,
            reason,
            waivedAt: "org-one/smtp",
            until: "2027-03-31",
            addresses: ["var.smtp"],
          },
        ],
      });
    });

    test.each([{}, { TERRAFORM_BINARY_NAME: "no-terraform" }])(
      "is a failure that names it, when the day is over, also without Terraform: %j",
      async (env) => {
        const { code, stderr } = await run(folder(), ["rehearse"], env, at("2027-04-01"));
        expect(code).toBe(1);
        expect(stderr).toContain(
          `the waiver of ${rule} at org-one/smtp ended on 2027-03-31 (its reason: ${reason})`,
        );
      },
    );
  });

  test("--json prints one document and nothing else on stdout", async () => {
    const { code, stdout } = await run(project("two"), ["rehearse", "--json"]);
    expect(code).toBe(1);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ version: 1, ok: false, leftOut: [] });
    expect(document.stacks).toMatchObject([
      { stack: "org-one", resources: 1, secondPlanEmpty: true, secretBytes: 0 },
      { stack: "org-two", error: expect.stringContaining("terraform validate failed") },
      {
        org: "three",
        steps: expect.arrayContaining([expect.objectContaining({ step: "destroy", ok: true })]),
      },
    ]);
  });

  test("names the types of derived schemas, and the existing objects that it made up", async () => {
    const folder = fakeProject({
      orgs: [orgReport("one")],
      stackOf: () => ({
        terraform,
        provider,
        resource: { aws_ecr_repository: { t: { name: "a" } }, random_pet: { p: {} } },
        import: [{ to: "random_pet.p", id: "calm-otter" }],
      }),
    });
    const without = await run(folder, ["rehearse"]);
    expect([without.code, without.stderr]).toEqual([
      1,
      expect.stringContaining("there is no schema of resource type aws_ecr_repository in"),
    ]);
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const { code, stdout } = await run(folder, ["rehearse"]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      ": all is well; imported objects made up from the configuration: random_pet.p; 2 types by derived schemas: aws_ecr_repository, random_pet\n",
    );
  });

  test("passes on what the app says, and counts whom it left out", async () => {
    const folder = fakeProject({
      orgs: [orgReport("one"), orgReport("new", {}, { status: "no recorded key" })],
      says: "new is left out",
      stackOf: ({ name }) => secret(name),
    });
    const { code, stdout, stderr } = await run(folder, ["rehearse"]);
    expect(code).toBe(0);
    expect(stderr).toContain("new is left out\n");
    expect(stdout).toMatch(/^1 stack rehearsed .*: all is well; 1 left out$/m);
  });

  test("leaves no folder behind, unless it is to keep them", async () => {
    const [temporary, folder] = [temporaryFolder(), project("two")];
    await withTemporary(temporary, () => run(folder, ["rehearse"]));
    expect(readdirSync(temporary)).toEqual([]);
    const { stderr } = await withTemporary(temporary, () =>
      run(folder, ["rehearse", "one", "--keep"]),
    );
    const kept = /^org-one: files kept in (.*)$/m.exec(stderr)?.[1] ?? "";
    expect(readdirSync(temporary)).toEqual([relative(temporary, kept).split("/")[0]]);
    expect(readdirSync(kept)).toContain("first.tfplan");
  });
});

describeWithTerraform("where states are", () => {
  const [one, two] = [orgReport("one"), orgReport("two")];
  const network = {
    name: "network",
    stack: "org-one.network",
    stateKey: "orgs/one/network/terraform.tfstate",
  };
  const backend = (key: string) => ({ s3: { bucket: "states", key, use_lockfile: true } });
  const withKey = (name: string, key: string) => ({
    ...secret(name),
    terraform: { ...terraform, backend: backend(key) },
  });

  test("`rehearse <org>` rehearses the org's further stacks as well, under their own keys", async () => {
    const folder = fakeProject({
      orgs: [{ ...one, components: [network] }, two],
      stacks: { [network.stack]: withKey("network", network.stateKey) },
      stackOf: ({ name }) => secret(name),
    });
    const { code, stdout } = await run(folder, ["rehearse", "one"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/│ org-one.network +│ orgs\/one\/network\/terraform\.tfstate +│ s3 /);
    expect(stdout).toContain("\n2 stacks rehearsed");
  });

  test("an org whose stack has another org's key fails, with the key of the stack", async () => {
    const folder = fakeProject({
      orgs: [one, two],
      stackOf: ({ name }) => withKey(name, "orgs/other/terraform.tfstate"),
    });
    const { code, stdout, stderr } = await run(folder, ["rehearse", "two"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/│ org-two +│ orgs\/other\/terraform\.tfstate/);
    expect(stderr).toContain(
      "org-two: the state of org-two is in states/orgs/other/terraform.tfstate, but by the registry it is in states/orgs/two/terraform.tfstate: remove the override of its backend\n",
    );
  });

  test("two stacks with one state fail, whichever they belong to, and others do not", async () => {
    const key = one.stateKey;
    const folder = fakeProject({
      orgs: [{ ...one, components: [{ ...network, stateKey: key }] }, two],
      stacks: { [network.stack]: withKey("network", key) },
      stackOf: ({ name }) => secret(name),
    });
    const { code, stdout, stderr } = await run(folder, ["rehearse"]);
    expect(code).toBe(1);
    expect(stdout).toContain("2 failed: org-one, org-one.network");
    expect(stderr).toContain(
      "org-one and org-one.network have the same state, states/orgs/one/terraform.tfstate: give each stack its own key (docs/library.md)\n",
    );
  });
});
