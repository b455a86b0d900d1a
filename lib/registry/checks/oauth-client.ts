import type { z } from "zod";
import { UserError } from "../../errors";
import { oauthClientFields, oauthClientSchema } from "../entry-schemas";
import type { OAuthClientEntry } from "../model";
import { problemLine } from "../registry-error";
import { checkEntry } from "./check-entry";

/** The fix of a client with allowed addresses in an org whose rotation has none of its own. */
export const NEEDS_NETWORK =
  "set rotation.network, whose egressAddresses are added; without it, the rotation could not log in as the client, and would never make a new version the current one";

/**
 * Checks a client that is defined in code, by the rules for the clients of a registry.
 *
 * @throws UserError with all its mistakes
 */
export const checkOAuthClient = (org: string, client: OAuthClientEntry): void =>
  check(oauthClientSchema, org, client);

/**
 * Checks a client that Terraform manages, by those of the rules that apply to it.
 *
 * @throws UserError with all its mistakes
 */
export const checkManagedOAuthClient = (org: string, client: { readonly name: string }): void =>
  check(managedSchema, org, client);

const managedSchema = oauthClientFields
  .pick({ name: true, permissions: true, consumers: true, classification: true })
  .partial({ permissions: true });

function check(schema: z.ZodObject, org: string, client: { readonly name: string }): void {
  // A client of the registry also has its derived names.
  const entry = Object.fromEntries(
    Object.keys(schema.shape)
      .filter((key) => Reflect.get(client, key) !== undefined)
      .map((key) => [key, Reflect.get(client, key)]),
  );
  const problems = checkEntry(schema, entry, `${org}, OAuth client ${client.name}`);
  if (problems.length > 0) throw new UserError(problems.map(problemLine).join("\n"));
}
