import { counted } from "../../counted";
import type { StoredCredential } from "../credential-records";
import type {
  RetirementAnswer,
  RetirementRequest,
  RetiringCredential,
} from "../retirement-request";
import { listLive, liveClients, type OwnClient } from "./live-clients";
import { log } from "./log";
import { failuresIn, type OrgReconciliation } from "./reconciliation";

/** Retires all clients of credentials, or undoes that. */
export async function retire(
  reconciliation: OrgReconciliation,
  request: Required<RetirementRequest>,
): Promise<RetirementAnswer> {
  const { dependencies, parameters, master } = reconciliation;
  const all = await parameters.all();
  const chosen = choose(all, request.retire);
  if (request.dryRun) {
    const isChosen = (name: string) => chosen.some((each) => each.name === name);
    return answer(chosen, await listLive(reconciliation, all, isChosen));
  }
  refuseDryRun(reconciliation, "retired");
  await master.provenApi();
  const retiring = !request.undo;
  for (const credential of chosen) {
    if (!retiring) await parameters.unmark(credential.name);
    // A credential that is marked already keeps its date.
    else if (!credential.retiring) {
      await parameters.mark(credential, new Date(dependencies.clock.now()));
    }
  }
  const marked = all.map((each) => (chosen.includes(each) ? { ...each, retiring } : each));
  const { clients, done, gauges, failures } = await reconciliation.run(marked, false);
  const found = { clients, unproven: gauges.unproven, actions: done };
  const live = liveClients(reconciliation, marked, found);
  const state = answer(choose(marked, request.retire), live);
  // A problem with another credential does not concern this request.
  const isOpen = ({ clients: own }: RetiringCredential) =>
    own.some(({ state, unproven }) => state === "active" && !unproven);
  const problem = failuresIn(failures);
  if (problem !== undefined && retiring && state.credentials.some(isOpen)) throw new Error(problem);
  for (const failure of failures) log(dependencies, "warn", failure);
  return state;
}

/**
 * Lets Terraform destroy a credential, or the whole stack, only when no client is alive.
 * @throws Error that says what to do about the clients
 */
export async function refuseLive(
  reconciliation: OrgReconciliation,
  credential: string | undefined,
): Promise<void> {
  const { parameters, dependencies } = reconciliation;
  const concerns = (name: string) => credential === undefined || name === credential;
  const live = await listLive(reconciliation, await parameters.all(), concerns);
  // The mark stays: as long as the rotation exists, no client may be created.
  if (live.length === 0) return;
  throw new Error(refusal(dependencies.configuration.org, live, credential));
}

/** @throws Error when the reconciler only logs its actions */
export function refuseDryRun({ dependencies }: OrgReconciliation, what: string): void {
  if (!dependencies.configuration.dryRun) return;
  throw new Error(
    `rotation.dryRun is set, so nothing was ${what}: remove it from the registry and apply the org's stack`,
  );
}

/**
 * Returns the credentials with these names.
 * @param names an empty list means all credentials
 * @throws Error when a name is unknown, or a specification is not valid
 */
function choose(
  all: readonly StoredCredential[],
  names: readonly string[],
): readonly StoredCredential[] {
  const specified = all.filter(({ specification, problem }) => specification || problem);
  const unknown = names.filter((asked) => !specified.some(({ name }) => name === asked));
  if (unknown.length > 0) {
    const known = specified.map(({ name }) => name).join(", ") || "none";
    throw new Error(
      `unknown credentials: ${unknown.join(", ")}. Nothing was changed. Known credentials: ${known}`,
    );
  }
  const chosen = specified.filter(({ name }) => names.length === 0 || names.includes(name));
  const wrong = chosen.find(({ problem }) => problem !== undefined);
  if (wrong) throw new Error(`${wrong.problem}. Nothing was changed`);
  return chosen;
}

const answer = (
  credentials: readonly StoredCredential[],
  live: readonly OwnClient[],
): RetirementAnswer => ({
  credentials: credentials.map(({ name, retiring }) => ({
    name,
    retiring,
    clients: live.flatMap(({ credential, ...client }) => (credential === name ? client : [])),
  })),
});

function refusal(org: string, live: readonly OwnClient[], credential: string | undefined): string {
  const credentials = [...new Set(live.map((client) => client.credential))].sort().join(", ");
  const clients = counted(live.length, "OAuth client");
  const are = live.length === 1 ? "is" : "are";
  const command = ["genesys-orgs retire", org, credential].filter(Boolean).join(" ");
  const unproven = live.filter((client) => client.unproven).map(({ id }) => id);
  const steps = [
    ...(unproven.length < live.length ? [`run "${command}"`] : []),
    ...(unproven.length > 0
      ? [
          `delete by hand ${unproven.join(", ")}, since nothing proves that the rotator created them`,
        ]
      : []),
  ];
  return `${clients} of ${credentials} ${are} alive: ${steps.join(", ")}, and destroy again when they are deleted`;
}
