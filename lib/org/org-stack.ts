import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import type { GenesyscloudProvider } from "../../genesyscloud/provider";
import { UserError } from "../errors";
import { ENFORCED, enforcePolicies } from "../policies/enforce";
import type { Org } from "../registry/model";
import { prepareReferences } from "../stack/framework/prepare-references";
import { ORG_STACK } from "../stack/org-of-stack";
import { CREDENTIAL_VARIABLE } from "../stack/provider-credential";
import { requireVersions } from "../stack/require-versions";
import { SecureStateBackend } from "../state/secure-state-backend";
import { genesysProvider } from "./genesys-connection";
import { awsProvider, vaultProvider } from "./org-providers";

/** Properties of an {@link OrgStack}. */
export interface OrgStackProps {
  /**
   * Allows data sources that read Vault. Their values are stored in state and plan: only for
   * values that are no secret.
   * @default false
   */
  readonly allowVaultDataSources?: boolean;
}

/**
 * The Terraform stack of one organisation: its own encrypted and locked state, providers for
 * Genesys Cloud, AWS and Vault, and a guard that stops every Terraform command whose credential
 * belongs to another organisation. Subclass it, or add constructs to it. Its id is the org's.
 *
 * What it synthesizes is checked against the rules of lib/policies.
 *
 * @throws UserError at synth, when something in it refers to another org's stack
 * @throws PolicyError at synth, when a rule is broken and not waived
 */
export class OrgStack extends TerraformStack {
  readonly [ENFORCED] = true;
  readonly org: Org;
  readonly aws: AwsProvider;
  readonly vault: VaultProvider;
  readonly genesyscloud: GenesyscloudProvider;
  private readonly props: OrgStackProps;

  constructor(scope: Construct, org: Org, props: OrgStackProps = {}) {
    super(scope, org.stackId);
    Object.defineProperty(this, ORG_STACK, { value: true });
    this.org = org;
    this.props = props;
    requireVersions(this, ["genesyscloud", "aws", "vault"]);
    SecureStateBackend.forOrg(this, org);
    const credential = new TerraformVariable(this, CREDENTIAL_VARIABLE, {
      type: "string",
      description: "Provider credential of the run: deployer, or planner, which can only view.",
      default: "deployer",
      nullable: false,
      validation: [
        {
          condition: `\${contains(["deployer", "planner"], var.${CREDENTIAL_VARIABLE})}`,
          errorMessage: `${CREDENTIAL_VARIABLE} is deployer or planner.`,
        },
      ],
    }).stringValue;
    this.aws = awsProvider(this, org, credential);
    this.vault = vaultProvider(this, org, credential);
    this.genesyscloud = genesysProvider(this, org, this.vault, credential);
  }

  /** Whether a construct is the stack of an organisation. */
  static isOrgStack(construct: unknown): construct is OrgStack {
    return typeof construct === "object" && construct !== null && ORG_STACK in construct;
  }

  /**
   * Called by cdktf for every reference between stacks, and by hand.
   *
   * @throws UserError when the other stack is another org's: a reference would read the whole
   *   state of that org
   */
  override addDependency(dependency: TerraformStack): void {
    if (OrgStack.isOrgStack(dependency) && dependency.org.name !== this.org.name) {
      throw new UserError(
        `${this.node.id} refers to ${dependency.node.id}: an organisation's stack must not depend on another organisation's, whose whole state it would have to read. Pass the value through the registry, or look it up with a data source.`,
      );
    }
    super.addDependency(dependency);
  }

  override prepareStack(): void {
    prepareReferences(this);
  }

  override toTerraform(): unknown {
    const { name, environment, state } = this.org;
    return enforcePolicies(this, super.toTerraform(), {
      org: { name, environment, kmsKeyArn: state.kmsKeyArn },
      allowVaultDataSources: this.props.allowVaultDataSources,
    });
  }

  override toHclTerraform(): never {
    throw new UserError(
      `${this.node.id}: HCL output cannot hold ephemeral blocks; synthesize JSON (leave out --hcl and SYNTH_HCL_OUTPUT).`,
    );
  }
}
