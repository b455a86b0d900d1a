import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireTerraform } from "../../lib/terraform/binary";
import { committedLockFile, LOCK_FILE, lockFileFor } from "../../lib/terraform/lock-file";
import { StackTerraform } from "../../lib/terraform/stack-terraform";
import { temporaryFolder } from "../support/folders";
import { describeWithTerraform } from "../support/terraform";

const HEADING = '# This file is maintained automatically by "terraform init".\n\n';
const entry = (address: string) =>
  `provider "registry.terraform.io/${address}" {\n  version = "1.0.0"\n}\n\n`;

/** Writes the folder of a stack that requires providers. */
function stackWith(...sources: readonly string[]): string {
  const folder = temporaryFolder();
  const required = sources.map((source) => [source.split("/").at(-1), { source }]);
  const terraform = { required_providers: Object.fromEntries(required) };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform }));
  return folder;
}

test("a stack gets the entries of its own providers only", () => {
  const file = join(temporaryFolder(), LOCK_FILE);
  const entries = ["hashicorp/aws", "hashicorp/vault", "x/aws", "mypurecloud/genesyscloud"];
  writeFileSync(file, HEADING + entries.map(entry).join(""));
  const folder = stackWith("hashicorp/aws", "MyPureCloud/genesyscloud");
  expect(lockFileFor(folder, file)).toBe(
    HEADING + entry("hashicorp/aws") + entry("mypurecloud/genesyscloud"),
  );
});

test("a project without a lock file has none", () => {
  expect(committedLockFile(temporaryFolder())).toBeUndefined();
});

describeWithTerraform("with a committed lock file", () => {
  /** A mirror with providers that do nothing, since init only copies them. */
  function mirrorOf(...names: readonly string[]): Record<string, string> {
    const folder = temporaryFolder();
    for (const name of names) {
      const place = join(folder, `mirror/registry.terraform.io/test/${name}/1.0.0/${platform()}`);
      mkdirSync(place, { recursive: true });
      const file = join(place, `terraform-provider-${name}_v1.0.0`);
      writeFileSync(file, "#!/bin/sh\n");
      chmodSync(file, 0o755);
    }
    const settings = join(folder, "rc");
    const mirror = join(folder, "mirror");
    writeFileSync(
      settings,
      `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`,
    );
    return { TF_CLI_CONFIG_FILE: settings, TF_PLUGIN_CACHE_DIR: temporaryFolder() };
  }

  async function initialize(env: Record<string, string>, folder: string, lockFile?: string) {
    const { signal } = new AbortController();
    const terraform = await requireTerraform({ env: { ...process.env, ...env }, signal });
    await new StackTerraform({ ...terraform, lockFile }, "org-a", folder).initIfNeeded();
    return readFileSync(join(folder, LOCK_FILE), "utf8");
  }

  test("every stack uses its versions, even if it needs fewer providers", async () => {
    const env = mirrorOf("one", "two");
    const lockFile = join(temporaryFolder(), LOCK_FILE);
    writeFileSync(lockFile, await initialize(env, stackWith("test/one", "test/two")));
    const used = await initialize(env, stackWith("test/one"), lockFile);
    expect(used).toContain("test/one");
    expect(used).not.toContain("test/two");
  });

  test("a provider that it does not have is refused", async () => {
    const env = mirrorOf("one", "two");
    const lockFile = join(temporaryFolder(), LOCK_FILE);
    writeFileSync(lockFile, await initialize(env, stackWith("test/one")));
    await expect(initialize(env, stackWith("test/one", "test/two"), lockFile)).rejects.toThrow(
      /lock\s+file is read-only/,
    );
  });
});

const platform = (): string =>
  `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
