import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type RehearsalEvent,
  type RehearsalStack,
  type RehearseProps,
  rehearse,
  worldOf,
} from "../../lib/rehearsal";
import { temporaryFolder } from "../support/folders";
import { describeWithTerraform } from "../support/terraform";

const world = worldOf({ orgs: [] });
const base = {
  terraform: {
    required_providers: { aws: { source: "hashicorp/aws" } },
  },
  provider: { aws: [{ region: "us-east-1" }] },
};
const secret = { ...base, resource: { aws_secretsmanager_secret: { s: { name: "/a" } } } };
const parameter = (insecure_value: string) => ({
  ...base,
  resource: { aws_ssm_parameter: { p: { name: "/a", type: "String", insecure_value } } },
});

function stackOf(name: string, json: object, output = temporaryFolder()): RehearsalStack {
  const folder = join(output, "stacks", name);
  mkdirSync(folder, { recursive: true });
  const { terraform } = json as { terraform?: object };
  // The rehearsal keeps its state elsewhere.
  const s3 = { bucket: "states", key: `orgs/${name}/terraform.tfstate`, region: "us-east-1" };
  const stack = { ...json, terraform: { ...terraform, backend: { s3 } } };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack));
  return {
    org: name,
    stack: `org-${name}`,
    folder,
  };
}

async function rehearseOne(json: object, props: Partial<RehearseProps> = {}) {
  const [result] = await rehearse({ stacks: [stackOf("one", json)], world, ...props });
  if (!result) throw new Error("the rehearsal has no result");
  return result;
}

describeWithTerraform("a rehearsal", () => {
  test("goes through every step, and times it", async () => {
    const result = await rehearseOne(secret);
    expect(result).toMatchObject({
      org: "one",
      stack: "org-one",
      stateKey: "orgs/one/terraform.tfstate",
      resources: 1,
      secondPlanEmpty: true,
      secretBytes: 0,
      error: undefined,
    });
    expect(result.steps.map(({ step, ok }) => [step, ok])).toEqual([
      ["init", true],
      ["validate", true],
      ["plan", true],
      ["apply", true],
      ["second plan", true],
      ["scan", true],
      ["destroy", true],
      ["second scan", true],
    ]);
    const sum = result.steps.reduce((total, { seconds }) => total + seconds, 0);
    expect(sum).toBeLessThanOrEqual(result.seconds);
  });

  test("fails if the plan after the apply is not empty, and names the changes", async () => {
    const result = await rehearseOne(parameter("${timestamp()}"));
    expect(result.secondPlanEmpty).toBe(false);
    expect(result.error).toBe(
      "the plan after the apply is not empty:\naws_ssm_parameter.p will be updated in-place",
    );
  });

  test("stops at the first step that fails, with Terraform's own words", async () => {
    const result = await rehearseOne({ ...base, resource: { aws_kms_key: { k: { keys: 1 } } } });
    expect(result.steps.map(({ step, ok }) => [step, ok])).toEqual([
      ["init", true],
      ["validate", false],
      ["scan", true],
    ]);
    expect(result.error).toMatch(
      /^terraform validate failed:\nError: Extraneous JSON object property\n\n {2}on cdk\.tf\.json line 1/,
    );
  });

  test.each([
    ["writes no plan", "exit 0", "terraform plan ended with success, but wrote no plan"],
    [
      "plans and does nothing",
      'if [ "$1" = plan ]; then touch first.tfplan; fi',
      "terraform apply ended with success, but these resources are not in the state: aws_secretsmanager_secret.s",
    ],
  ])("fails with a Terraform that %s", async (_what, does, error) => {
    const path = join(temporaryFolder(), "terraform");
    writeFileSync(path, `#!/bin/sh\n${does}\n`, { mode: 0o755 });
    const terraform = { path, product: "Terraform", version: "1.11.4" } as const;
    expect(await rehearseOne(secret, { terraform })).toMatchObject({ error });
  });

  test("accepts resources of which there are none", async () => {
    const result = await rehearseOne({
      ...base,
      resource: { aws_kms_key: { none: { count: 0 }, each: { for_each: {} } } },
    });
    expect(result).toMatchObject({ error: undefined, resources: 0 });
  });

  test("names a type that has no schema, before Terraform runs", async () => {
    const result = await rehearseOne({ ...base, resource: { aws_no_such_thing: { v: {} } } });
    expect(result.steps).toEqual([]);
    expect(result.error).toMatch(
      /there is no schema of resource type aws_no_such_thing in .* and @cdktf\/provider-aws [\d.]+\. Correct the name/,
    );
  });

  test("reads the assets of a stack", async () => {
    const stack = stackOf("one", parameter('${filesha256("assets/code/index.js")}'));
    mkdirSync(join(stack.folder, "assets/code"), { recursive: true });
    writeFileSync(join(stack.folder, "assets/code/index.js"), "code");
    const [result] = await rehearse({ stacks: [stack], world });
    expect(result?.error).toBeUndefined();
  });

  test("reads the assets that stacks share", async () => {
    const output = temporaryFolder();
    mkdirSync(join(output, "assets"));
    writeFileSync(join(output, "assets/index.js"), "code");
    const shared = parameter('${filesha256("../../assets/index.js")}');
    const [result] = await rehearse({ stacks: [stackOf("one", shared, output)], world });
    expect(result?.error).toBeUndefined();
  });

  test("reports its progress, and keeps the order of its stacks", async () => {
    const stacks = ["one", "two", "three"].map((name) => stackOf(name, secret));
    const events: RehearsalEvent[] = [];
    const results = await rehearse({
      stacks,
      world,
      concurrency: 3,
      onProgress: (event) => events.push(event),
    });
    expect(results.map(({ stack }) => stack)).toEqual(["org-one", "org-two", "org-three"]);
    expect(events.filter(({ kind }) => kind === "done")).toHaveLength(3);
    expect(events.filter(({ kind }) => kind === "step")).toHaveLength(3 * 8);
  });

  test("rehearses no more stacks at a time than its concurrency", async () => {
    const stacks = ["one", "two", "three"].map((name) => stackOf(name, secret));
    const running = new Set<string>();
    let most = 0;
    const onProgress = ({ kind, stack }: RehearsalEvent) => {
      if (kind === "step") running.add(stack);
      else running.delete(stack);
      most = Math.max(most, running.size);
    };
    await rehearse({ stacks, world, concurrency: 1, onProgress });
    expect(most).toBe(1);
  });

  test("that is stopped marks unfinished stacks, and starts no others", async () => {
    const stacks = ["one", "two"].map((name) => stackOf(name, secret));
    const stop = new AbortController();
    const started = new Set<string>();
    const results = await rehearse({
      stacks,
      world,
      concurrency: 1,
      signal: stop.signal,
      onProgress: ({ kind, stack }) => {
        started.add(stack);
        if (kind === "step") stop.abort();
      },
    });
    expect([...started]).toEqual(["org-one"]);
    expect(results.map(({ stack, interrupted }) => [stack, interrupted])).toEqual([
      ["org-one", true],
      ["org-two", true],
    ]);
  });

  test("takes no setting and no credential from the environment", async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      TF_CLI_ARGS: "-no-such-flag",
      TF_WORKSPACE: "other",
      AWS_PROFILE: "production",
      TF_CLI_CONFIG_FILE: "/no/such/file",
    });
    try {
      expect((await rehearseOne(secret)).error).toBeUndefined();
    } finally {
      for (const name of ["TF_CLI_ARGS", "TF_WORKSPACE", "AWS_PROFILE", "TF_CLI_CONFIG_FILE"]) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  });
});
