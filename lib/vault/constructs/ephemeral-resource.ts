import { propertyAccess, ref, TerraformElement, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";

/** A check that Terraform makes after it opened an ephemeral resource; stops every command. */
export interface Postcondition {
  /** A Terraform expression; `self` is the opened resource. */
  readonly condition: string;
  readonly errorMessage: string;
}

/** Properties of an ephemeral resource. */
export interface EphemeralResourceProps {
  /** Type in the provider, for example `vault_kv_secret_v2`. */
  readonly type: string;
  /** Arguments, named as Terraform names them. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** @default - the default provider configuration of the type */
  readonly provider?: TerraformProvider;
  /** @default - none */
  readonly postconditions?: readonly Postcondition[];
}

/**
 * An `ephemeral` block: opened for one Terraform run, and in neither state nor plan. cdktf 0.21
 * has no element for it. Its values may only go into provider configurations, write-only
 * arguments and other ephemeral blocks; Terraform refuses them elsewhere.
 */
export class EphemeralResource extends TerraformElement {
  private readonly props: EphemeralResourceProps;

  constructor(scope: Construct, id: string, props: EphemeralResourceProps) {
    super(scope, id, `ephemeral.${props.type}`);
    this.props = props;
  }

  /** An expression for an attribute, or for an element of it by further keys. */
  attribute(name: string, ...keys: string[]): string {
    // Not string interpolation: inside Fn.jsonencode and its like, cdktf would escape a hand-made
    // `${…}`, and Terraform would take it as literal text without a word.
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
