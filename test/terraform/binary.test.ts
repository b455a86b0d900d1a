import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findTerraform, isOlder } from "../../lib/terraform/binary";
import { temporaryFolder } from "../support/folders";

function binary(name: string, says: string): NodeJS.ProcessEnv {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
  return { PATH: `${folder}:/bin:/usr/bin` };
}

test("Terraform is found by its name on PATH", async () => {
  const found = await findTerraform(binary("terraform", "Terraform v1.12.0"));
  expect(found).toMatchObject({ product: "Terraform", version: "1.12.0" });
});

test("TERRAFORM_BINARY_NAME names another binary, as in cdktf", async () => {
  const env = { ...binary("tofu", "OpenTofu v1.11.2"), TERRAFORM_BINARY_NAME: "tofu" };
  expect(await findTerraform(env)).toMatchObject({ product: "OpenTofu", version: "1.11.2" });
});

test("there may be none", async () => {
  expect(await findTerraform({ PATH: temporaryFolder() })).toBeUndefined();
});

test.each([
  ["terraform", "Terraform v1.10.5", /is Terraform 1\.10\.5; 1\.11\.0 or newer is needed/],
  ["tofu", "OpenTofu v1.10.0", /is OpenTofu 1\.10\.0; 1\.11\.0 or newer is needed/],
  ["terraform", "hello", /is not Terraform or OpenTofu: its `version` command printed: hello/],
])("%s that says %s is refused", async (name, says, message) => {
  const env = { ...binary(name, says), TERRAFORM_BINARY_NAME: name };
  await expect(findTerraform(env)).rejects.toThrow(message);
});

test.each([
  ["1.10.9", "1.11.0", true],
  ["1.11.0", "1.11.0", false],
  ["1.11.0-rc1", "1.11.0", true],
  ["1.12.0-beta1", "1.11.0", false],
  ["2.0.0", "1.11.0", false],
])("%s older than %s: %s", (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});
