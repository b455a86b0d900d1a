/** A policy of Vault. */
export interface VaultPolicy {
  readonly name: string;
  /** Text of the policy, in HCL. */
  readonly text: string;
}

/**
 * Returns a policy with a comment about its purpose.
 *
 * @param rules as {@link policyRule} returns them
 */
export const vaultPolicy = (
  name: string,
  purpose: string,
  rules: readonly string[],
): VaultPolicy => ({ name, text: [`# ${name}: ${purpose}`, ...rules, ""].join("\n") });

/**
 * Returns a rule of a policy.
 *
 * @param path without quotes; names of the registry have neither quotes nor wildcards
 */
export function policyRule(path: string, ...capabilities: readonly string[]): string {
  const allowed = capabilities.map((capability) => `"${capability}"`).join(", ");
  return `path "${path}" { capabilities = [${allowed}] }`;
}
