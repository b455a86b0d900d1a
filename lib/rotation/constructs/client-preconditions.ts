import type { Credential } from "../../registry/model";
import { ADDRESS_RANGE_PATTERN, UUID_PATTERN } from "../../registry/patterns";
import { type Precondition, preconditionsOn } from "../../stack/tokens";

type Checked = Pick<Credential, "clientName" | "roles" | "divisions" | "allowedAddresses">;

/** Returns what Terraform checks about the tokens of an OAuth client, before anything gets to know them. */
export const clientPreconditions = (client: Checked): Precondition[] => [
  ...grantPreconditions(client),
  ...addressPreconditions(client),
];

/** A token that turns out to be `*` would grant the roles in every division. */
const grantPreconditions = ({ clientName, roles = [], divisions = [] }: Checked) =>
  [
    { kind: "Role", ids: roles },
    { kind: "Division", ids: divisions },
  ].flatMap(({ kind, ids }) =>
    preconditionsOn(
      ids,
      UUID_PATTERN,
      (index) => `${kind} ${index + 1} of the OAuth client ${clientName} must be an id, a UUID.`,
    ),
  );

const addressPreconditions = ({ clientName, allowedAddresses = [] }: Checked) =>
  preconditionsOn(
    allowedAddresses,
    ADDRESS_RANGE_PATTERN,
    (index) =>
      `Allowed address ${index + 1} of the OAuth client ${clientName} must be an IP address or a range in CIDR notation, and not all addresses.`,
  );
