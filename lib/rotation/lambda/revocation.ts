import type { OAuthClient } from "../../genesys/models";
import { isRetired, rotatedDescriptionOf, secretArnIn, versionIn } from "../client-name";
import { granting } from "../grants";
import type { ManagedCredential, View } from "../judge";
import { isProven } from "../ownership";
import type { RevocationAnswer, RevocationRequest } from "../revocation-request";
import { withNote } from "../status";
import { liveClients, surveyLive } from "./live-clients";
import { log } from "./log";
import type { OrgReconciliation } from "./reconciliation";
import { refuseDryRun } from "./retirement";

/**
 * Ends clients of a credential and all their tokens, for a credential that leaked. A rotation in
 * progress goes on: nobody has its client's secret yet.
 *
 * @throws Error before anything is changed, when it is not known which clients are the credential's
 */
export async function revoke(
  reconciliation: OrgReconciliation,
  { revoke: name, clients: asked = [] }: RevocationRequest,
): Promise<RevocationAnswer> {
  const { parameters } = reconciliation;
  if (asked.length > 0) refuseDryRun(reconciliation, "revoked");
  const all = await parameters.all();
  const stored = all.find((each) => each.name === name);
  if (!stored) {
    const known = all.map((each) => each.name).join(", ") || "none";
    throw new Error(
      `unknown credential: ${name}. Nothing was changed. Known credentials: ${known}`,
    );
  }
  const { view, found } = await surveyLive(reconciliation, [stored], (each) => each === name);
  const credential = view.credentials[0] ?? stored;
  // Without a valid specification there is no rotation, and the notes name the clients.
  if (credential.problem !== undefined && stored.problem === undefined) {
    throw new Error(`${credential.problem}. Nothing was changed`);
  }
  const others = found.clients.filter((client) => !isPending(credential, client));
  const unproven = others.filter((client) => !isOfCredential(view, credential, client));
  const live = liveClients(reconciliation, [stored], { clients: others, unproven });
  const ended: string[] = [];
  const failures: string[] = [];
  for (const { id } of live.filter((client) => !client.unproven && asked.includes(client.id))) {
    try {
      await end(reconciliation, name, others.find((client) => client.id === id) as OAuthClient);
      ended.push(id);
    } catch (error) {
      failures.push(`${id}: ${(error as Error).message}`);
    }
  }
  return {
    retiring: stored.retiring,
    clients: live
      .filter(({ id }) => !ended.includes(id))
      .map(({ credential: _, ...client }) => client),
    failures,
  };
}

/**
 * Whether a client is that of a rotation in progress. After a roll back, AWSPENDING may still be on a
 * version that was the current one.
 */
const isPending = ({ history, status }: ManagedCredential, { name }: OAuthClient): boolean =>
  (history?.versions ?? []).some(
    ({ id, stages }) =>
      id === versionIn(name) &&
      stages.includes("AWSPENDING") &&
      stages.length === 1 &&
      status.versions[id] === undefined,
  );

/** Whether the rotator created a client for the credential. */
const isOfCredential = (
  { clients, creator }: View,
  { status, specification, history }: ManagedCredential,
  client: OAuthClient,
): boolean =>
  isProven(client, {
    status,
    history: specification?.secretArn === secretArnIn(client) ? history : undefined,
    clients,
    creator,
  });

async function end(
  { dependencies, parameters, master }: OrgReconciliation,
  credential: string,
  client: OAuthClient,
): Promise<void> {
  const { configuration, clock } = dependencies;
  const { id, roleDivisions = [] } = client;
  const api = await master.api();
  log(dependencies, "info", "it is revoked", { action: "delete", client: id, credential });
  if (client.state === "active" || isRetired(client)) {
    // Without the mark of a retirement: it must never be activated again.
    const description = rotatedDescriptionOf(secretArnIn(client));
    await granting(api, configuration.org, roleDivisions, () =>
      api.updateOAuthClient(id, { state: "inactive", description }),
    );
  }
  await api.deleteOAuthClient(id);
  const deletedAt = clock.now();
  await parameters.change(credential, (status) => withNote(status, id, { deletedAt }));
}
