import { counted } from "../../counted";
import type { StoredCredential } from "../credential-records";
import { DEFAULT_LIMITS } from "../limits";
import { noteLabels, type Reconciliation, reconcile } from "../reconcile";
import type {
  RetirementAnswer,
  RetirementRequest,
  RetiringCredential,
} from "../retirement-request";
import { credentialOf } from "./configuration";
import { type Dependencies, resolveDependencies } from "./dependencies";
import { liveClients, type OwnClient } from "./live-clients";
import { log, logFailure } from "./log";
import { Master } from "./master";
import { metricsLine } from "./metrics";
import { Parameters } from "./parameters";
import { type ReconcilerRequest, readRequest } from "./reconciler-request";
import { logAction, reportPlan, reportResult } from "./report";
import { SecretsManagerStore } from "./secrets-manager-store";

/** Answers a request to retire; the answer to all other events is empty. */
export type Reconciler = (event: unknown) => Promise<RetirementAnswer | Record<string, never>>;

/** Creates the function that retires the clients of one org that are no longer needed. */
export function createReconciler(overrides: Partial<Dependencies> = {}): Reconciler {
  const dependencies = resolveDependencies(overrides);
  const { configuration, clock, print } = dependencies;
  const { org, mostClients, secretArnPrefix, dryRun } = configuration;
  const master = new Master(dependencies);
  const parameters = new Parameters(dependencies.parameters, configuration);
  const limits = { ...DEFAULT_LIMITS, mostClients };

  async function run(
    credentials: readonly StoredCredential[],
    proves = true,
  ): Promise<Reconciliation> {
    const result = await reconcile({
      api: await master.provenApi(),
      apiAs: master.apiAs.bind(master),
      secrets: new SecretsManagerStore(dependencies.secrets),
      records: parameters,
      credentials,
      orgId: configuration.organizationId,
      secretPrefix: secretArnPrefix,
      clock,
      limits,
      dryRun,
      proves,
      onPlan: (plan) => reportPlan(dependencies, plan),
      onAction: (action) => logAction(dependencies, action),
    });
    reportResult(dependencies, result, master.giveUps());
    return result;
  }

  async function retire(request: Required<RetirementRequest>): Promise<RetirementAnswer> {
    const all = await parameters.all();
    const chosen = choose(all, request.retire);
    if (request.dryRun) return answer(chosen, await listLive(all));
    if (dryRun) {
      throw new Error(
        "rotation.dryRun is set, so nothing was retired: remove it from the registry and apply the org's stack",
      );
    }
    await master.provenApi();
    const retiring = !request.undo;
    for (const credential of chosen) {
      if (!retiring) await parameters.unmark(credential.name);
      // A credential that is marked already keeps its date.
      else if (!credential.retiring) await parameters.mark(credential, new Date(clock.now()));
    }
    const marked = all.map((each) => (chosen.includes(each) ? { ...each, retiring } : each));
    const { clients, done, failures } = await run(marked, false);
    const now = clock.now();
    const live = liveClients(configuration, marked, clients, { actions: done, now, limits });
    const state = answer(choose(marked, request.retire), live);
    // A problem with another credential does not concern this request.
    const isOpen = ({ clients: own }: RetiringCredential) =>
      own.some((client) => client.state === "active");
    if (retiring && state.credentials.some(isOpen)) refuseFailures(failures);
    for (const failure of failures) log(dependencies, "warn", failure);
    return state;
  }

  async function listLive(all: readonly StoredCredential[]): Promise<OwnClient[]> {
    const clients = await (await master.provenApi()).oauthClients();
    return liveClients(configuration, all, clients, { now: clock.now(), limits });
  }

  /** Lets Terraform destroy a credential, or the whole stack, only when no client is alive. */
  async function destroy(credential: string | undefined): Promise<void> {
    const live = await listLive(await parameters.all());
    const alive = live.filter((client) => !credential || client.credential === credential);
    // The mark stays: as long as the rotation exists, no client may be created.
    if (alive.length > 0) throw new Error(refusal(org, alive, credential));
  }

  async function noteMoved(secretArns: readonly string[]): Promise<void> {
    const secrets = new SecretsManagerStore(dependencies.secrets);
    for (const arn of secretArns) {
      // The master's labels move as well.
      const name = credentialOf(configuration, arn);
      if (name !== undefined) await noteLabels({ secrets, records: parameters, clock }, name);
    }
  }

  async function answerTo(request: ReconcilerRequest) {
    switch (request.kind) {
      case "run":
        refuseFailures((await run(await parameters.all())).failures);
        return {};
      case "label moved":
        await noteMoved(request.secretArns);
        return {};
      case "retire":
        return retire(request);
      case "guard created":
        return {};
      case "guard destroyed":
        await destroy(request.credential);
        return {};
    }
  }

  return async (event) => {
    try {
      return await logFailure(dependencies, {}, async () => answerTo(readRequest(event)));
    } finally {
      const GiveUps = master.giveUps();
      if (GiveUps > 0) print(metricsLine(org, clock.now(), { GiveUps }));
    }
  };
}

/** Ends a run with an error, after everything else was done. */
function refuseFailures(failures: readonly string[]): void {
  if (failures.length === 0) return;
  throw new Error(`${counted(failures.length, "part")} of the run failed: ${failures.join("; ")}`);
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
    clients: live
      .filter(({ credential }) => credential === name)
      .map(({ id, state, deletedFrom }) => ({ id, state, deletedFrom })),
  })),
});

function refusal(org: string, alive: readonly OwnClient[], credential: string | undefined): string {
  const credentials = [...new Set(alive.map((client) => client.credential))].sort().join(", ");
  const clients = alive.length === 1 ? "1 OAuth client" : `${alive.length} OAuth clients`;
  const are = alive.length === 1 ? "is" : "are";
  const command = ["genesys-orgs retire", org, credential].filter(Boolean).join(" ");
  return `${clients} of ${credentials} ${are} alive: run "${command}", and destroy again when they are deleted`;
}

let reconciler: Reconciler | undefined;

/** Entry point of the Lambda function. */
export const handler: Reconciler = async (event) => {
  reconciler ??= createReconciler();
  return reconciler(event);
};
