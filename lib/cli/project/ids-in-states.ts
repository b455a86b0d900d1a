import { type ManagedId, managedIds } from "../../terraform/managed-ids";
import { readState } from "../../terraform/terraform-state";
import type { OrgBackend } from "./org-backends";
import { StateStore } from "./state-store";

/** Returns the ids of all objects that Terraform manages in the stacks of an org. */
export async function idsInStates(backends: readonly OrgBackend[]): Promise<ManagedId[]> {
  return (await Promise.all(backends.map(idsInState))).flat();
}

async function idsInState({ backend }: OrgBackend): Promise<ManagedId[]> {
  const store = new StateStore(backend);
  const state = await store.state();
  if (!state) return [];
  readState(store.url, state.text);
  return managedIds(state.text);
}
