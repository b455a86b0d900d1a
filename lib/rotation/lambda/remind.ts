import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { awsCall } from "../../aws/call";
import { type Reminder, remindOwners } from "../reminders";
import { rotateManagedSecrets } from "../rotate-managed-secrets";
import { DUE_EVENTS } from "../rotation-names";
import type { SecretStore } from "../secret-store";
import type { Dependencies } from "./dependencies";
import { log } from "./log";
import { ManagedSecretParameters } from "./managed-secret-parameters";
import { metricsLine } from "./metrics";
import { OVERDUE, reportStarts } from "./report";

/**
 * Reminds the owners of the org's credentials that are due and that nothing can rotate, and reports the
 * overdue ones as the metric of overdue OAuth clients. Starts the rotations of the others.
 *
 * @returns what failed, and the number of these credentials; it throws nothing, since the OAuth clients
 *   need their run all the same
 */
export async function remind(
  dependencies: Dependencies,
  secrets: Pick<SecretStore, "history" | "abandon" | "rotate">,
): Promise<{ readonly failures: readonly string[]; readonly count: number }> {
  const { configuration, clock, print } = dependencies;
  const { org, dryRun, windows } = configuration;
  const parameters = new ManagedSecretParameters(dependencies.parameters, configuration);
  try {
    const all = await parameters.all();
    if (all.length === 0) return { failures: [], count: 0 };
    const { overdue, failures } = await remindOwners({
      org,
      all,
      secrets,
      clock,
      send: (reminder) => send(dependencies, reminder),
      note: async (name, day) => (dryRun ? undefined : parameters.note(name, day)),
    });
    for (const credential of overdue) {
      log(dependencies, "warn", OVERDUE, { credential });
    }
    print(metricsLine(org, clock.now(), { OverdueCredentials: overdue.length }));
    if (dryRun) return { failures, count: all.length };
    const rotations = await rotateManagedSecrets({ all, secrets, clock, windows });
    reportStarts(dependencies, rotations);
    return { failures: [...new Set([...failures, ...rotations.failures])], count: all.length };
  } catch (error) {
    return { failures: [`reminders: ${(error as Error).message}`], count: 0 };
  }
}

async function send(dependencies: Dependencies, reminder: Reminder): Promise<void> {
  const { configuration, events, clock } = dependencies;
  const { credential, owner, daysLeft, dueAt } = reminder;
  const message = `it is due on ${dueAt.slice(0, 10)}: ${owner} must replace it`;
  log(dependencies, "info", message, { credential, daysLeft, dryRun: configuration.dryRun });
  if (configuration.dryRun) return;
  const command = new PutEventsCommand({
    Entries: [
      {
        Source: DUE_EVENTS.source,
        DetailType: DUE_EVENTS.detailType,
        Time: new Date(clock.now()),
        Resources: [reminder.secretArn],
        Detail: JSON.stringify(reminder),
      },
    ],
  });
  const { Entries: [entry] = [] } = await awsCall("PutEvents", events.send(command));
  // EventBridge answers 200 to an event that it did not take.
  if (entry?.ErrorCode) throw new Error(`PutEvents: ${entry.ErrorCode}`);
}
