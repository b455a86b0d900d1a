import { conditional, Op, TerraformStack, TerraformVariable, Token } from "cdktf";
import type { Construct } from "constructs";
import type { Org } from "../registry/model";
import { vaultOf } from "../registry/vault-mount";

/** Name of the Terraform variable that chooses the provider credential. */
export const CREDENTIAL_VARIABLE = "genesys_credential";

/** Returns the variable's token in a construct's stack; undefined if the stack has no such variable. */
function credentialOfStack(scope: Construct): string | undefined {
  const variable = TerraformStack.of(scope).node.tryFindChild(CREDENTIAL_VARIABLE);
  return variable instanceof TerraformVariable ? variable.stringValue : undefined;
}

/** An entry that a construct reads from Vault, and how its run may go on. */
export interface ReadEntry {
  readonly name: string;
  readonly version: number;
  /** Checks that Terraform makes on the entry. */
  readonly postconditions: readonly { readonly condition: string; readonly errorMessage: string }[];
  /** Returns the value, or a text in its place if the run reads another entry. */
  readonly valueOrText: (value: string) => string;
}

/** A postcondition of an ephemeral block: it stops an apply with the planner's credential. */
export const PLANNER_CANNOT_APPLY = {
  condition: `\${!(terraform.applying && var.${CREDENTIAL_VARIABLE} == "planner")}`,
  errorMessage: "The planner's credential can plan, and not apply.",
};

/**
 * Returns what a construct reads from Vault: the entry, or in a run with the planner's credential the planner's
 * own, since a plan must not see another secret and its role cannot read it. Such a run cannot apply.
 */
export function unlessPlanning(
  scope: Construct,
  org: Org,
  entry: Pick<ReadEntry, "name" | "version">,
): ReadEntry {
  const credential = credentialOfStack(scope);
  if (credential === undefined)
    return { ...entry, postconditions: [], valueOrText: (value) => value };
  const planning = Op.eq(credential, "planner");
  return {
    name: Token.asString(conditional(planning, vaultOf(org).entries.planner, entry.name)),
    version: Token.asNumber(conditional(planning, Token.nullValue(), entry.version)),
    postconditions: [PLANNER_CANNOT_APPLY],
    valueOrText: (value) => Token.asString(conditional(planning, "not read in a plan", value)),
  };
}
