import type { OrgVault } from "./model";

/** A mount of a Vault server. */
export type VaultMount = Pick<OrgVault, "address" | "namespace" | "mount">;

/** URL of a mount as Vault has it: where the namespace ends and the mount begins does not show. */
export const vaultMountUrlOf = ({ address, namespace, mount }: VaultMount): string =>
  [address.replace(/\/+$/, ""), namespace, mount].filter(Boolean).join("/");
