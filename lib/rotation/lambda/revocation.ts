import { discard } from "../action";
import { versionIn } from "../client-name";
import type { RevocationAnswer, RevocationRequest } from "../revocation-request";
import { withNote } from "../status";
import { liveClients, surveyLive } from "./live-clients";
import { log } from "./log";
import type { OrgReconciliation } from "./reconciliation";
import { choose, refuseDryRun } from "./retirement";

/**
 * Ends clients of a credential and all their tokens, for a credential that leaked. A rotation in
 * progress goes on: nobody has its client's secret yet.
 */
export async function revoke(
  reconciliation: OrgReconciliation,
  { revoke: name, clients: asked = [] }: RevocationRequest,
): Promise<RevocationAnswer> {
  const { dependencies, parameters, master } = reconciliation;
  if (asked.length > 0) refuseDryRun(reconciliation, "revoked");
  const credentials = choose(await parameters.all(), [name]);
  const { view, found } = await surveyLive(reconciliation, credentials, (each) => each === name);
  const versions = view.credentials.flatMap(({ history }) => history?.versions ?? []);
  const isPending = (version: string | undefined) =>
    versions.some(
      ({ id, stages }) =>
        id === version && stages.includes("AWSPENDING") && !stages.includes("AWSCURRENT"),
    );
  const clients = found.clients.filter((client) => !isPending(versionIn(client.name)));
  const live = liveClients(reconciliation, credentials, { ...found, clients });
  const api = await master.provenApi();
  const ended: string[] = [];
  for (const { id, unproven } of live) {
    if (unproven || !asked.includes(id)) continue;
    log(dependencies, "info", "it is revoked", { action: "delete", client: id, credential: name });
    // Without the mark of a retirement: it must never be activated again.
    await discard(api, id);
    const deletedAt = dependencies.clock.now();
    await parameters.change(name, (status) => withNote(status, id, { deletedAt }));
    ended.push(id);
  }
  return {
    retiring: credentials.some(({ retiring }) => retiring),
    clients: live.map(({ credential, ...client }) => client),
    ended,
  };
}
