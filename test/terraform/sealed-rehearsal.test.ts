import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DataResource, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import { type RehearsalStack, type RehearseProps, rehearse, worldOf } from "../../lib/rehearsal";
import { temporaryFolder } from "../support/folders";
import { testApp } from "../support/sample-org";
import { describeWithTerraform } from "../support/terraform";

const world = worldOf({ orgs: [] });
const backend = (key: string) => ({ s3: { bucket: "states", key, region: "us-east-1" } });
const reading = (key: string) => ({
  terraform_remote_state: {
    other: { backend: "s3", workspace: "${terraform.workspace}", config: backend(key).s3 },
  },
});
/** A stack that keeps an output of another stack's state. */
const reader = (key: string, output = "outputs.name") => ({
  terraform: { backend: backend("reader") },
  data: reading(key),
  resource: {
    terraform_data: { d: { input: `\${data.terraform_remote_state.other.${output}}` } },
  },
  output: { name: { value: "${terraform_data.d.output}" } },
});
const owner = (name: string) => ({
  terraform: { backend: backend("owner") },
  resource: { terraform_data: { d: { input: name } } },
  output: { name: { value: "${terraform_data.d.output}" } },
});

function stackOf(stack: string, json: object): RehearsalStack {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(json));
  return { stack, folder };
}

async function errorsOf(stacks: readonly RehearsalStack[], props: Partial<RehearseProps> = {}) {
  const results = await rehearse({ stacks, world, ...props });
  return results.map(({ stack, error }) => [stack, error]);
}

describeWithTerraform("a rehearsal", () => {
  test("answers a reference between two stacks, as cdktf writes it, from the other's rehearsal", async () => {
    const outdir = temporaryFolder();
    const app = testApp(outdir);
    const [first, second] = ["first", "second"].map((id) => {
      const stack = new TerraformStack(app, id);
      new S3Backend(stack, backend(`orgs/na-prod/${id}/terraform.tfstate`).s3);
      return stack;
    }) as [TerraformStack, TerraformStack];
    const made = new DataResource(first, "made", {});
    new TerraformOutput(second, "kept", { value: made.id });
    app.synth();
    const stacks = ["second", "first"].map((stack) => ({
      stack,
      folder: join(outdir, "stacks", stack),
    }));
    expect(readFileSync(join(outdir, "stacks/second/cdk.tf.json"), "utf8")).toContain(
      "terraform_remote_state",
    );
    // One at a time: the stack that is read must come first.
    const results = await rehearse({ stacks, world, concurrency: 1, keep: true });
    expect(results.map(({ stack, error }) => [stack, error])).toEqual([
      ["second", undefined],
      ["first", undefined],
    ]);
    const [of, read] = ["first", "second"].map((stack) => {
      const folder = results.find((result) => result.stack === stack)?.folder ?? "";
      return readFileSync(join(folder, "04-apply.log"), "utf8");
    }) as [string, string];
    const id = /Creation complete .*\[id=(.*)\]/.exec(of)?.[1] ?? "no id";
    expect(read).toContain(`kept = "${id}"`);
  });

  test.each(["outputs.name", 'outputs["a-b"]'])(
    "makes up %s of a state that no rehearsed stack has, and says so",
    async (output) => {
      const [result] = await rehearse({
        stacks: [stackOf("mine", reader("elsewhere", output))],
        world,
      });
      expect(result).toMatchObject({ error: undefined, madeUpStates: ["states/elsewhere"] });
    },
  );

  test("fails a stack that reads the state of a stack that failed", async () => {
    const broken = { ...owner("x"), resource: { terraform_data: { d: { nothing: 1 } } } };
    const [first, second] = await errorsOf([
      stackOf("reader", reader("owner")),
      stackOf("owner", broken),
    ]);
    expect(first).toEqual([
      "reader",
      "reader reads the state of owner, whose rehearsal failed: correct that stack first",
    ]);
    expect(second?.[1]).toContain("terraform validate failed");
  });

  test("refuses stacks that read each other's states", async () => {
    const one = { ...reader("two"), terraform: { backend: backend("one") } };
    const two = { ...reader("one"), terraform: { backend: backend("two") } };
    await expect(errorsOf([stackOf("one", one), stackOf("two", two)])).rejects.toThrow(
      "one reads the state of two reads the state of one: none of them can be deployed first",
    );
  });

  describe("of code that asks its surroundings", () => {
    let server: Server;
    const asked: string[] = [];
    beforeEach(async () => {
      asked.length = 0;
      server = createServer((request, response) => {
        asked.push(request.url ?? "");
        response.writeHead(404).end();
      });
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    });
    afterEach(() => server.close());

    test("has a home of its own, no token, and no metadata service", async () => {
      const home = temporaryFolder();
      const { port } = server.address() as AddressInfo;
      mkdirSync(join(home, ".aws"));
      writeFileSync(
        join(home, ".aws/config"),
        "[default]\naws_access_key_id = HOMEKEY\naws_secret_access_key = secret\n",
      );
      const before = { ...process.env };
      Object.assign(process.env, {
        HOME: home,
        GITHUB_TOKEN: "token",
        AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`,
      });
      try {
        const command = "env > environment.txt";
        const stack = stackOf("mine", {
          resource: { terraform_data: { d: { provisioner: [{ "local-exec": { command } }] } } },
        });
        const [result] = await rehearse({
          stacks: [stack],
          world,
          keep: true,
          provisioners: ["terraform_data.d"],
        });
        const folder = result?.folder ?? "";
        const seen = readFileSync(join(folder, "environment.txt"), "utf8");
        expect(seen).toContain(`HOME=${folder}/home\n`);
        expect(seen).toContain("AWS_EC2_METADATA_DISABLED=true\n");
        expect(seen).not.toMatch(/GITHUB_TOKEN|METADATA_SERVICE/);
        await errorsOf([stackOf("reader", reader("elsewhere"))]);
        expect(asked).toEqual([]);
      } finally {
        for (const name of ["HOME", "GITHUB_TOKEN", "AWS_EC2_METADATA_SERVICE_ENDPOINT"]) {
          if (before[name] === undefined) delete process.env[name];
          else process.env[name] = before[name];
        }
      }
    });
  });
});
