import { propertyAccess, ref, TerraformElement, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";

/**
 * A check that Terraform makes after it opens an ephemeral resource. A failure stops every command.
 */
export interface Postcondition {
  /** A Terraform expression; `self` is the opened resource. */
  readonly condition: string;
  readonly errorMessage: string;
}

/** Properties of an {@link EphemeralResource}. */
export interface EphemeralResourceProps {
  /** Type in the provider, for example `vault_kv_secret_v2`. */
  readonly type: string;
  /** Arguments by their Terraform names. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** @default - the default provider configuration of the type */
  readonly provider?: TerraformProvider;
  /** @default - none */
  readonly postconditions?: readonly Postcondition[];
}

/**
 * An `ephemeral` block: its values exist for one Terraform run only, and are in neither state nor plan.
 * cdktf 0.21 has no element for it. The values may only be used in provider configurations,
 * write-only arguments and other ephemeral blocks; Terraform refuses them elsewhere.
 */
export class EphemeralResource extends TerraformElement {
  private readonly props: EphemeralResourceProps;

  constructor(scope: Construct, id: string, props: EphemeralResourceProps) {
    super(scope, id, `ephemeral.${props.type}`);
    this.props = props;
  }

  /** Returns an expression for an attribute, or for an element of it if keys are given. */
  attribute(name: string, ...keys: string[]): string {
    // No string interpolation here: inside Fn.jsonencode and similar functions, cdktf would escape
    // a hand-written `${…}`, and Terraform would silently take it as literal text.
    const address = `ephemeral.${this.props.type}.${this.friendlyUniqueId}.${name}`;
    const attribute = ref(address, this.cdktfStack);
    return Token.asString(keys.length === 0 ? attribute : propertyAccess(attribute, keys));
  }

  override toTerraform(): unknown {
    const { type, provider, postconditions = [] } = this.props;
    const { "//": comments, ...overrides } = this.rawOverrides;
    return {
      ephemeral: {
        [type]: {
          [this.friendlyUniqueId]: {
            ...this.props.arguments,
            ...(provider && { provider: provider.fqn }),
            ...(postconditions.length > 0 && {
              lifecycle: {
                postcondition: postconditions.map(({ condition, errorMessage }) => ({
                  condition,
                  error_message: errorMessage,
                })),
              },
            }),
            ...overrides,
            "//": {
              metadata: { path: this.node.path, uniqueId: this.friendlyUniqueId },
              ...comments,
            },
          },
        },
      },
    };
  }
}
