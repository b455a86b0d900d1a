import { Annotations } from "cdktf";
import type { Construct } from "constructs";
import { UserError } from "../errors";
import { NEEDS_NETWORK } from "../registry/checks/oauth-client";
import type { Credential, Org } from "../registry/model";

/**
 * Checks the addresses that a client may call from, and warns if Genesys Cloud will not get them.
 * @throws UserError when the rotation could not log in as the client
 */
export function checkAddresses(
  scope: Construct,
  { name, rotation }: Pick<Org, "name" | "rotation">,
  { name: credential, allowedAddresses }: Pick<Credential, "name" | "allowedAddresses">,
): void {
  if (!allowedAddresses) return;
  if (allowedAddresses.length > 0 && !rotation.network) {
    throw new UserError(
      `${name}: OAuth client ${credential}: allowedAddresses is set: ${NEEDS_NETWORK}`,
    );
  }
  warnOfUnsentAddresses(scope, { name, rotation }, { name: credential, allowedAddresses });
}

/** Warns about addresses that Genesys Cloud will not get. */
export function warnOfUnsentAddresses(
  scope: Construct,
  { name, rotation }: Pick<Org, "name" | "rotation">,
  { name: credential, allowedAddresses }: Pick<Credential, "name" | "allowedAddresses">,
): void {
  if (!allowedAddresses || rotation.allowedAddressesField !== undefined) return;
  Annotations.of(scope).addWarning(
    `${name}: OAuth client ${credential}: allowedAddresses are recorded, and not sent to Genesys Cloud. Set rotation.allowedAddressesField when Genesys has published the name of the field`,
  );
}
