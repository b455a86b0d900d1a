import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { VaultProvider, type VaultProviderConfig } from "@cdktf/provider-vault/lib/provider";
import { conditional, Op, type TerraformStack, TerraformVariable, Token } from "cdktf";
import type { Org } from "../registry/model";
import { authMountOf, stsRegionOf, vaultRolePrefixOf } from "../registry/names";
import { vaultOf } from "../registry/vault-mount";
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
  const { address, namespace, skipChildToken } = vaultOf(org);
  return new VaultProvider(stack, "vault", {
    address,
    ...(namespace && { namespace }),
    ...(skipChildToken && { skipChildToken }),
    ...login(stack, org, credential),
  });
}

/** The login of the vault provider. What is secret comes from the environment of the run. */
function login(
  stack: TerraformStack,
  org: Org,
  credential: string,
): Pick<VaultProviderConfig, "authLogin" | "authLoginJwt" | "authLoginAws"> {
  const { name } = org;
  const { auth } = vaultOf(org);
  if (auth.method === "token") return {};
  const mount = authMountOf(auth);
  const role = `${vaultRolePrefixOf(name, auth)}-${credential}`;
  switch (auth.method) {
    case "jwt":
    // The API of this method is the same: a role and a JWT to auth/<mount>/login.
    case "kubernetes":
      return { authLoginJwt: [{ mount, role }] };
    case "aws":
      return {
        authLoginAws: [{ mount, role, awsRegion: stsRegionOf(auth), headerValue: auth.serverId }],
      };
    case "approle":
      return {
        authLogin: [
          {
            path: `auth/${mount}/login`,
            parameters: {
              role_id: loginVariable(stack, "vault_role_id", "RoleID"),
              secret_id: loginVariable(stack, "vault_secret_id", "SecretID"),
            },
          },
        ],
      };
  }
}

/** Declares a variable that Terraform stores nowhere. The provider reads no AppRole from its environment. */
function loginVariable(stack: TerraformStack, name: string, what: string): string {
  const variable = new TerraformVariable(stack, name, {
    type: "string",
    description: `${what} of the AppRole of the provider credential that the run uses.`,
    sensitive: true,
    nullable: false,
  });
  // cdktf does not know ephemeral variables.
  variable.addOverride("ephemeral", true);
  return variable.stringValue;
}
