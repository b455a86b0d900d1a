import { UserError } from "../errors";
import { checkEntry } from "./check-entry";
import { oauthClientSchema } from "./entry-schemas";
import type { OAuthClientEntry } from "./model";
import { problemLine } from "./registry-error";

/**
 * Checks a client that code makes, by the rules for the clients of a registry.
 *
 * @throws UserError with all that is wrong with it
 */
export function checkOAuthClient(org: string, client: OAuthClientEntry): void {
  // A client of the registry carries its derived names as well.
  const entry = Object.fromEntries(
    Object.keys(oauthClientSchema.shape).map((key) => [key, Reflect.get(client, key)]),
  );
  const problems = checkEntry(oauthClientSchema, entry, `${org}, OAuth client ${client.name}`);
  if (problems.length > 0) throw new UserError(problems.map(problemLine).join("\n"));
}
