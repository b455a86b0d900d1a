import type { z } from "zod";
import { UserError } from "../../errors";
import { oauthClientFields, oauthClientSchema } from "../entry-schemas";
import type { OAuthClientEntry } from "../model";
import { problemLine } from "../registry-error";
import { checkEntry } from "./entry";

/**
 * Checks a client that code makes, by the rules for the clients of a registry.
 *
 * @throws UserError with all that is wrong with it
 */
export const checkOAuthClient = (org: string, client: OAuthClientEntry): void =>
  check(oauthClientSchema, org, client);

/**
 * Checks what a client that Terraform manages has in common with them.
 *
 * @throws UserError with all that is wrong with it
 */
export const checkManagedOAuthClient = (org: string, client: { readonly name: string }): void =>
  check(managedSchema, org, client);

const managedSchema = oauthClientFields
  .pick({ name: true, permissions: true, consumers: true, classification: true })
  .partial({ permissions: true });

function check(schema: z.ZodObject, org: string, client: { readonly name: string }): void {
  // A client of the registry carries its derived names as well.
  const entry = Object.fromEntries(
    Object.keys(schema.shape)
      .filter((key) => Reflect.get(client, key) !== undefined)
      .map((key) => [key, Reflect.get(client, key)]),
  );
  const problems = checkEntry(schema, entry, `${org}, OAuth client ${client.name}`);
  if (problems.length > 0) throw new UserError(problems.map(problemLine).join("\n"));
}
