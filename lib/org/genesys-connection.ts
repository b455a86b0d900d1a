import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { conditional, Fn, Op, type TerraformStack, Token } from "cdktf";
import { DataGenesyscloudOrganizationsMe } from "../../genesyscloud/data-genesyscloud-organizations-me";
import { GenesyscloudProvider } from "../../genesyscloud/provider";
import type { Org, ProviderCredential } from "../registry/model";
import { vaultOf } from "../registry/vault-mount";
import { PLANNER_CANNOT_APPLY } from "../stack/provider-credential";
import type { Postcondition } from "../vault/constructs/ephemeral-resource";
import { EphemeralVaultKvSecret } from "../vault/constructs/ephemeral-vault-kv-secret";
import { EphemeralSecret } from "./ephemeral-secret";

/** The providers that can read an org's own credentials. */
export interface EntryReaders {
  readonly aws: AwsProvider;
  /** Undefined for an org without Vault. */
  readonly vault?: VaultProvider;
}

/**
 * Creates the genesyscloud provider of an org, with a credential that Terraform reads from Vault or
 * Secrets Manager for this run only, and a guard against the credential of another organisation.
 *
 * The guard has two halves, and each catches mistakes that the other cannot see. The postcondition
 * compares the `org_id` in the entry before anything connects. The probe asks Genesys Cloud for
 * the credential's organisation, and the provider's client id is an expression that fails for another
 * organisation. A postcondition on the data source would not be enough: `destroy` ignores it, and
 * `apply -refresh-only` only warns (tried with Terraform 1.11.4).
 *
 * @param readers the configurations that read the entries
 * @param credential the chosen provider credential, an expression
 */
export function genesysProvider(
  stack: TerraformStack,
  org: Org,
  readers: EntryReaders,
  credential: string,
): GenesyscloudProvider {
  const expected = org.organizationId.toLowerCase();
  const { entry, place } = openEntry(stack, org, readers, credential);
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
  const wrongOrg = `The credential in ${place} belongs to another Genesys Cloud organisation, not to ${org.name} (${expected}). Put a credential of ${org.name} into the entry`;
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

/** Reads the chosen credential from its place, and compares its `org_id`. */
function openEntry(
  stack: TerraformStack,
  org: Org,
  { aws, vault }: EntryReaders,
  credential: string,
) {
  const expected = org.organizationId.toLowerCase();
  const chosen = ({ deployer, planner }: Readonly<Record<ProviderCredential, string>>) =>
    Token.asString(conditional(Op.eq(credential, "planner"), planner, deployer));
  const sameOrg = (fields: string, what: string, mistake: string): Postcondition => ({
    condition: `\${lower(try(${fields}["org_id"], "")) == "${expected}"}`,
    errorMessage: `The ${what}'s org_id is not that of ${org.name} (${expected}): either ${mistake}, or the entry has no org_id. Correct the registry or the entry.`,
  });
  if (org.credentials) {
    const mistake = "somebody put another organisation's credential there";
    const entry = new EphemeralSecret(stack, "genesys", {
      provider: aws,
      name: chosen(org.credentials.secrets),
      postconditions: [
        sameOrg("jsondecode(self.secret_string)", "secret", mistake),
        PLANNER_CANNOT_APPLY,
      ],
    });
    return { entry, place: "Secrets Manager" };
  }
  const { mount, entries } = vaultOf(org);
  const mistake = "the registry names another organisation's entry";
  const entry = new EphemeralVaultKvSecret(stack, "genesys", {
    provider: vault,
    mount,
    name: chosen(entries),
    postconditions: [sameOrg("self.data", "Vault entry", mistake)],
  });
  return { entry, place: "Vault" };
}

function proxyOf(url: string | undefined) {
  const [, protocol, host, port] = /^(https?):\/\/(.+):(\d+)$/.exec(url ?? "") ?? [];
  return protocol === undefined ? undefined : { protocol, host, port };
}
