import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { VaultProvider, type VaultProviderConfig } from "@cdktf/provider-vault/lib/provider";
import { conditional, Op, type TerraformStack, Token } from "cdktf";
import type { Org, VaultAuth } from "../registry/model";
import { UNTAGGED_AWS } from "../stack/untagged-aws";

/**
 * Creates the aws provider of an org, limited to the org's account, with its tags on every resource,
 * and another one without tags for keys. The second is there also without a key: Terraform needs it to
 * destroy a key that has left the code.
 *
 * @param credential the chosen provider credential, an expression
 */
export function awsProvider(stack: TerraformStack, org: Org, credential: string): AwsProvider {
  const { account, region, deployRole, planRole } = org.aws;
  const role = conditional(Op.eq(credential, "planner"), planRole, deployRole);
  const connection: AwsProviderConfig = {
    region,
    allowedAccountIds: [account],
    ...(deployRole && {
      assumeRole: [{ roleArn: Token.asString(role), sessionName: `terraform-${org.name}` }],
    }),
  };
  const { id, alias } = UNTAGGED_AWS;
  const tagged = new AwsProvider(stack, "aws", {
    ...connection,
    defaultTags: [{ tags: { ...org.tags } }],
  });
  new AwsProvider(stack, id, { ...connection, alias });
  return tagged;
}

/**
 * Creates the vault provider of an org. If the login has Vault roles, each credential has its own role:
 * a pull request that uses the planner logs in with a role that cannot read the deployer's entry.
 *
 * @param credential the chosen provider credential, an expression
 */
export function vaultProvider(stack: TerraformStack, org: Org, credential: string): VaultProvider {
  const { address, namespace, auth, skipChildToken } = org.vault;
  return new VaultProvider(stack, "vault", {
    address,
    ...(namespace && { namespace }),
    ...(skipChildToken && { skipChildToken }),
    ...login(auth, `genesys-${org.name}`, credential),
  });
}

function login(
  auth: VaultAuth,
  defaultRole: string,
  credential: string,
): Pick<VaultProviderConfig, "authLoginJwt" | "authLoginAws"> {
  if (auth.method === "token") return {};
  const role = `${auth.role ?? defaultRole}-${credential}`;
  return auth.method === "jwt"
    ? { authLoginJwt: [{ mount: auth.mount ?? "jwt", role }] }
    : { authLoginAws: [{ mount: auth.mount ?? "aws", role }] };
}
