import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../../support/loopback-store";
import { describeWithTerraform } from "../../support/terraform";
import { run } from "../run";
import { storedProject } from "../stored-orgs";

jest.setTimeout(120_000);

describeWithTerraform("plan --proposed", () => {
  useLoopbackCredentials();
  let store: LoopbackStore;
  beforeEach(async () => {
    store = await startLoopbackStore();
  });
  afterEach(() => store.stop());

  const ORGS = { "org-1": { a: { input: "old" } }, "org-2": { a: { input: "old" } } };

  /** Synthesizes a proposal, and returns its folder. */
  async function proposalOf(orgs: Parameters<typeof storedProject>[1], blocks: object = {}) {
    const folder = storedProject(store, orgs, { blocks });
    expect(await run(folder, ["synth", "--output", "proposed"])).toMatchObject({
      code: 0,
      stdout: "2 stacks in proposed\n",
    });
    return join(folder, "proposed");
  }

  const planOf = (proposal: string, ...more: string[]) =>
    run(storedProject(store, ORGS), ["plan", "--proposed", proposal, ...more]);

  test("plans the JSON of the folder", async () => {
    const proposal = await proposalOf({ ...ORGS, "org-2": { b: { input: "new" } } });
    const { code, stdout } = await planOf(proposal);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        "1 stack, 1 change: org-org-1",
        "  + terraform_data.a",
        "1 stack, 1 change: org-org-2",
        "  + terraform_data.b",
        "total: 2 to add, 0 to change, 0 to replace, 0 to destroy",
        "",
      ].join("\n"),
    });
  });

  test("refuses what could take the credential, names why, and plans the others", async () => {
    const proposal = await proposalOf(ORGS);
    const file = join(proposal, "stacks/org-org-2/cdk.tf.json");
    const stack = JSON.parse(readFileSync(file, "utf8"));
    stack.output = { leak: { value: '${file("/proc/self/environ")}' } };
    writeFileSync(file, JSON.stringify(stack));
    const { code, stdout, stderr } = await planOf(proposal);
    expect(code).toBe(1);
    expect(stdout).toContain("org-org-1");
    expect(stderr).toContain(
      "org-org-2 is planned after the merge only, since output.leak.value uses the function file",
    );
  });

  test("takes neither other files nor links of the folder", async () => {
    const proposal = await proposalOf(ORGS);
    const stack = join(proposal, "stacks/org-org-1");
    writeFileSync(join(stack, "evil.tf"), 'output "evil" { value = file("/etc/passwd") }');
    writeFileSync(join(stack, "evil.auto.tfvars"), 'genesys_credential = "deployer"');
    mkdirSync(join(stack, ".terraform"));
    const { code, stdout } = await planOf(proposal, "org-1", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).plans[0].outputs).toEqual([]);
  });

  test("plans what it has checked, and not a section that the file has twice", async () => {
    const proposal = await proposalOf(ORGS);
    const file = join(proposal, "stacks/org-org-1/cdk.tf.json");
    const twice = `{"output": {"evil": {"value": "x"}}, "output": {"fine": {"value": "y"}}, `;
    writeFileSync(file, readFileSync(file, "utf8").replace(/^\{/, twice));
    const { code, stdout } = await planOf(proposal, "org-1", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).plans[0].outputs).toEqual(["fine"]);
  });

  test("a waiver of the proposal has no effect", async () => {
    const proposal = await proposalOf(ORGS);
    const file = join(proposal, "stacks/org-org-1/cdk.tf.json");
    const stack = JSON.parse(readFileSync(file, "utf8"));
    const waivers = { "GO-SECRET-LITERAL": "a reason that is long enough" };
    stack.resource.terraform_data.a = {
      input: { password: ["test", "secret", "of", "a", "waiver"].join("-") },
      "//": { waivers, waivedAt: { "GO-SECRET-LITERAL": "a" } },
    };
    writeFileSync(file, JSON.stringify(stack));
    expect((await planOf(proposal, "org-1")).stderr).toContain("(GO-SECRET-LITERAL)");
  });

  test("refuses a stack that the folder does not have, or that is not JSON", async () => {
    const proposal = await proposalOf(ORGS);
    writeFileSync(join(proposal, "stacks/org-org-1/cdk.tf.json"), "{");
    rmSync(join(proposal, "stacks/org-org-2/cdk.tf.json"));
    const { stderr } = await planOf(proposal);
    expect(stderr).toContain(
      "org-org-1 is planned after the merge only, since its JSON is not valid",
    );
    expect(stderr).toContain(
      "org-org-2 is planned after the merge only, since the proposal does not",
    );
  });

  test("names an unknown folder", async () => {
    expect((await planOf("nowhere")).stderr).toBe(
      "--proposed nowhere: it has no folder stacks: write it with `genesys-orgs synth --output <folder>`\n",
    );
  });
});
