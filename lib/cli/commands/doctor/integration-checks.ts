import { AuthorizationApi, type GrantedPolicy } from "../../../genesys/authorization-api";
import type { PlatformApi } from "../../../genesys/platform-api";
import { type Checklist, failed, notChecked, ok } from "./checklist";
import type { DoctorContext } from "./context";

/**
 * Checks whether the master may write integration credentials, if a client of the stack has one. A
 * caller sees what its own roles permit.
 */
export async function checkIntegrations(
  { integrated }: DoctorContext,
  list: Checklist,
  master: PlatformApi,
): Promise<void> {
  if (integrated.length === 0) return;
  await list.run("master integrations", async () => {
    const grants = await new AuthorizationApi(master).ownGrants();
    const policies = grants.map(({ role }) => role.policies);
    if (policies.some((each) => each?.some(isEdit))) {
      return ok("the master may write integration credentials");
    }
    if (policies.includes(undefined)) {
      return notChecked("Genesys Cloud does not show what the master's roles permit");
    }
    return failed(
      `the master lacks integrations:integration:edit, so no new credential reaches the integrations of ${integrated.join(", ")}`,
      "give it a role with integrations:integration:edit",
    );
  });
}

const isEdit = ({ domain, entityName, actions = [] }: GrantedPolicy): boolean =>
  isEither(domain, "integrations") &&
  isEither(entityName, "integration") &&
  actions.some((action) => isEither(action, "edit"));

const isEither = (held: string | undefined, wanted: string): boolean =>
  held === "*" || held === wanted;
