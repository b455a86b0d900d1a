import { Fn, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";
import { EphemeralResource, type Postcondition } from "./ephemeral-resource";

/** Properties of an {@link EphemeralVaultKvSecret}. */
export interface EphemeralVaultKvSecretProps {
  /** Mount of the KV version 2 engine, without leading or trailing slashes. */
  readonly mount: string;
  /** Name of the entry below the mount, without `data/`. May be an expression. */
  readonly name: string;
  /**
   * Version of the entry. May be an expression.
   * @default - the newest version
   */
  readonly version?: number;
  /** @default - the default configuration of the vault provider */
  readonly provider?: TerraformProvider;
  /** @default - none */
  readonly postconditions?: readonly Postcondition[];
}

/**
 * Reads an entry of Vault's KV version 2 engine for one Terraform run. Its value can reach
 * providers and write-only arguments, but never state or plan. It needs the vault provider 5.0 or
 * later.
 */
export class EphemeralVaultKvSecret extends EphemeralResource {
  constructor(scope: Construct, id: string, props: EphemeralVaultKvSecretProps) {
    const { mount, name, version, provider, postconditions } = props;
    super(scope, id, {
      type: "vault_kv_secret_v2",
      arguments: { mount, name, ...(version !== undefined && { version }) },
      provider,
      postconditions,
    });
  }

  /** Returns an expression for one field of the entry. */
  field(name: string): string {
    return this.attribute("data", name);
  }

  /**
   * Returns an expression for the whole entry as JSON, for a write-only argument that takes a document.
   * It does not use the attribute `data_json`, which is always `{}` (providers 5.0.0 to 5.9.0).
   */
  get json(): string {
    return Fn.jsonencode(Token.asAny(this.attribute("data")));
  }
}
