import type { IConstruct } from "constructs";
import type { Org } from "../registry/model";
import type { SecretReport } from "../registry/report";
import { isToken } from "../stack/tokens";

const CLIENT = Symbol.for("cdktf-genesys-orgs/created-client");
const BROKERED = Symbol.for("cdktf-genesys-orgs/created-brokered-client");
const SECRET = Symbol.for("cdktf-genesys-orgs/created-secret");

interface Created<What> {
  readonly org: string;
  readonly what: What;
}

/** Marks a construct that creates an OAuth client of an organisation. */
export function markCreated(construct: IConstruct, org: Org, name: string): void {
  mark(construct, CLIENT, { org: org.name, what: name });
}

/** Marks a construct that creates an OAuth client that Vault brokers. */
export function markBrokered(construct: IConstruct, org: Org, name: string): void {
  mark(construct, BROKERED, { org: org.name, what: name });
}

/** Marks a construct that creates the secret of a credential. */
export function markSecret(construct: IConstruct, org: Org, secret: SecretReport): void {
  const consumers = secret.consumers.filter((consumer) => !isToken(consumer));
  mark(construct, SECRET, { org: org.name, what: { ...secret, consumers } });
}

/** Returns the names of the OAuth clients that the constructs of an app create, by organisation. */
export const createdClients = (app: IConstruct): ReadonlyMap<string, readonly string[]> =>
  created<string>(app, CLIENT);

/** Returns the names of the brokered OAuth clients that the constructs of an app create, by organisation. */
export const createdBrokeredClients = (app: IConstruct): ReadonlyMap<string, readonly string[]> =>
  created<string>(app, BROKERED);

/** Returns the secrets that the constructs of an app create, by organisation. */
export const createdSecrets = (app: IConstruct): ReadonlyMap<string, readonly SecretReport[]> =>
  created<SecretReport>(app, SECRET);

function mark<What>(construct: IConstruct, symbol: symbol, value: Created<What>): void {
  Object.defineProperty(construct, symbol, { value });
}

function created<What>(app: IConstruct, symbol: symbol): Map<string, readonly What[]> {
  const all = new Map<string, readonly What[]>();
  for (const construct of app.node.findAll()) {
    const found = Reflect.get(construct, symbol) as Created<What> | undefined;
    if (found) all.set(found.org, [...(all.get(found.org) ?? []), found.what]);
  }
  return all;
}
