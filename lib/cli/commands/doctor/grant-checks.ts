import { AuthorizationApi, type Grant, type NamedObject } from "../../../genesys/authorization-api";
import type { OAuthClient } from "../../../genesys/models";
import type { PlatformApi } from "../../../genesys/platform-api";
import type { Reference, WantedGrant } from "../../project/wanted-grants";
import { type Checklist, failed, ok } from "./checklist";
import type { DoctorContext } from "./context";

/** A role that a credential must be able to grant. */
export type Needed = Pick<WantedGrant, "client" | "role" | "division">;

/** Returns the roles that a client has, for the master, which gives them to its successor. */
export const copiedRoles = (client: string, { roleDivisions = [] }: OAuthClient): Needed[] =>
  roleDivisions.map(({ roleId, divisionId }) => ({
    client,
    role: { id: roleId },
    division: { id: divisionId },
  }));

/**
 * Checks whether a credential has the roles that it grants: those of the stack's clients, and others.
 * Genesys Cloud lets a client grant only its own. Names are compared where ids are not known yet.
 */
export async function checkGrants(
  { org, wanted }: DoctorContext,
  list: Checklist,
  credential: WantedGrant["credential"],
  platform: PlatformApi,
  others: readonly Needed[] = [],
): Promise<void> {
  const own = [...wanted.filter((grant) => grant.credential === credential), ...others];
  if (own.length === 0) return;
  await list.run(`${credential} grants`, async () => {
    const api = new AuthorizationApi(platform);
    const [held, home] = [await api.ownGrants(), await api.homeDivision()];
    const lacking = own.filter((grant) => !held.some((one) => covers(one, grant, home)));
    if (lacking.length === 0) return ok(`the ${credential} has every role that it grants`);
    const names = lacking.map(({ role, client }) => `${nameOf(role)} (for ${client})`);
    return failed(
      `the ${credential} lacks roles that it must grant: ${shortened([...new Set(names)])}`,
      `deploy ${org.stack}, so that the roles exist, then run \`genesys-orgs grant ${org.name}\` as an administrator`,
    );
  });
}

function covers({ role, division }: Grant, needed: Needed, home: NamedObject): boolean {
  if (!isSame(role, needed.role)) return false;
  if (division.id === "*") return true;
  return "home" in needed.division ? division.id === home.id : isSame(division, needed.division);
}

/** An unknown reference is taken for the same, since nobody can compare it here. */
const isSame = (held: Partial<NamedObject>, wanted: Reference): boolean =>
  "unknown" in wanted ||
  ("id" in wanted && wanted.id === held.id) ||
  ("name" in wanted && wanted.name === held.name);

const nameOf = (reference: Reference): string =>
  "name" in reference ? reference.name : "id" in reference ? reference.id : "an unknown role";

const shortened = (items: readonly string[]): string =>
  items.length <= 3
    ? items.join(", ")
    : `${items.slice(0, 3).join(", ")} and ${items.length - 3} more`;
