import { UserError } from "../errors";
import type { OrgVault } from "./model";

/** A mount of a Vault server. */
export type VaultMount = Pick<OrgVault, "address" | "namespace" | "mount">;

/** URL of a mount as Vault has it: where the namespace ends and the mount begins does not show. */
export const vaultMountUrlOf = ({ address, namespace, mount }: VaultMount): string =>
  [address.replace(/\/+$/, ""), namespace, mount].filter(Boolean).join("/");

/**
 * Returns what an org has in Vault.
 * @throws UserError when it has nothing there
 */
export function vaultOf<Vault>({
  name,
  vault,
}: {
  readonly name: string;
  readonly vault?: Vault;
}): Vault {
  if (vault) return vault;
  throw new UserError(`${name} has no Vault: add vault to its entry in the registry`);
}
