import { DEFAULT_LIMITS, type ReconciliationPlan, reconcile } from "../reconcile";
import type { RetirementAnswer, RetirementRequest } from "../retirement-request";
import { type Dependencies, resolveDependencies } from "./dependencies";
import { liveClients, type OwnClient } from "./live-clients";
import { log, logFailure } from "./log";
import { Master } from "./master";
import { metricsLine } from "./metrics";
import { type ReconcilerRequest, readRequest } from "./reconciler-request";
import { SecretsManagerStore } from "./secrets-manager-store";
import { Specifications, type SpecifiedCredential } from "./specifications";

/** Answers a request to retire; the answer to all other events is empty. */
export type Reconciler = (event: unknown) => Promise<RetirementAnswer | Record<string, never>>;

/** Creates the function that retires the clients of one org that are no longer needed. */
export function createReconciler(overrides: Partial<Dependencies> = {}): Reconciler {
  const dependencies = resolveDependencies(overrides);
  const { configuration, clock, print } = dependencies;
  const { org, mostClients, warnClients, secretArnPrefix } = configuration;
  const master = new Master(dependencies);
  const specifications = new Specifications(dependencies.parameters, configuration);
  const limits = { ...DEFAULT_LIMITS, mostClients };

  async function run(credentials: readonly SpecifiedCredential[]): Promise<ReconciliationPlan> {
    const plan = await reconcile({
      api: await master.api(),
      secrets: new SecretsManagerStore(dependencies.secrets),
      specifications: credentials.map(({ specification }) => specification),
      retiring: credentials
        .filter(({ retiring }) => retiring)
        .map(({ specification }) => specification.secretArn),
      secretPrefix: secretArnPrefix,
      now: clock.now(),
      limits,
      dryRun: configuration.dryRun,
      onPlan,
    });
    report(plan);
    return plan;
  }

  /** Logs the plan before anything is changed, so that the log has it whatever happens then. */
  function onPlan({ actions, metrics }: ReconciliationPlan): void {
    for (const { kind, clientId, clientName, reason } of actions) {
      log(dependencies, "info", reason, {
        action: kind,
        client: clientId,
        name: clientName,
        dryRun: configuration.dryRun,
      });
    }
    const clients = mostClients - metrics.headroom;
    if (clients >= warnClients) {
      log(
        dependencies,
        "warn",
        `the organisation has ${clients} OAuth clients (warning level: ${warnClients}). At ${mostClients}, no more are created`,
      );
    }
  }

  function report({ actions, metrics }: ReconciliationPlan): void {
    const done = configuration.dryRun ? 0 : actions.length;
    print(
      metricsLine(org, clock.now(), {
        ManagedClients: metrics.managed,
        OrphanedClients: metrics.orphaned,
        OldestCredentialDays: metrics.oldestDays,
        OverdueCredentials: metrics.overdue,
        LostClients: metrics.lost,
        ClientHeadroom: metrics.headroom,
        Actions: done,
        GiveUps: master.giveUps(),
      }),
    );
  }

  async function retire(request: Required<RetirementRequest>): Promise<RetirementAnswer> {
    const all = await specifications.all();
    const chosen = choose(all, request.retire);
    if (request.dryRun) {
      return answer(chosen, await listLive());
    }
    if (configuration.dryRun) {
      throw new Error(
        "rotation.dryRun is set, so nothing was retired: remove it from the registry and apply the org's stack",
      );
    }
    await master.provenApi();
    const retiring = !request.undo;
    for (const credential of chosen) {
      if (!retiring) await specifications.unmark(credential.name);
      // A credential that is marked already keeps its date.
      else if (!credential.retiring) await specifications.mark(credential, new Date(clock.now()));
    }
    const marked = all.map((each) => (chosen.includes(each) ? { ...each, retiring } : each));
    const now = clock.now();
    const { clients, actions } = await run(marked);
    const live = liveClients(configuration, clients, { actions, now, skew: limits.skew });
    return answer(choose(marked, request.retire), live);
  }

  async function listLive(): Promise<OwnClient[]> {
    const clients = await (await master.provenApi()).oauthClients();
    return liveClients(configuration, clients, { now: clock.now(), skew: limits.skew });
  }

  /** Lets Terraform destroy a credential, or the whole stack, only when no client is alive. */
  async function destroy(credential: string | undefined): Promise<void> {
    const live = await listLive();
    const alive = live.filter((client) => !credential || client.credential === credential);
    // The mark stays: as long as the rotation exists, no client may be created.
    if (alive.length > 0) throw new Error(refusal(org, alive, credential));
  }

  async function answerTo(request: ReconcilerRequest) {
    switch (request.kind) {
      case "run":
        await run(await specifications.all());
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

/**
 * Returns the credentials with these names.
 * @param names an empty list means all credentials
 * @throws Error when a name is unknown
 */
function choose(
  all: readonly SpecifiedCredential[],
  names: readonly string[],
): readonly SpecifiedCredential[] {
  const unknown = names.filter((asked) => !all.some(({ name }) => name === asked));
  if (unknown.length > 0) {
    const known = all.map(({ name }) => name).join(", ") || "none";
    throw new Error(
      `unknown credentials: ${unknown.join(", ")}. Nothing was changed. Known credentials: ${known}`,
    );
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

const answer = (
  credentials: readonly SpecifiedCredential[],
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
