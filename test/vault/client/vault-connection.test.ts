import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../lib/errors";
import { connectVault, ignoredNamespace } from "../../../lib/vault/client/vault-connection";
import { temporaryFolder } from "../../support/folders";

const ADDRESS = "https://vault.example.com";

test.each([
  [undefined, undefined, undefined],
  ["team", undefined, "team"],
  ["team", "registry", "registry"],
  ["", undefined, undefined],
])("VAULT_NAMESPACE=%s and the registry's %s: %s", (VAULT_NAMESPACE, namespace, used) => {
  expect(connectVault({ VAULT_NAMESPACE }, { address: ADDRESS, namespace }).namespace).toBe(used);
});

test("a namespace of the environment that is not used is named, and its slashes do not count", () => {
  const env = { VAULT_NAMESPACE: "team/" };
  expect(ignoredNamespace(env, "/team")).toBeUndefined();
  expect(ignoredNamespace(env, undefined)).toBeUndefined();
  expect(ignoredNamespace({}, "team")).toBeUndefined();
  expect(ignoredNamespace(env, "other")).toBe(
    "VAULT_NAMESPACE is team/, but vault.namespace in the registry is other: the registry's is used, as by Terraform. Log in to other",
  );
});

describe("certificates that cannot be used are named, with the variable", () => {
  const connect = (env: NodeJS.ProcessEnv) => () => connectVault(env, { address: ADDRESS });

  test("a file or a folder that does not exist", () => {
    expect(connect({ VAULT_CACERT: "/none.pem" })).toThrow(
      new UserError(
        "VAULT_CACERT names /none.pem, which cannot be read: set VAULT_CACERT to a file with certificates in PEM",
      ),
    );
    expect(connect({ VAULT_CAPATH: "/none" })).toThrow(
      "VAULT_CAPATH names /none, which cannot be read",
    );
  });

  test("a file without a certificate; its content is not shown", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "below"));
    expect(connect({ VAULT_CAPATH: folder })).not.toThrow();
    writeFileSync(join(folder, "key.pem"), "test-secret-key");
    expect(connect({ VAULT_CAPATH: folder })).toThrow(
      new UserError(
        `VAULT_CAPATH names ${folder}/key.pem, which has no certificate: set VAULT_CAPATH to a folder with certificates in PEM`,
      ),
    );
  });
});
