import type { IConstruct } from "constructs";
import type { Org } from "../registry/model";

const CREATED = Symbol.for("cdktf-genesys-orgs/created-client");

interface CreatedClient {
  readonly org: string;
  readonly name: string;
}

/** Marks a construct that creates an OAuth client of an organisation. */
export function markCreated(construct: IConstruct, org: Org, name: string): void {
  const created: CreatedClient = { org: org.name, name };
  Object.defineProperty(construct, CREATED, { value: created });
}

/** Returns the names of the OAuth clients that the constructs of an app create, by organisation. */
export function createdClients(app: IConstruct): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const construct of app.node.findAll()) {
    const created = (construct as { readonly [CREATED]?: CreatedClient })[CREATED];
    if (created) names.set(created.org, [...(names.get(created.org) ?? []), created.name]);
  }
  return names;
}
