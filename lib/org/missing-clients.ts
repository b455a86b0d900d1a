import type { TerraformStack } from "cdktf";
import { OrgStack } from "./org-stack";

/** Names of credentials, by organisation. */
type Created = ReadonlyMap<string, readonly string[]>;

/**
 * Returns a message for each organisation whose registry entry names OAuth clients that no stack
 * creates, or whose stack leaves to others a client that the registry does not have.
 *
 * @param created names of the created clients whose secrets rotate, by organisation
 * @param brokered names of the created clients that Vault brokers, by organisation
 */
export const missingClients = (
  stacks: readonly TerraformStack[],
  created: Created,
  brokered: Created,
): string[] =>
  stacks.filter(OrgStack.isOrgStack).flatMap(({ org, clientsElsewhere }) => {
    const names = org.brokeredClients.map(({ name }) => name);
    const isBrokered = (name: string) => names.includes(name);
    const wording = { what: "OAuth client", elsewhere: "clientsElsewhere" };
    return [
      ...missingIn(
        org.name,
        org.oauthClients,
        created,
        clientsElsewhere.filter((name) => !isBrokered(name)),
        { ...wording, list: "oauthClients", construct: "an OAuthClientWithOffloadedSecret" },
      ),
      ...missingIn(org.name, org.brokeredClients, brokered, clientsElsewhere.filter(isBrokered), {
        ...wording,
        list: "brokeredClients",
        construct: "a BrokeredOAuthClient",
      }),
    ];
  });

/**
 * Returns a message for each brokered OAuth client that another construct creates as well: both would write
 * one role of the engine, or roles in Genesys Cloud of one name.
 */
export const doubledClients = (created: Created, brokered: Created): string[] =>
  [...brokered].flatMap(([org, names]) => {
    const all = [...names, ...(created.get(org) ?? [])];
    const doubled = names.filter((name) => all.indexOf(name) !== all.lastIndexOf(name));
    return [...new Set(doubled)].map(
      (name) =>
        `${org}: two constructs create the OAuth client ${name}. Remove one of the two, or give it another name`,
    );
  });

/** Returns what {@link missingClients} does, for the credentials that are not OAuth clients. */
export const missingSecrets = (
  stacks: readonly TerraformStack[],
  created: ReadonlyMap<string, readonly { readonly name: string }[]>,
): string[] =>
  stacks.filter(OrgStack.isOrgStack).flatMap(({ org, secretsElsewhere }) =>
    missingIn(org.name, org.secrets, namesOf(created), secretsElsewhere, {
      what: "secret",
      list: "secrets",
      construct: "a ManagedSecret",
      elsewhere: "secretsElsewhere",
    }),
  );

const namesOf = (created: ReadonlyMap<string, readonly { readonly name: string }[]>): Created =>
  new Map([...created].map(([org, secrets]) => [org, secrets.map(({ name }) => name)]));

interface Wording {
  readonly what: string;
  readonly list: string;
  readonly construct: string;
  readonly elsewhere: string;
}

function missingIn(
  org: string,
  wanted: readonly { readonly name: string }[],
  created: Created,
  left: readonly string[],
  { what, list, construct, elsewhere }: Wording,
): string[] {
  const names = wanted.map(({ name }) => name);
  const made = [...(created.get(org) ?? []), ...left];
  const missing = names.filter((name) => !made.includes(name));
  const unknown = left.filter((name) => !names.includes(name));
  return [
    ...(missing.length > 0
      ? [
          `${org}: no stack creates the ${what}s ${missing.join(", ")} of the registry. Add ${construct} for each of org.${list}, or name them in ${elsewhere} of the OrgStack`,
        ]
      : []),
    ...(unknown.length > 0
      ? [
          `${org}: ${elsewhere} names ${unknown.join(", ")}, but the registry has no such ${what}. Correct the name or remove it`,
        ]
      : []),
  ];
}
