import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { homeReport, orgReport } from "../../../rehearsal/reports";
import { temporaryFolder } from "../../../support/folders";
import { fakeProject } from "../../../support/project";
import { keyArn } from "../../../support/sample-org";
import { describeWithTerraform } from "../../../support/terraform";
import { run, withTemporary } from "../../run";

const noTerraform = { TERRAFORM_BINARY_NAME: "no-such-terraform" };
const org = (name: string, status: "synthesized" | "no recorded home", kmsKeyArn?: string) => {
  const report = orgReport(name, {}, { stateHome: "production", kmsKeyArn });
  return { ...report, access: { ...report.access, status } };
};
const homes = [homeReport("production"), homeReport("lab", { status: "external" })];
const firstOrgs = [org("one", "no recorded home"), org("two", "no recorded home")];

/** A project whose registry has the folder `orgs`. */
function projectOf(project: Parameters<typeof fakeProject>[0]): string {
  const folder = fakeProject(project);
  mkdirSync(join(folder, "orgs"));
  return folder;
}
const project = () => projectOf({ homes, orgs: firstOrgs });
const recordIn = (folder: string) => join(folder, "orgs/state-homes.json");
const production = { account: "111111111111", region: "us-east-1", bucket: "states-production" };

function withOutputs(folder: string, outputs: object): string[] {
  writeFileSync(join(folder, "outputs.json"), JSON.stringify(outputs));
  return ["state", "record", "production", "--from", "outputs.json"];
}

describeWithTerraform("state record with a log that would have secrets", () => {
  const logging = { TF_LOG: "debug" };
  const backend = { local: { path: "terraform.tfstate" } };
  const stacks = { "state-production": { terraform: { backend } } };
  const projectWithStack = () => projectOf({ homes, orgs: firstOrgs, stacks });

  test("does not start Terraform", async () => {
    const { code, stderr } = await run(
      projectWithStack(),
      ["state", "record", "production"],
      logging,
    );
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("TF_LOG would write secrets to Terraform's log"),
    ]);
  });

  test("starts it with --allow-debug-log, before or after the command", async () => {
    for (const args of [
      ["--allow-debug-log", "state", "record", "production"],
      ["state", "record", "production", "--allow-debug-log"],
    ]) {
      const { stderr } = await run(projectWithStack(), args, { TF_LOG: "json" });
      expect(stderr).not.toContain("would write secrets");
    }
  });
});

describe("state record --from", () => {
  test("writes the keys into the record, and says what is next", async () => {
    const folder = project();
    const args = withOutputs(folder, { "state-production": { kms_key_arn: keyArn(1) } });
    expect(await run(folder, args, noTerraform)).toEqual({
      code: 0,
      stdout: [
        `homes.production.kmsKeyArn: ${keyArn(1)}`,
        "1 key written to orgs/state-homes.json",
        "next: run `cdktf deploy state-production --migrate-state`, then `cdktf deploy state-access-one state-access-two`, then `genesys-orgs state record production` again",
        "",
      ].join("\n"),
      stderr: "",
    });
    const record = { ...production, kmsKeyArn: keyArn(1), orgs: {} };
    expect(JSON.parse(readFileSync(recordIn(folder), "utf8"))).toEqual({
      version: 1,
      homes: { production: record },
    });
    expect(readdirSync(join(folder, "orgs"))).toEqual(["state-homes.json"]);
  });

  test("adds what is new, and leaves the file alone when nothing is", async () => {
    const orgs = [org("one", "synthesized", keyArn(2)), org("two", "synthesized")];
    const kmsKeyArn = keyArn(1);
    const folder = projectOf({ homes: [homeReport("production", { kmsKeyArn })], orgs });
    const record = { ...production, kmsKeyArn, orgs: { one: { kmsKeyArn: keyArn(2) } } };
    writeFileSync(recordIn(folder), JSON.stringify({ version: 1, homes: { production: record } }));
    const before = readFileSync(recordIn(folder), "utf8");
    const known = { "state-access-one": { kms_key_arn: keyArn(2) } };
    const same = await run(folder, withOutputs(folder, known), noTerraform);
    expect(same.stdout).toBe(
      "orgs/state-homes.json is up to date\nnext: run `cdktf deploy state-access-two`, then `genesys-orgs state record production` again\n",
    );
    expect(readFileSync(recordIn(folder), "utf8")).toBe(before);
    const outputs = { "state-access-two": { kms_key_arn: keyArn(3) } };
    const { stdout } = await run(folder, withOutputs(folder, outputs), noTerraform);
    expect(stdout).toMatch(/^homes\.production\.orgs\.two\.kmsKeyArn: arn:\S+\n1 key written/);
  });

  test("--dry-run says what would be written, and writes nothing", async () => {
    const folder = project();
    const outputs = { "state-production": { kms_key_arn: keyArn(1) } };
    const { code, stdout } = await run(folder, [...withOutputs(folder, outputs), "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toContain("\n1 key would be written to orgs/state-homes.json\n");
    expect(stdout).toMatch(/\ndry run: nothing was changed\n$/);
    expect(existsSync(recordIn(folder))).toBe(false);
  });

  test("--dry-run writes nothing, and --json prints one document", async () => {
    const folder = project();
    const outputs = { "state-production": { kms_key_arn: keyArn(1) } };
    const args = [...withOutputs(folder, outputs), "--dry-run", "--json"];
    const { code, stdout } = await run(folder, args, noTerraform);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      file: recordIn(folder),
      written: false,
      changes: [{ path: "homes.production.kmsKeyArn", after: keyArn(1) }],
      missing: ["state-access-one", "state-access-two"],
    });
    expect(existsSync(recordIn(folder))).toBe(false);
  });
});

describe("state record refuses, and writes nothing:", () => {
  const refused = async (folder: string, args: string[], message: string | RegExp) => {
    const { code, stdout, stderr } = await run(folder, args, noTerraform);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(message);
    expect(existsSync(recordIn(folder))).toBe(false);
  };
  const good = { "state-production": { kms_key_arn: keyArn(1) } };

  test("a home that is not in the registry", () =>
    refused(
      project(),
      ["state", "record", "prodction"],
      "unknown state home: prodction (did you mean production?); the registry has production, lab\n",
    ));

  test("a home that no stack creates", () =>
    refused(project(), ["state", "record", "lab"], /^home lab is S3-compatible storage/));

  test.each([
    ["nothing", null],
    ["other stacks", { "state-lab": { kms_key_arn: keyArn(1) } }],
    ["what `terraform output -json` prints", { kms_key_arn: { value: keyArn(1) } }],
  ])("a file that has %s", (_what, outputs) => {
    const folder = project();
    return refused(
      folder,
      withOutputs(folder, outputs as object),
      "outputs.json has no kms_key_arn of a stack of home production: create the file with `cdktf output 'state-*' --outputs-file outputs.json`\n",
    );
  });

  test("a value that is not a key of the home", () => {
    const folder = project();
    const outputs = { "state-production": { kms_key_arn: "hvs.not-for-print" } };
    return refused(folder, withOutputs(folder, outputs), /kmsKeyArn is \(hidden\): give/);
  });

  test("a file of outputs that cannot be read", async () => {
    const args = ["state", "record", "production", "--from", "outputs.json"];
    await refused(project(), args, /^outputs\.json is not readable: the system says ENOENT/);
    const folder = project();
    writeFileSync(join(folder, "outputs.json"), "{ kms");
    await refused(folder, args, /^outputs\.json: line \d+, column \d+ is not readable/);
  });

  test("a record that is not the one that the app reads", () => {
    const folder = projectOf({
      homes: [homeReport("production", { kmsKeyArn: keyArn(9) })],
      orgs: firstOrgs,
    });
    return refused(folder, withOutputs(folder, good), /is not the record that the app's registry/);
  });

  test("a folder that does not exist", () => {
    const folder = project();
    const args = [...withOutputs(folder, good), "--record", "registry/state-homes.json"];
    return refused(
      folder,
      args,
      /registry\/state-homes\.json cannot be written: the folder \S+ does not exist/,
    );
  });

  test("a machine without Terraform, where no outputs are given", () =>
    refused(
      project(),
      ["state", "record", "production"],
      /^no-such-terraform is not on PATH: install it, or use --from/,
    ));
});

describeWithTerraform("state record asks Terraform", () => {
  /** A stack whose state, in a local file, has one output. */
  const applied = (folder: string, stack: string, arn?: string) => {
    const path = join(folder, `${stack}.tfstate`);
    const output = { value: arn, type: "string" };
    const outputs = arn === undefined ? {} : { kms_key_arn: output };
    const state = { version: 4, terraform_version: "1.11.0", serial: 1, lineage: stack, outputs };
    // Of two providers that are nowhere to be had: `init` wants what a state names.
    const resources = ["one", "two"].map((name) => ({
      mode: "managed",
      type: `${name}_thing`,
      name: "thing",
      provider: `provider["registry.example.invalid/test/${name}"]`,
      instances: [{ schema_version: 0, attributes: { id: "1" } }],
    }));
    writeFileSync(path, JSON.stringify({ ...state, resources }));
    return { terraform: { backend: { local: { path } } } };
  };

  test("and says it in one line when nobody is logged in to AWS", async () => {
    const backend = { s3: { bucket: "states-production", key: "k", region: "us-east-1" } };
    const folder = projectOf({
      homes,
      orgs: [],
      stacks: { "state-production": { terraform: { backend } } },
    });
    const none = Object.fromEntries(
      Object.keys(process.env)
        .filter((name) => name.startsWith("AWS_"))
        .map((name) => [name, undefined]),
    );
    const env = { ...none, AWS_EC2_METADATA_DISABLED: "true", HOME: folder };
    expect(await run(folder, ["state", "record", "production"], env)).toEqual({
      code: 1,
      stdout: "",
      stderr: "state-production: there are no AWS credentials: log in, or set AWS_PROFILE\n",
    });
  });

  test("for the outputs of every stack of the home, without a provider", async () => {
    const states = temporaryFolder();
    const orgs = [org("one", "synthesized"), org("two", "synthesized")];
    const folder = projectOf({
      homes,
      orgs,
      stacks: {
        "state-production": applied(states, "state-production", keyArn(1)),
        "state-access-one": applied(states, "state-access-one", keyArn(2)),
        "state-access-two": applied(states, "state-access-two"),
      },
    });
    const temporary = temporaryFolder();
    const { code, stdout, stderr } = await withTemporary(temporary, () =>
      run(folder, ["state", "record", "production"]),
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("2 keys written to orgs/state-homes.json\n");
    expect(stdout).toContain("`cdktf deploy state-access-two`");
    const { homes: recorded } = JSON.parse(readFileSync(recordIn(folder), "utf8"));
    expect(recorded.production.orgs).toEqual({ one: { kmsKeyArn: keyArn(2) } });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test.each([
    [
      "was not applied",
      undefined,
      "has no key to record yet, since state-production has no output kms_key_arn: run `cdktf deploy state-production` first",
    ],
    [
      "was not moved into the bucket",
      keyArn(1),
      "run `cdktf deploy state-production --migrate-state` first",
    ],
  ])("and refuses a home that %s", async (_what, kmsKeyArn, message) => {
    const folder = projectOf({
      homes: [homeReport("production", { kmsKeyArn })],
      orgs: [],
      stacks: { "state-production": applied(temporaryFolder(), "state-production") },
    });
    const place = { ...production, kmsKeyArn, orgs: {} };
    const record = JSON.stringify({ version: 1, homes: { production: place } });
    if (kmsKeyArn) writeFileSync(recordIn(folder), record);
    const { code, stderr } = await run(folder, ["state", "record", "production"]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  test("and passes on why it could not say, writing nothing", async () => {
    const stack = { terraform: { backend: { local: { wrong: true } } } };
    const folder = projectOf({ homes, orgs: [], stacks: { "state-production": stack } });
    const { code, stderr } = await run(folder, ["state", "record", "production"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^state-production: terraform init failed:\nError: /);
    expect(existsSync(recordIn(folder))).toBe(false);
  });
});
