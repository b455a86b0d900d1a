import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { Annotations, TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import type { GenesyscloudProvider } from "../../genesyscloud/provider";
import { OrgDashboard } from "../credentials/monitoring/org-dashboard";
import { SecretAccessMonitor } from "../credentials/monitoring/secret-access-monitor";
import { UserError } from "../errors";
import { ENFORCED, enforcePolicies } from "../policies/enforce";
import type { Org } from "../registry/model";
import { COMPONENT, componentStackIdOf } from "../registry/names";
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
   * Name of a further stack of the org, in kebab-case, such as `network`. It has its own state, under
   * `orgs/<org>/<component>/`, and its id is `org-<org>.<component>`.
   * @default - none: the org's first stack
   */
  readonly component?: string;
  /**
   * Allows data sources that read Vault. Their values are stored in state and plan, so use them only
   * for values that are not secret.
   * @default false
   */
  readonly allowVaultDataSources?: boolean;
  /**
   * Names of OAuth clients of the registry that no stack of this app creates, on purpose. Each other
   * one must be created, since nothing else comes of its entry.
   * @default - none
   */
  readonly clientsElsewhere?: readonly string[];
  /**
   * Names of the registry's other secrets that no stack of this app creates, on purpose.
   * @default - none
   */
  readonly secretsElsewhere?: readonly string[];
}

/**
 * The Terraform stack of one organisation: its own encrypted and locked state, providers for
 * Genesys Cloud, AWS and, unless it works without, Vault, and a guard that stops every Terraform command whose credential
 * belongs to another organisation. Subclass it, or add constructs to it. Its id is the org's.
 * An org may have further stacks, one for each component. The first stack of an org with `monitoring` in the
 * registry also has its {@link SecretAccessMonitor} and its {@link OrgDashboard}.
 *
 * Synth checks its output against the rules of lib/policies.
 *
 * @throws UserError at synth, when a construct in it refers to another org's stack
 * @throws PolicyError at synth, when it breaks a rule without a waiver
 */
export class OrgStack extends TerraformStack {
  /** @internal */
  readonly [ENFORCED] = true;
  readonly org: Org;
  /** Name of the component; undefined for the org's first stack. */
  readonly component: string | undefined;
  readonly aws: AwsProvider;
  /** Undefined for an org without Vault. */
  readonly vault?: VaultProvider;
  readonly genesyscloud: GenesyscloudProvider;
  /** OAuth clients of the registry that no stack of this app creates. */
  readonly clientsElsewhere: readonly string[];
  /** Other secrets of the registry that no stack of this app creates. */
  readonly secretsElsewhere: readonly string[];
  private readonly props: OrgStackProps;
  private readonly backend: SecureStateBackend;

  constructor(scope: Construct, org: Org, props: OrgStackProps = {}) {
    super(scope, stackIdFor(org, props.component));
    Object.defineProperty(this, ORG_STACK, { value: true });
    this.org = org;
    this.component = props.component;
    this.props = props;
    this.clientsElsewhere = props.clientsElsewhere ?? [];
    this.secretsElsewhere = props.secretsElsewhere ?? [];
    if (props.component === undefined) {
      for (const warning of org.warnings) Annotations.of(this).addWarning(warning);
    }
    requireVersions(this, ["genesyscloud", "aws", ...(org.vault ? (["vault"] as const) : [])]);
    this.backend = SecureStateBackend.forOrg(this, org, props.component);
    const credential = new TerraformVariable(this, CREDENTIAL_VARIABLE, {
      type: "string",
      description:
        "Provider credential of the run: deployer, or planner for a view-only credential.",
      default: "deployer",
      nullable: false,
      validation: [
        {
          condition: `\${contains(["deployer", "planner"], var.${CREDENTIAL_VARIABLE})}`,
          errorMessage: `${CREDENTIAL_VARIABLE} must be deployer or planner.`,
        },
      ],
    }).stringValue;
    this.aws = awsProvider(this, org, credential);
    if (org.vault) this.vault = vaultProvider(this, org, credential);
    this.genesyscloud = genesysProvider(this, org, this, credential);
    if (org.monitoring && this.component === undefined) {
      new SecretAccessMonitor(this, "access-monitor");
      new OrgDashboard(this, "dashboard");
    }
  }

  /** Returns whether a construct is the stack of an organisation. */
  static isOrgStack(construct: unknown): construct is OrgStack {
    return typeof construct === "object" && construct !== null && ORG_STACK in construct;
  }

  /**
   * Adds a dependency on another stack. cdktf calls it for every reference between stacks.
   *
   * @throws UserError when the other stack belongs to another org, since a reference would read that
   *   org's whole state
   */
  override addDependency(dependency: TerraformStack): void {
    if (OrgStack.isOrgStack(dependency) && dependency.org.name !== this.org.name) {
      throw new UserError(
        `${this.node.id} refers to ${dependency.node.id}: an organisation's stack must not depend on another organisation's stack, since it would read its whole state. Pass the value through the registry, or look it up with a data source.`,
      );
    }
    super.addDependency(dependency);
  }

  override prepareStack(): void {
    prepareReferences(this);
  }

  override toTerraform(): unknown {
    const { name, environment, organizationId, state, aws } = this.org;
    const { permissionsBoundary } = aws;
    const { encryption, kmsKeyArn } = state;
    return enforcePolicies(this, super.toTerraform(), {
      org: { name, environment, organizationId, permissionsBoundary, encryption, kmsKeyArn },
      backend: this.backend.expected,
      allowVaultDataSources: this.props.allowVaultDataSources,
    });
  }

  override toHclTerraform(): never {
    throw new UserError(
      `${this.node.id}: HCL output cannot contain ephemeral blocks. Synthesize JSON, without --hcl and SYNTH_HCL_OUTPUT.`,
    );
  }
}

/** @throws UserError when the component's name cannot be part of a stack's id and of a state's key */
function stackIdFor({ name, stackId }: Org, component: string | undefined): string {
  if (component === undefined) return stackId;
  if (COMPONENT.test(component)) return componentStackIdOf(name, component);
  throw new UserError(
    `${stackId}: component is "${component}": give a name in kebab-case, such as network`,
  );
}
