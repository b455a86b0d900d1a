import { generateKeyPairSync } from "node:crypto";
import { DENIED_ENTRY, holdVaultContract } from "../support/fakes/vault-contract";
import { VAULT_SERVER_MISSING, VaultServer } from "../support/vault/vault-server";

// What the fake is held against.
if (!process.env.VAULT_SERVER) {
  test.skip(VAULT_SERVER_MISSING, () => {});
} else {
  holdVaultContract(async () => {
    const vault = await VaultServer.start();
    await vault.mountKv("secret");
    await vault.mountKv("old", "1");
    await vault.acceptJwts(generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey);
    const policy = [
      ...["secret", "old", "nowhere"].map(
        (mount) =>
          `path "${mount}/*" { capabilities = ["create", "read", "update", "delete", "list"] }`,
      ),
      `path "secret/data/${DENIED_ENTRY}" { capabilities = ["deny"] }`,
    ].join("\n");
    await vault.must("PUT", "sys/policies/acl/contract", { policy });
    return {
      address: vault.address,
      oldAddress: vault.address,
      token: await vault.token(["contract"]),
      stop: () => vault.stop(),
    };
  });
}
