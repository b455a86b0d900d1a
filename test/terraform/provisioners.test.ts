import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rehearse, worldOf } from "../../lib/rehearsal";
import { temporaryFolder } from "../support/folders";
import { describeWithTerraform } from "../support/terraform";

const world = worldOf({ orgs: [] });

async function errorOf(folder: string, json: object, provisioners?: readonly string[]) {
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(json));
  const stacks = [{ stack: "mine", folder, stateKey: "mine" }];
  const [result] = await rehearse({ stacks, world, provisioners });
  return result?.error;
}

describeWithTerraform("a rehearsal", () => {
  const touching = (file: string) => ({
    resource: {
      terraform_data: { d: { provisioner: [{ "local-exec": { command: `touch ${file}` } }] } },
    },
  });

  test("runs no provisioner, and names the resource that has one", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "touched");
    expect(await errorOf(folder, touching(file))).toBe(
      `${folder}/cdk.tf.json: provisioners of terraform_data.d would really run on this machine; remove them, or let them run (--allow-provisioner terraform_data.d)`,
    );
    expect(existsSync(file)).toBe(false);
  });

  test("runs the provisioners that are allowed by name", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "touched");
    expect(await errorOf(folder, touching(file), ["terraform_data.other"])).toContain(
      "would really run",
    );
    expect(await errorOf(folder, touching(file), ["terraform_data.d"])).toBeUndefined();
    expect(existsSync(file)).toBe(true);
  });

  test("runs no provisioner of a module", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "touched");
    const module = join(folder, "assets/module");
    mkdirSync(module, { recursive: true });
    writeFileSync(
      join(module, "main.tf"),
      `resource "terraform_data" "d" {\n  provisioner "local-exec" {\n    command = "touch ${file}"\n  }\n}\n`,
    );
    const json = { module: { m: { source: "./assets/module" } } };
    expect(await errorOf(folder, json)).toContain("provisioners of module.m would really run");
    expect(existsSync(file)).toBe(false);
    expect(await errorOf(folder, json, ["module.m"])).toBeUndefined();
    expect(existsSync(file)).toBe(true);
  });
});
