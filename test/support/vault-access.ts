import { Testing } from "cdktf";
import { type Org, VaultAccessStack, VaultOrgAccess, type VaultOrgAccessProps } from "../../lib";
import { temporaryFolder } from "./folders";
import { testApp } from "./sample-org";

/** Terraform JSON of a Vault access stack. */
export interface VaultAccess {
  readonly provider: { readonly vault: readonly Readonly<Record<string, unknown>>[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  readonly terraform: { readonly backend: { readonly s3: Readonly<Record<string, unknown>> } };
}

/** The stack of an org's access to Vault. */
export function vaultAccess(org: Org, props: Omit<VaultOrgAccessProps, "org"> = {}): VaultAccess {
  const stack = new VaultAccessStack(testApp(temporaryFolder()), org);
  new VaultOrgAccess(stack, "access", { org, ...props });
  return JSON.parse(Testing.synth(stack));
}

/** The roles of a stack, by the last part of their names. */
export function rolesOf({ resource = {} }: VaultAccess): Record<string, Record<string, unknown>> {
  const roles = Object.entries(resource)
    .filter(([type]) => type.endsWith("_auth_backend_role"))
    .flatMap(([, byName]) => Object.values(byName))
    .map(({ "//": _, ...role }) => role);
  return Object.fromEntries(
    roles.map((role) => [`${role.role_name ?? role.role}`.replace(/.*-/, ""), role]),
  );
}
