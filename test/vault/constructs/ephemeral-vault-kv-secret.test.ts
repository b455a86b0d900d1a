import { Fn, TerraformOutput, TerraformStack, Testing } from "cdktf";
import { EphemeralVaultKvSecret } from "../../../lib";
import { temporaryFolder } from "../../support/folders";
import { testApp } from "../../support/sample-org";

function synth(add: (secret: EphemeralVaultKvSecret, stack: TerraformStack) => void) {
  const stack = new TerraformStack(testApp(temporaryFolder()), "stack");
  const secret = new EphemeralVaultKvSecret(stack, "entry", {
    mount: "secret",
    name: "a/b",
    version: 3,
  });
  add(secret, stack);
  return JSON.parse(Testing.synth(stack));
}

test("is an ephemeral block with the entry's mount, name and version", () => {
  expect(synth(() => undefined).ephemeral.vault_kv_secret_v2.entry).toEqual({
    mount: "secret",
    name: "a/b",
    version: 3,
  });
});

test("a field stays an expression inside a function, where a hand-written one would become text", () => {
  const stack = synth((secret, scope) => {
    new TerraformOutput(scope, "field", { value: secret.field("client_secret") });
    new TerraformOutput(scope, "encoded", {
      value: Fn.jsonencode({ v: secret.field("client_secret") }),
    });
    new TerraformOutput(scope, "whole", { value: secret.json });
  });
  const field = "ephemeral.vault_kv_secret_v2.entry.data.client_secret";
  expect(stack.output.field.value).toBe(`\${${field}}`);
  expect(stack.output.encoded.value).toBe(`\${jsonencode({"v" = ${field}})}`);
  // Not data_json, which the real provider always sets to {}.
  expect(stack.output.whole.value).toBe("${jsonencode(ephemeral.vault_kv_secret_v2.entry.data)}");
});

test("waivers and other overrides land in the block", () => {
  const stack = new TerraformStack(testApp(temporaryFolder()), "stack");
  const secret = new EphemeralVaultKvSecret(stack, "entry", { mount: "secret", name: "a/b" });
  secret.addOverride("namespace", "team");
  secret.addOverride("//.note", "kept");
  const { entry } = (
    stack.toTerraform() as { ephemeral: { vault_kv_secret_v2: { entry: unknown } } }
  ).ephemeral.vault_kv_secret_v2 as { entry: Record<string, Record<string, unknown>> };
  expect(entry.namespace).toBe("team");
  expect(entry["//"]).toEqual({
    metadata: { path: "stack/entry", uniqueId: "entry" },
    note: "kept",
  });
});
