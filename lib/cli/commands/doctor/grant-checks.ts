import { AuthorizationApi, type Grant, type NamedObject } from "../../../genesys/authorization-api";
import type { PlatformApi } from "../../../genesys/platform-api";
import type { VaultCredential } from "../../../registry/model";
import type { Reference, WantedGrant } from "../../project/wanted-grants";
import { type Checklist, failed, ok } from "./checklist";
import type { DoctorContext } from "./context";

/**
 * Checks whether a credential has the roles that it gives to the clients of the org's stack: Genesys
 * Cloud lets a client grant only its own. It compares names where ids are not known yet.
 */
export async function checkGrants(
  { org, wanted }: DoctorContext,
  list: Checklist,
  credential: VaultCredential,
  platform: PlatformApi,
): Promise<void> {
  const own = wanted.filter((grant) => grant.credential === credential);
  if (own.length === 0) return;
  await list.run(`${credential} grants`, async () => {
    const api = new AuthorizationApi(platform);
    const [held, home] = [await api.ownGrants(), await api.homeDivision()];
    const lacking = own.filter((grant) => !held.some((one) => covers(one, grant, home)));
    if (lacking.length === 0) {
      return ok(`the ${credential} has every role that it grants to clients of the stack`);
    }
    const names = [...new Set(lacking.map(({ role }) => nameOf(role)))];
    return failed(
      `the ${credential} lacks roles that it must grant: ${names.join(", ")}`,
      `deploy ${org.stack}, so that the roles exist, then run \`genesys-orgs grant ${org.name}\` as an administrator`,
    );
  });
}

function covers({ role, division }: Grant, wanted: WantedGrant, home: NamedObject): boolean {
  if (!isSame(role, wanted.role)) return false;
  if (division.id === "*") return true;
  return "home" in wanted.division ? division.id === home.id : isSame(division, wanted.division);
}

/** What only Terraform knows is taken for the same: nobody can compare it here. */
const isSame = (held: Partial<NamedObject>, wanted: Reference): boolean =>
  "unknown" in wanted ||
  ("id" in wanted && wanted.id === held.id) ||
  ("name" in wanted && wanted.name === held.name);

const nameOf = (reference: Reference): string =>
  "name" in reference ? reference.name : "id" in reference ? reference.id : "an unknown role";
