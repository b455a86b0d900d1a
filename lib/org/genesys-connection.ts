import { conditional, Fn, Op, type TerraformProvider, type TerraformStack, Token } from "cdktf";
import { DataGenesyscloudOrganizationsMe } from "../../genesyscloud/data-genesyscloud-organizations-me";
import { GenesyscloudProvider } from "../../genesyscloud/provider";
import type { Org } from "../registry/model";
import { EphemeralVaultKvSecret } from "../vault/constructs/ephemeral-vault-kv-secret";

/**
 * Creates the genesyscloud provider of an org, with a credential that Terraform reads from Vault for
 * this run only, and a guard against the credential of another organisation.
 *
 * The guard has two halves, and each catches mistakes that the other cannot see. The postcondition
 * compares the `org_id` in the Vault entry before anything connects. The probe asks Genesys Cloud for
 * the credential's organisation, and the provider's client id is an expression that fails for another
 * organisation. A postcondition on the data source would not be enough: `destroy` ignores it, and
 * `apply -refresh-only` only warns (tried with Terraform 1.11.4).
 *
 * @param vault the configuration that reads the entries
 * @param credential the chosen provider credential, an expression
 */
export function genesysProvider(
  stack: TerraformStack,
  org: Org,
  vault: TerraformProvider,
  credential: string,
): GenesyscloudProvider {
  const { deployer, planner } = org.vault.entries;
  const chosen = conditional(Op.eq(credential, "planner"), planner, deployer);
  const expected = org.organizationId.toLowerCase();
  const entry = new EphemeralVaultKvSecret(stack, "genesys", {
    provider: vault,
    mount: org.vault.mount,
    name: Token.asString(chosen),
    postconditions: [
      {
        condition: `\${lower(try(self.data["org_id"], "")) == "${expected}"}`,
        errorMessage: `The Vault entry's org_id is not that of ${org.name} (${expected}): either the registry names another organisation's entry, or the entry has no org_id. Correct the registry or the entry.`,
      },
    ],
  });
  const connection = {
    awsRegion: org.genesysRegion,
    oauthclientSecret: entry.field("client_secret"),
    proxy: proxyOf(org.provider.proxy),
  };
  const probe = new GenesyscloudProvider(stack, "genesyscloud-probe", {
    ...connection,
    alias: "probe",
    oauthclientId: entry.field("client_id"),
    tokenPoolSize: 1,
  });
  const actual = new DataGenesyscloudOrganizationsMe(stack, "guard", { provider: probe });
  const wrongOrg = `The credential in Vault belongs to another Genesys Cloud organisation, not to ${org.name} (${expected}). Put a credential of ${org.name} into the entry`;
  return new GenesyscloudProvider(stack, "genesyscloud", {
    ...connection,
    oauthclientId: Token.asString(
      conditional(
        Op.eq(Fn.lower(actual.id), expected),
        entry.field("client_id"),
        // Any function that fails would do; the message of this one ends with its argument, and a dot.
        Fn.cidrhost(wrongOrg, 0),
      ),
    ),
    tokenPoolSize: org.provider.tokenPoolSize,
    customRetryTimeout: org.provider.customRetryTimeout,
  });
}

function proxyOf(url: string | undefined) {
  const [, protocol, host, port] = /^(https?):\/\/(.+):(\d+)$/.exec(url ?? "") ?? [];
  return protocol === undefined ? undefined : { protocol, host, port };
}
