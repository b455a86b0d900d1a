import { noteLabels } from "../reconcile";
import type { ReconciliationPreview } from "../reconciliation-preview";
import type { RetirementAnswer } from "../retirement-request";
import type { RevocationAnswer } from "../revocation-request";
import { type Invocation, isDryRun } from "./caller";
import { credentialOf } from "./configuration";
import { type Dependencies, resolveDependencies } from "./dependencies";
import { removeLeftovers } from "./leftovers";
import { logFailure } from "./log";
import { metricsLine } from "./metrics";
import { preview } from "./preview";
import { type ReconcilerRequest, readRequest } from "./reconciler-request";
import { failuresIn, OrgReconciliation } from "./reconciliation";
import { remind } from "./remind";
import { refuseLive, retire } from "./retirement";
import { revoke } from "./revocation";

/**
 * Answers a request to retire or to revoke; the answer to all other events is empty. By its alias for dry
 * runs, it reads no event, and only tells what its next run would do.
 */
export type Reconciler = (
  event: unknown,
  invocation: Invocation,
) => Promise<RetirementAnswer | RevocationAnswer | ReconciliationPreview | Record<string, never>>;

/** Creates the function that retires the clients of one org that are no longer needed. */
export function createReconciler(overrides: Partial<Dependencies> = {}): Reconciler {
  const dependencies = resolveDependencies(overrides);
  const { configuration, clock, print } = dependencies;
  const { windows } = configuration;
  const reconciliation = new OrgReconciliation(dependencies);
  const { parameters, secrets, master } = reconciliation;

  async function run(): Promise<void> {
    // First, so that an outage of Genesys Cloud silences nobody.
    const reminded = await remind(dependencies, secrets);
    const failures = [...reminded.failures, ...(await reconcileClients(reminded.count))];
    const problem = failuresIn(failures);
    // After everything else was done.
    if (problem !== undefined) throw new Error(problem);
  }

  /** @param others number of the org's credentials that are not OAuth clients */
  async function reconcileClients(others: number): Promise<readonly string[]> {
    const credentials = await parameters.all();
    if (credentials.length > 0 || others === 0) {
      const { failures, clients } = await reconciliation.run(credentials);
      return [...failures, ...(await removeLeftovers(reconciliation, credentials, clients))];
    }
    // The org has, and had, no OAuth client here. The alarm for silent runs counts this.
    print(metricsLine(configuration.org, clock.now(), { Actions: 0 }));
    return [];
  }

  async function noteMoved(secretArns: readonly string[]): Promise<void> {
    for (const arn of secretArns) {
      // The master's labels move as well.
      const name = credentialOf(configuration, arn);
      if (name !== undefined)
        await noteLabels({ secrets, records: parameters, clock, windows }, name);
    }
  }

  async function answerTo(request: ReconcilerRequest) {
    switch (request.kind) {
      case "run":
        await run();
        return {};
      case "label moved":
        await noteMoved(request.secretArns);
        return {};
      case "retire":
        return retire(reconciliation, request);
      case "revoke":
        return revoke(reconciliation, request);
      case "guard created":
        return {};
      case "guard destroyed":
        await refuseLive(reconciliation, request.credential);
        return {};
    }
  }

  return async (event, invocation) => {
    let sendsMetrics = false;
    try {
      return await logFailure(dependencies, {}, async () => {
        if (isDryRun(invocation)) return preview(reconciliation);
        sendsMetrics = true;
        return answerTo(readRequest(event));
      });
    } finally {
      // Those of a dry run are dropped here, so that the next run does not count them.
      const GiveUps = master.giveUps();
      if (sendsMetrics && GiveUps > 0) {
        print(metricsLine(configuration.org, clock.now(), { GiveUps }));
      }
    }
  };
}

let reconciler: Reconciler | undefined;

/** Entry point of the Lambda function. */
export const handler: Reconciler = async (event, invocation) => {
  reconciler ??= createReconciler();
  return reconciler(event, invocation);
};
