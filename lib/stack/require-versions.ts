import type { TerraformStack } from "cdktf";

/** Versions that every stack requires. Terraform and OpenTofu have the same floor. */
export const REQUIRED_TERRAFORM = ">= 1.11.0";

/** The same floor, as CDK Terrain wants it. */
export const TARGET_VERSIONS = { terraform: ">=1.11.0", opentofu: ">=1.11.0" } as const;

/**
 * Source and version of each provider. The prebuilt bindings pin one exact version each; these
 * ranges are what the constructs need.
 */
export const REQUIRED_PROVIDERS = {
  // Older ones blank an OAuth client's secret at refresh, or panic at its update.
  genesyscloud: { source: "mypurecloud/genesyscloud", version: ">= 1.81.0, < 2.0.0" },
  // Older ones read the value of a write-only secret version at every refresh.
  aws: { source: "hashicorp/aws", version: ">= 6.26.0, < 7.0.0" },
  // Ephemeral resources came with 5.0.
  vault: { source: "hashicorp/vault", version: ">= 5.0.0, < 6.0.0" },
} as const;

/** Has a stack require these versions of Terraform and of the named providers. */
export function requireVersions(
  stack: TerraformStack,
  providers: readonly (keyof typeof REQUIRED_PROVIDERS)[],
): void {
  stack.addOverride("terraform.required_version", REQUIRED_TERRAFORM);
  for (const name of providers) {
    stack.addOverride(`terraform.required_providers.${name}`, REQUIRED_PROVIDERS[name]);
  }
}
