import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { VaultProvider, type VaultProviderConfig } from "@cdktf/provider-vault/lib/provider";
import { conditional, Op, type TerraformStack, Token } from "cdktf";
import type { Org, VaultAuth } from "../registry/model";

/**
 * The aws provider of an org: its account and no other, its tags on everything.
 *
 * @param credential the chosen provider credential, an expression
 */
export function awsProvider(stack: TerraformStack, org: Org, credential: string): AwsProvider {
  const { account, region, deployRole, planRole } = org.aws;
  const role = conditional(Op.eq(credential, "planner"), planRole, deployRole);
  return new AwsProvider(stack, "aws", {
    region,
    allowedAccountIds: [account],
    defaultTags: [{ tags: { ...org.tags } }],
    ...(deployRole && {
      assumeRole: [{ roleArn: Token.asString(role), sessionName: `terraform-${org.name}` }],
    }),
  });
}

/**
 * The vault provider of an org. Where Vault has roles, they are one per credential: a pull request
 * that asks for the planner logs in as a role that cannot read the deployer's entry.
 *
 * @param credential the chosen provider credential, an expression
 */
export function vaultProvider(stack: TerraformStack, org: Org, credential: string): VaultProvider {
  const { address, namespace, auth } = org.vault;
  return new VaultProvider(stack, "vault", {
    address,
    ...(namespace && { namespace }),
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
