import type { IConstruct } from "constructs";
import type { Org } from "../registry/model";

type CreatedKind = "client" | "secret";

const CREATED = Symbol.for("cdktf-genesys-orgs/created-client");

interface CreatedClient {
  readonly org: string;
  readonly name: string;
  readonly kind: CreatedKind;
}

/** Marks a construct that creates an OAuth client of an organisation, or another credential. */
export function markCreated(
  construct: IConstruct,
  org: Org,
  name: string,
  kind: CreatedKind = "client",
): void {
  const created: CreatedClient = { org: org.name, name, kind };
  Object.defineProperty(construct, CREATED, { value: created });
}

/**
 * Returns the names of the OAuth clients, or of the other credentials, that the constructs of an app
 * create, by organisation.
 */
export function createdClients(
  app: IConstruct,
  kind: CreatedKind = "client",
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const construct of app.node.findAll()) {
    const created = (construct as { readonly [CREATED]?: CreatedClient })[CREATED];
    if (created?.kind !== kind) continue;
    names.set(created.org, [...(names.get(created.org) ?? []), created.name]);
  }
  return names;
}
