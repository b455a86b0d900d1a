import type { ManagedSecret } from "./reminders";
import type { RotatedCredential } from "./rotated-credential";
import type { SecretStore } from "./secret-store";
import { type StartProps, type Starts, startRotations } from "./start-rotations";
import { NO_STATUS } from "./status";
import { type Freed, freeLabels } from "./stuck-labels";

/** Inputs of a run that starts the rotations of webhooks' secrets. */
export interface ManagedRotationsProps extends Omit<StartProps, "limits"> {
  readonly all: readonly ManagedSecret[];
  readonly secrets: Pick<SecretStore, "history" | "abandon" | "rotate">;
}

/**
 * Removes stuck labels from the secrets that the rotator makes itself, and starts their rotations that
 * are due, as for OAuth clients. These need nothing of Genesys Cloud, so no outage stops them.
 */
export async function rotateManagedSecrets(props: ManagedRotationsProps): Promise<Freed & Starts> {
  const { found, failures } = await surveyManaged(props);
  const readAgain = async ({ name }: RotatedCredential) =>
    surveyOne(props, props.all.find((secret) => secret.name === name) as ManagedSecret);
  const { freed, ...labels } = await freeLabels({ ...props, readAgain }, found);
  const starts = await startRotations(props, found);
  return { ...starts, freed, failures: [...failures, ...labels.failures, ...starts.failures] };
}

/** What a survey of these secrets reads. */
interface ManagedReads {
  readonly all: readonly ManagedSecret[];
  readonly secrets: Pick<SecretStore, "history">;
}

/** Reads the labels of the secrets that the rotator makes itself. */
export async function surveyManaged(props: ManagedReads): Promise<{
  readonly found: readonly RotatedCredential[];
  readonly failures: readonly string[];
}> {
  const found: RotatedCredential[] = [];
  const failures: string[] = [];
  for (const secret of props.all) {
    // The reminders report a record that cannot be read.
    if (!secret.record?.rotates) continue;
    try {
      found.push(await surveyOne(props, secret));
    } catch (error) {
      failures.push(`${secret.name}: ${(error as Error).message}`);
    }
  }
  return { found, failures };
}

/** Reads the labels of a secret. Nothing is noted about it, so the last change counts as that of its labels. */
async function surveyOne(
  { secrets }: ManagedReads,
  { name, record: specification }: ManagedSecret,
): Promise<RotatedCredential> {
  const history = await secrets.history(specification?.secretArn ?? "");
  const status = { ...NO_STATUS, labelsSince: history.changedAt };
  return { name, retiring: false, specification, status, history };
}
