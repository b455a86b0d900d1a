import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Fn, propertyAccess, Token } from "cdktf";
import type { Construct } from "constructs";
import { EphemeralResource, type Postcondition } from "../vault/constructs/ephemeral-resource";

/** Properties of an {@link EphemeralSecret}. */
export interface EphemeralSecretProps {
  /** Name of the secret in the provider's account and region. May be an expression. */
  readonly name: string;
  readonly provider: AwsProvider;
  /** @default - none */
  readonly postconditions?: readonly Postcondition[];
}

/**
 * Reads the current value of a secret in Secrets Manager, a JSON document, for one Terraform run. Its
 * fields can reach providers and write-only arguments, but never state or plan.
 */
export class EphemeralSecret extends EphemeralResource {
  constructor(scope: Construct, id: string, { name, ...rest }: EphemeralSecretProps) {
    super(scope, id, {
      type: "aws_secretsmanager_secret_version",
      arguments: { secret_id: name },
      ...rest,
    });
  }

  /** Returns an expression for one field of the document. */
  field(name: string): string {
    const document = Fn.jsondecode(this.attribute("secret_string"));
    return Token.asString(propertyAccess(document, [name]));
  }
}
