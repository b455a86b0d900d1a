import type { z } from "zod";
import { UserError } from "../../errors";
import { oauthClientFields, oauthClientSchema } from "../entry-schemas";
import type { OAuthClientEntry, Org } from "../model";
import { problemAbout, problemLine } from "../registry-error";
import { leaseMistakes } from "./brokered-clients";
import { checkEntry } from "./check-entry";
import { expectedFor, isUnknown } from "./consumers";

/** The fix of a client with allowed addresses in an org whose rotation has none of its own. */
export const NEEDS_NETWORK =
  "set rotation.network, whose egressAddresses are added; without it, the rotation could not log in as the client, and would never make a new version the current one";

/**
 * Checks a client that is defined in code, by the rules for the clients of a registry.
 *
 * @throws UserError with all its mistakes
 */
export const checkOAuthClient = (org: NamedOrg, client: OAuthClientEntry): void =>
  check(oauthClientSchema, org, client);

/**
 * Checks a client that Terraform manages, by those of the rules that apply to it.
 *
 * @throws UserError with all its mistakes
 */
export const checkManagedOAuthClient = (org: NamedOrg, client: NamedClient): void =>
  check(managedSchema, org, client);

type NamedOrg = Pick<Org, "name" | "consumers">;
type NamedClient = Pick<OAuthClientEntry, "name" | "consumers" | "broker">;

const managedSchema = oauthClientFields
  .pick({ name: true, permissions: true, consumers: true, classification: true })
  .partial({ permissions: true });

function check(schema: z.ZodObject, org: NamedOrg, client: NamedClient): void {
  // A client of the registry also has its derived names.
  const entry = Object.fromEntries(
    Object.keys(schema.shape)
      .filter((key) => Reflect.get(client, key) !== undefined)
      .map((key) => [key, Reflect.get(client, key)]),
  );
  const subject = `${org.name}, OAuth client ${client.name}`;
  const found = checkEntry(schema, entry, subject);
  const problems =
    found.length > 0 ? found : [...unknownIn(org, client, subject), ...leaseIn(client, subject)];
  if (problems.length > 0) throw new UserError(problems.map(problemLine).join("\n"));
}

const leaseIn = ({ broker }: NamedClient, subject: string) =>
  [...(broker ? leaseMistakes(broker) : [])].map(([path, value, rule, expected]) =>
    problemAbout(subject, path, value, rule, expected),
  );

function unknownIn(org: NamedOrg, { consumers = [] }: NamedClient, subject: string) {
  const names = org.consumers.map(({ name }) => name);
  return consumers.flatMap((given, index) =>
    isUnknown(given, names)
      ? problemAbout(
          subject,
          ["consumers", index],
          given,
          "consumer-unknown",
          expectedFor(given, names),
        )
      : [],
  );
}
