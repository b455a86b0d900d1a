import { secretArnIn } from "../client-name";
import { undelivered } from "../deliver-current";
import type { ManagedCredential, View } from "../judge";
import { DEFAULT_LIMITS } from "../limits";
import { type PlannedAction, planReconciliation, type ReconciliationPlan } from "../plan";
import { problemsIn, refuseUnspecified } from "../reconcile";
import {
  type PreviewedProblem,
  type PreviewedWork,
  type ReconciliationPreview,
  WORK_KINDS,
  type WorkKind,
} from "../reconciliation-preview";
import { remindOwners } from "../reminders";
import { surveyManaged } from "../rotate-managed-secrets";
import type { RotatedCredential } from "../rotated-credential";
import type { SecretStore } from "../secret-store";
import { dueAmong } from "../start-rotations";
import { stuckVersionOf } from "../stuck-labels";
import { survey } from "../survey";
import { credentialOf } from "./configuration";
import { leftoversAmong } from "./leftovers";
import { ManagedSecretParameters } from "./managed-secret-parameters";
import type { OrgReconciliation } from "./reconciliation";
import { OVERDUE, REFUSED, warningsIn } from "./report";

/** Milliseconds after which hourly runs should have done a thing, the limits of one run included. */
const LATE = 6 * 3_600_000;

/** What a part of a run would do. */
interface Part {
  readonly work: readonly PreviewedWork[];
  readonly problems: readonly PreviewedProblem[];
}

/**
 * Finds out what the next hourly run would do. It reads what such a run reads, but tries no value, and
 * changes nothing: no client, no label, and no note. Nor does it send a metric, since that would count as a
 * run for the alarms.
 *
 * @throws Error when a run would change nothing at all, such as with a master of another organisation
 */
export async function preview(reconciliation: OrgReconciliation): Promise<ReconciliationPreview> {
  const { dependencies, parameters } = reconciliation;
  const { dryRun: onlyLogs, mostClients: most } = dependencies.configuration;
  const others = await previewOthers(reconciliation);
  const credentials = await parameters.all();
  const isEmpty = credentials.length === 0 && others.count > 0;
  const view = isEmpty ? undefined : await viewOf(reconciliation, credentials);
  const plan = view && planReconciliation(view);
  const clients = view && plan && previewClients(reconciliation, view, plan);
  const gauges = plan?.gauges;
  const work = [...others.work, ...(clients?.work ?? [])];
  return {
    dryRun: true,
    onlyLogs,
    work: work.sort((one, other) => orderOf(one) - orderOf(other)),
    problems: [...others.problems, ...(clients?.problems ?? [])],
    clients: {
      present: gauges?.presentClients ?? 0,
      most,
      managed: gauges?.managed ?? 0,
      orphaned: gauges?.orphaned.length ?? 0,
    },
  };
}

const orderOf = ({ kind }: PreviewedWork): number => WORK_KINDS.indexOf(kind);

async function viewOf(
  { dependencies, secrets, master }: OrgReconciliation,
  credentials: Parameters<typeof refuseUnspecified>[0],
): Promise<View> {
  const { configuration, clock } = dependencies;
  const { secretArnPrefix: secretPrefix, mostClients, windows } = configuration;
  const api = await master.provenApi();
  refuseUnspecified(credentials, secretPrefix);
  const limits = { ...DEFAULT_LIMITS, mostClients };
  const props = { api, secrets, credentials, secretPrefix, clock, windows, limits };
  return survey(props, await api.oauthClients());
}

function previewClients(
  { dependencies: { configuration } }: OrgReconciliation,
  view: View,
  plan: ReconciliationPlan,
): Part {
  const { credentials } = view;
  const lateIds = lateAmong(view);
  const credentialOfClient = (id: string) => {
    const client = plan.clients.find((each) => each.id === id);
    return client && credentialOf(configuration, secretArnIn(client));
  };
  const refused = credentials.filter(
    ({ retiring, status }) => !retiring && status.refusedSince !== undefined,
  );
  return {
    work: [
      ...plan.actions.map(({ kind, clientId, reason }) => ({
        kind: `${kind} a client` as const,
        credential: credentialOfClient(clientId),
        client: clientId,
        reason,
        late: lateIds.has(`${kind} ${clientId}`),
      })),
      ...credentials.flatMap(previewDeliveries),
      ...previewRotations(credentials, view.now, configuration.windows),
      ...leftoversAmong(configuration, credentials, plan.clients).map((credential) =>
        workOn(credential, "delete its notes", "the credential was destroyed"),
      ),
    ],
    problems: [
      ...warningsIn(configuration, plan.gauges).map(({ message, credential, client }) => ({
        message,
        credential,
        client,
      })),
      ...refused.map(({ name: credential }) => ({ message: REFUSED, credential })),
      ...problemsIn(view).map((message) => ({ message })),
    ],
  };
}

/**
 * Returns the actions that have been due for long, as "<kind> <client id>". The plan is a function of what
 * was seen and of the time, so the plan of some hours ago shows them. A changed specification and a
 * retirement have no time.
 */
function lateAmong(view: View): ReadonlySet<string> {
  const { actions } = planReconciliation({ ...view, now: view.now - LATE });
  const hasTime = ({ kind, why }: PlannedAction) =>
    kind === "delete" || (kind === "deactivate" && why !== "retiring");
  return new Set(actions.filter(hasTime).map(({ kind, clientId }) => `${kind} ${clientId}`));
}

const previewDeliveries = (credential: ManagedCredential): PreviewedWork[] =>
  undelivered(credential).map(({ id }) =>
    workOn(credential.name, "write it to an integration", `integration credential ${id}`),
  );

function previewRotations(
  credentials: readonly RotatedCredential[],
  now: number,
  windows: Parameters<typeof dueAmong>[3],
): PreviewedWork[] {
  const stuck = credentials.flatMap((credential) => {
    const { name, problem, specification, history } = credential;
    if (problem !== undefined || !specification || history?.deletedAt !== undefined) return [];
    const version = stuckVersionOf(credential, now, DEFAULT_LIMITS);
    if (version === undefined) return [];
    const reason = `no rotation works on version ${version} any more`;
    const late = stuckVersionOf(credential, now - LATE, DEFAULT_LIMITS) === version;
    return { ...workOn(name, "remove AWSPENDING", reason), late };
  });
  const due = dueAmong(credentials, now, DEFAULT_LIMITS, windows);
  return [...stuck, ...due.map(({ name }) => workOn(name, "start its rotation", "it is due"))];
}

/** Does the same for the credentials that are not OAuth clients. */
async function previewOthers({
  dependencies,
  secrets,
}: OrgReconciliation): Promise<Part & { readonly count: number }> {
  const { configuration, clock } = dependencies;
  const all = await new ManagedSecretParameters(dependencies.parameters, configuration).all();
  const reads: Pick<SecretStore, "history"> = secrets;
  const work: PreviewedWork[] = [];
  const { overdue, failures } = await remindOwners({
    org: configuration.org,
    all,
    secrets: reads,
    clock,
    send: async ({ credential, owner, dueAt }) => {
      const reason = `it is due on ${dueAt.slice(0, 10)}: ${owner} must replace it`;
      work.push(workOn(credential, "remind its owner", reason));
    },
    note: async () => {},
  });
  const { found, failures: unread } = await surveyManaged({ all, secrets: reads });
  return {
    count: all.length,
    work: [...work, ...previewRotations(found, clock.now(), configuration.windows)],
    problems: [
      ...overdue.map((credential) => ({ message: OVERDUE, credential })),
      ...[...new Set([...failures, ...unread])].map((message) => ({ message })),
    ],
  };
}

const workOn = (credential: string, kind: WorkKind, reason: string): PreviewedWork => ({
  kind,
  credential,
  reason,
  late: false,
});
