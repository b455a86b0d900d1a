import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { vaultToken } from "../../../lib/vault/client/vault-token";
import { temporaryFolder } from "../../support/folders";

test("the token comes from the environment, or from the file that `vault login` writes", () => {
  const HOME = temporaryFolder();
  writeFileSync(join(HOME, ".vault-token"), "test-secret-of-file\n");
  expect(vaultToken({ HOME, VAULT_TOKEN: " test-secret-of-env\n" })).toBe("test-secret-of-env");
  expect(vaultToken({ HOME, VAULT_TOKEN: "" })).toBe("test-secret-of-file");
});

test("without a token, the message says how to get one", () => {
  const HOME = temporaryFolder();
  expect(() => vaultToken({ HOME })).toThrow(
    `there is no Vault token: set VAULT_TOKEN, or run \`vault login\`, which writes ${join(HOME, ".vault-token")}`,
  );
});

test("OpenBao's variable is read as well, after Vault's", () => {
  const HOME = temporaryFolder();
  expect(vaultToken({ HOME, BAO_TOKEN: "test-secret-of-bao" })).toBe("test-secret-of-bao");
  expect(vaultToken({ VAULT_TOKEN: "test-secret-of-env", BAO_TOKEN: "other" })).toBe(
    "test-secret-of-env",
  );
});
