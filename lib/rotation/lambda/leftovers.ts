import type { OAuthClient } from "../../genesys/models";
import { secretArnIn } from "../client-name";
import type { StoredCredential } from "../credential-records";
import { credentialOf, type SecretArns } from "./configuration";
import { log } from "./log";
import type { OrgReconciliation } from "./reconciliation";

/**
 * Deletes the notes of credentials that were destroyed, once none of their clients is listed any more:
 * Genesys Cloud may list a deleted one for a week, and the notes say that it is deleted.
 *
 * @param clients the organisation's clients with our marks
 * @returns failures; none stops the others
 */
export async function removeLeftovers(
  { dependencies, parameters }: OrgReconciliation,
  credentials: readonly StoredCredential[],
  clients: readonly OAuthClient[],
): Promise<string[]> {
  const { configuration } = dependencies;
  const failures: string[] = [];
  if (configuration.dryRun) return failures;
  for (const name of leftoversAmong(configuration, credentials, clients)) {
    try {
      await parameters.forget(name);
      log(dependencies, "info", "its notes were deleted", { credential: name });
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  return failures;
}

/** Returns the names of the destroyed credentials whose notes are no longer needed. */
export function leftoversAmong(
  configuration: SecretArns,
  credentials: readonly StoredCredential[],
  clients: readonly OAuthClient[],
): string[] {
  const alive = new Set(clients.map((each) => credentialOf(configuration, secretArnIn(each))));
  return credentials
    .filter(({ name, specification, problem }) => {
      return !specification && problem === undefined && !alive.has(name);
    })
    .map(({ name }) => name);
}
