import type { OAuthClient } from "../genesys/models";
import { type Action, execute } from "./action";
import { credentialNameIn, secretArnIn, versionIn } from "./client-name";
import { deliverBefore } from "./deliver-current";
import { granting } from "./grants";
import { type Judgement, judge, type ManagedCredential, type View } from "./judge";
import type { PlannedAction, ReconciliationPlan } from "./plan";
import type { ReconciliationProps } from "./run-props";
import { type ClientStatus, withNote } from "./status";
import { surveyOne } from "./survey";

/** The result of the actions of a run. */
export interface Execution {
  readonly done: readonly Action[];
  readonly failures: readonly string[];
}

/**
 * Executes the actions of a plan, as far as the limits of a run allow; a failure of one does not stop
 * the others. Only successes count: clients that cannot be changed must not hold up the others.
 *
 * @param started time at which the run began
 */
export async function executeAll(
  props: ReconciliationProps,
  view: View,
  { actions }: ReconciliationPlan,
  started: number,
): Promise<Execution> {
  const done: Action[] = [];
  const failures: string[] = [];
  for (const { most, wanted } of groupsOf(view, actions)) {
    let changed = 0;
    for (const action of wanted.slice(0, 2 * most)) {
      if (changed >= most || props.clock.now() - started > view.limits.longest) break;
      try {
        const result = await executeConfirmed(props, view, action);
        if (!result) continue;
        done.push(result);
        changed += 1;
      } catch (error) {
        failures.push(`${action.kind} ${action.clientName}: ${(error as Error).message}`);
      }
    }
  }
  return { done, failures };
}

/** Returns the actions in the order in which they matter, with the limit of each group. */
function groupsOf({ now, limits }: View, actions: readonly PlannedAction[]) {
  const of = (...kinds: string[]) =>
    inTurn(
      now,
      actions.filter(({ kind, why = "current" }) => kinds.includes(`${kind} ${why}`)),
    );
  const { mostDeactivations, mostRemovals } = limits;
  return [
    { most: Number.POSITIVE_INFINITY, wanted: of("update current", "deactivate retiring") },
    { most: mostDeactivations, wanted: of("deactivate superseded") },
    { most: mostRemovals, wanted: of("deactivate orphaned") },
    {
      most: mostRemovals,
      wanted: of("delete retiring", "delete superseded", "delete orphaned"),
    },
  ];
}

/** Begins each hour at another action, so that all get their turn, whatever the others do. */
function inTurn<Item>(now: number, items: readonly Item[]): Item[] {
  const first = (Math.floor(now / 3_600_000) * 7) % Math.max(1, items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}

/**
 * Executes an action if it is still right: an hour of other people's work may lie between the lists
 * and the action.
 * @returns undefined if it is no longer right
 */
async function executeConfirmed(
  props: ReconciliationProps,
  view: View,
  { kind, clientId }: PlannedAction,
): Promise<Action | undefined> {
  const { clock, onAction } = props;
  const { client, credential, action, note } = await judgeAgain(props, view, clientId);
  if (!client || action?.kind !== kind) return undefined;
  // An integration may still have it, if a rotation was given up or rolled back.
  if (kind === "deactivate" && !(await deliverBefore(props, credential))) return undefined;
  onAction?.(action);
  // Before the action, so that no copy can take the place of a client that is gone.
  if (kind === "deactivate") await note({});
  const changed = await executeGranted(props, client, action);
  if (kind === "delete") await note({ deletedAt: clock.now() });
  if (kind === "update") await note(undefined);
  if (kind !== "deactivate") return action;
  const inactiveSince = clock.now();
  // The label may have come back, or a retirement may have been undone, just before the action.
  const after = await judgeAgain(props, view, clientId, changed);
  if (after.client && after.action?.kind === "update") {
    await executeGranted(props, after.client, after.action);
    await note(undefined);
    return undefined;
  }
  await note({ inactiveSince, modified: changed?.dateModified });
  return action;
}

/** Executes an action. A person or client that edits a client must have all its roles. */
const executeGranted = (
  { api, org }: ReconciliationProps,
  { roleDivisions = [] }: OAuthClient,
  action: Action,
): Promise<OAuthClient | undefined> => {
  const wanted = [...roleDivisions, ...(action.update?.roleDivisions ?? [])];
  return granting(api, org.name, wanted, () => execute(api, action));
};

/** A client as it is now, with what to do about it, and the way to note that. */
interface Confirmation extends Judgement {
  readonly client?: OAuthClient;
  readonly credential?: ManagedCredential;
  readonly note: (note: ClientStatus | undefined) => Promise<void>;
}

/**
 * Judges a client by what is true now.
 * @param known the client, if the answer to a change was newer than what a question might get
 */
async function judgeAgain(
  props: ReconciliationProps,
  view: View,
  clientId: string,
  known?: OAuthClient,
): Promise<Confirmation> {
  const { api, records, clock, secretPrefix } = props;
  const client = known ?? (await api.oauthClient(clientId));
  const name = client && credentialNameIn(secretArnIn(client), secretPrefix);
  if (!client || name === undefined) return { note: async () => {} };
  const clients = view.clients.map((each) => (each.id === clientId ? client : each));
  const listed = { clients, creator: view.creator };
  const credential = await surveyOne(props, await records.read(name), listed);
  const credentials = [...view.credentials.filter((each) => each.name !== name), credential];
  const version = versionIn(client.name) ?? "";
  return {
    client,
    credential,
    ...judge({ ...view, now: clock.now(), credentials, clients }, client),
    // The client that is changed for a version stays the one of that version.
    note: (note) =>
      records.change(name, (status) => {
        const versions = { [version]: clientId, ...status.versions };
        return withNote({ ...status, versions }, clientId, note);
      }),
  };
}
