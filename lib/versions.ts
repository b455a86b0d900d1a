/**
 * Oldest release of Terraform and of OpenTofu that works: the first with ephemeral resources,
 * write-only arguments and native S3 locks.
 */
export const TERRAFORM_RELEASE = "1.11";

/** The first version of that release. */
export const OLDEST_TERRAFORM = `${TERRAFORM_RELEASE}.0`;

/** Versions of Terraform that every stack requires. */
export const REQUIRED_TERRAFORM = `>= ${OLDEST_TERRAFORM}`;

/** The same, in the form that CDK Terrain requires. */
export const TARGET_VERSIONS = {
  terraform: `>=${OLDEST_TERRAFORM}`,
  opentofu: `>=${OLDEST_TERRAFORM}`,
} as const;

/**
 * Source and versions of each provider that stacks require. The prebuilt bindings pin one exact
 * version each; the constructs need these ranges.
 */
export const REQUIRED_PROVIDERS = {
  // Older versions erase an OAuth client's secret at refresh, or panic at its update.
  genesyscloud: { source: "mypurecloud/genesyscloud", version: ">= 1.81.0, < 2.0.0" },
  // Older versions read the value of a write-only secret version at every refresh.
  aws: { source: "hashicorp/aws", version: ">= 6.26.0, < 7.0.0" },
  // Ephemeral resources came with 5.0.
  vault: { source: "hashicorp/vault", version: ">= 5.0.0, < 6.0.0" },
} as const;
