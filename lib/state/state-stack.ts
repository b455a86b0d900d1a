import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { Annotations, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ENFORCED, enforcePolicies } from "../policies/enforce";
import type { Home, Org } from "../registry/model";
import { recordHome } from "../registry/next-step";
import { vaultOf } from "../registry/vault-mount";
import { prepareReferences } from "../stack/framework/prepare-references";
import { requireVersions } from "../stack/require-versions";
import { SecureStateBackend } from "./secure-state-backend";

/**
 * A stack that administrators run: a home, or an org's access. Its state is in the home's bucket, where
 * only state admins can read it.
 */
class AdminStack extends TerraformStack {
  /** @internal */
  readonly [ENFORCED] = true;
  protected backend: SecureStateBackend | undefined;

  override prepareStack(): void {
    prepareReferences(this);
  }

  override toTerraform(): unknown {
    return enforcePolicies(this, super.toTerraform(), { backend: this.backend?.expected });
  }
}

/** A stack in the account of a home. */
class StateStack extends AdminStack {
  constructor(scope: Construct, id: string, home: Home, tags: Readonly<Record<string, string>>) {
    super(scope, id);
    requireVersions(this, ["aws"]);
    new AwsProvider(this, "aws", {
      region: home.region,
      allowedAccountIds: [home.account],
      defaultTags: [{ tags: { ...tags } }],
    });
  }
}

/**
 * The stack of a state home, for a {@link StateHome}. Its id is `state-<home>`. It keeps its state in a
 * local file until the home's own key is recorded, because it creates the bucket itself.
 */
export class HomeStack extends StateStack {
  constructor(scope: Construct, home: Home) {
    super(scope, home.stackId, home, {
      "genesys-state-home": home.name,
      "managed-by": "cdktf-genesys-orgs",
    });
    if (home.kmsKeyArn) this.backend = SecureStateBackend.inHome(this, home, home.stateKey);
    else Annotations.of(this).addWarning(`This stack's state is a local file: ${recordHome(home)}`);
  }
}

/** The stack of an org's access to its home, for an {@link OrgStateAccess}. */
export class AccessStack extends StateStack {
  /** @throws UserError when the home's own key is not recorded, since it encrypts the stack's state */
  constructor(scope: Construct, org: Org) {
    const { home, access } = org.state;
    super(scope, access.stackId, home, org.tags);
    this.backend = SecureStateBackend.inHome(this, home, access.stateKey);
  }
}

/**
 * The stack of an org's access to Vault, for a `VaultOrgAccess`. Its id is `vault-access-<org>`. A Vault
 * administrator applies it, with a token from `VAULT_TOKEN` or from `vault login`, and with access to
 * the home's states.
 */
export class VaultAccessStack extends AdminStack {
  /** @throws UserError when the home's own key is not recorded, since it encrypts the stack's state */
  constructor(scope: Construct, org: Org) {
    const { address, namespace, access } = vaultOf(org);
    super(scope, access.stackId);
    requireVersions(this, ["vault"]);
    // Nothing here has a lease, so a child token has no use.
    new VaultProvider(this, "vault", {
      address,
      ...(namespace && { namespace }),
      skipChildToken: true,
    });
    this.backend = SecureStateBackend.inHome(this, org.state.home, access.stateKey);
  }
}
