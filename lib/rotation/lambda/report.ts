import { counted } from "../../counted";
import type { Action } from "../action";
import type { Gauges, ReconciliationPlan } from "../plan";
import type { Reconciliation } from "../reconcile";
import type { Starts } from "../start-rotations";
import type { Freed } from "../stuck-labels";
import type { Configuration } from "./configuration";
import type { Dependencies } from "./dependencies";
import { log } from "./log";
import { metricsLine } from "./metrics";

type Reporter = Pick<Dependencies, "configuration" | "print" | "clock">;

/**
 * Reports what a run found, before it changes anything, so that neither log nor metrics depend on what
 * happens then. A metric says how many, and the log which.
 */
export function reportPlan(reporter: Reporter, { actions, gauges }: ReconciliationPlan): void {
  const { configuration, clock, print } = reporter;
  const { mostClients, org, dryRun } = configuration;
  if (dryRun) for (const action of actions) logAction(reporter, action);
  for (const { message, ...fields } of warningsIn(configuration, gauges)) {
    log(reporter, "warn", message, { ...fields });
  }
  const { presentClients } = gauges;
  print(
    metricsLine(org, clock.now(), {
      ManagedClients: gauges.managed,
      OrphanedClients: gauges.orphaned.length,
      UnprovenClients: gauges.unproven.length,
      OldestCredentialDays: gauges.oldestDays,
      OverdueCredentials: gauges.overdue.length,
      UnfinishedRotations: gauges.unfinished.length,
      UnrotatedCredentials: gauges.unrotated.length,
      LostClients: gauges.lost.length,
      ClientHeadroom: mostClients - presentClients,
    }),
  );
}

/** A finding that somebody must look at, with the credential or the client that it concerns. */
export interface Warning {
  readonly message: string;
  readonly credential?: string;
  /** Id of a client. */
  readonly client?: string;
  /** Name of the client. */
  readonly name?: string;
  /** Description of the client, which names a secret. */
  readonly secret?: string;
}

/** Returns the warnings of a run. */
export function warningsIn(
  { mostClients, warnClients }: Pick<Configuration, "mostClients" | "warnClients">,
  gauges: Gauges,
): Warning[] {
  const about = (credentials: readonly string[], message: string) =>
    credentials.map((credential) => ({ message, credential }));
  const { presentClients } = gauges;
  return [
    ...gauges.unproven.map(({ id: client, name, description: secret }) => ({
      message:
        "this client has the name and the description of the rotator's clients, and nothing proves that the rotator created it: it is left alone. Delete it, unless you know it",
      client,
      name,
      secret,
    })),
    ...about(
      gauges.overdue,
      "it is older than its class allows, also with the days of grace of its class: see the rotator's log",
    ),
    ...about(gauges.unfinished, "its latest rotation failed: see the rotator's log, and rotate it"),
    ...gauges.unrotated.map(({ name: credential, reason: message }) => ({ message, credential })),
    ...about(gauges.lost, "somebody deleted the client of its current value: rotate it"),
    ...about(
      gauges.refused,
      "the client of its current value was deactivated, and not by the reconciler: rotate it, or activate the client if you know why",
    ),
    ...(presentClients >= warnClients
      ? [
          {
            message: `the organisation has ${counted(presentClients, "OAuth client")} (warning level: ${warnClients}). At ${mostClients}, no more are created`,
          },
        ]
      : []),
  ];
}

export const logAction = (
  reporter: Reporter,
  { kind: action, clientId: client, clientName: name, reason }: Action,
): void =>
  log(reporter, "info", reason, { action, client, name, dryRun: reporter.configuration.dryRun });

export const OVERDUE = "it is overdue: its owner must replace it";

/** Reports the rotations that a run started, and the labels that it removed before. */
export function reportStarts(
  reporter: Reporter,
  { freed, started, left }: Pick<Freed & Starts, "freed" | "started" | "left">,
): void {
  for (const { name: credential, version } of freed) {
    const message = `AWSPENDING was removed from version ${version}, on which no rotation works any more`;
    log(reporter, "info", message, { credential });
  }
  for (const credential of started) {
    log(reporter, "info", "its rotation was started", { credential });
  }
  if (left === 0) return;
  const message = `${counted(left, "due rotation")} left for the next run`;
  log(reporter, "warn", message, { started: started.length });
}

export const REFUSED = "its current value does not work: rotate it";

/** Reports what a run did, also if some of its actions failed. The alarm for silent runs counts this. */
export function reportResult(
  reporter: Reporter,
  { done, gauges, proofs, lostIntegrations, freed, started, notStarted }: Reconciliation,
  GiveUps: number,
): void {
  const lost = lostIntegrations.map(({ name }) => name);
  const refused = new Set([...gauges.refused, ...proofs.refused, ...proofs.untried, ...lost]);
  for (const credential of proofs.refused) {
    log(reporter, "warn", REFUSED, { credential });
  }
  for (const credential of proofs.untried) {
    const message =
      "for a day and a half, no login has shown whether its current value works: see the lines that say not tried";
    log(reporter, "warn", message, { credential });
  }
  for (const { name: credential, report } of lostIntegrations) {
    log(reporter, "warn", report, { credential });
  }
  reportStarts(reporter, { freed, started, left: notStarted });
  for (const failure of proofs.failures) log(reporter, "warn", `not tried: ${failure}`);
  const { configuration, clock, print } = reporter;
  print(
    metricsLine(configuration.org, clock.now(), {
      RefusedCredentials: refused.size,
      Actions: done.length,
      GiveUps,
    }),
  );
}
