import { vaultDataSource } from "../../../lib/policies/rules/vault-data-source";
import { block, findingsOf, orgStack } from "../../support/synthesized-stack";

const SOURCE = block("data", "vault_kv_secret_v2", { mount: "secret", name: "genesys" });

describe("GO-VAULT-DATA-SOURCE", () => {
  test.each([
    block("ephemeral", "vault_kv_secret_v2", { mount: "secret", name: "genesys" }),
    block("resource", "vault_policy", { name: "genesys", policy: "" }),
    block("data", "vault_policy_document", { rule: [] }),
    block("data", "aws_caller_identity", {}),
  ])("accepts %j", (part) => {
    expect(findingsOf(vaultDataSource, orgStack(part))).toEqual([]);
  });

  test.each([
    "vault_kv_secret_v2",
    "vault_kv_secret",
    "vault_generic_secret",
    "vault_aws_access_credentials",
    "vault_kv_secrets_list_v2",
  ])("refuses data source %s", (type) => {
    expect(findingsOf(vaultDataSource, orgStack(block("data", type, {})))).toEqual([
      expect.objectContaining({
        severity: "error",
        address: `data.${type}.it`,
        message: `data source ${type} stores the values from Vault in the state`,
      }),
    ]);
  });

  test("only warns where the stack allows them", () => {
    const findings = findingsOf(vaultDataSource, orgStack(SOURCE), { allowVaultDataSources: true });
    expect(findings).toMatchObject([{ severity: "warning" }]);
  });
});
