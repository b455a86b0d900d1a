import type { ProviderBehaviour, Session } from "../../../lib/rehearsal/double/core/behaviour";
import { Refusal } from "../../../lib/rehearsal/double/core/refusal";
import { type ObjectValue, text } from "../../../lib/rehearsal/double/core/value";
import type { FakeOrganization } from "../fakes/fake-organization";
import { type Entity, exists, type Kind, textOf } from "../fakes/organization/entity";
import { KINDS } from "../fakes/organization/kinds";
import { readAsProvider, readableKind } from "./provider-reading";

/** Lets the double of the Genesys Cloud provider read the objects of an organisation. */
export function wired(
  behaviour: ProviderBehaviour,
  organizationOf: (config: ObjectValue) => FakeOrganization | undefined,
): ProviderBehaviour {
  return {
    ...behaviour,
    configure: (config) => {
      // It refuses a client that it does not know.
      const session = behaviour.configure(config);
      const organization = organizationOf(config);
      return organization ? { ...session, ...reading(session, organization) } : session;
    },
  };
}

const reading = (session: Session, organization: FakeOrganization): Partial<Session> => ({
  read: (type, id) =>
    readableKind(type) === undefined ? undefined : (readAsProvider(organization, type, id) ?? null),
  data: (type, query, store) => {
    const found = dataOf(organization, type, query);
    if (found) return found;
    // An object that this run made.
    for (const object of store.objects(type)) {
      if (text(query, "name") !== undefined && object.name === query.name) {
        return { id: object.id ?? null };
      }
    }
    if (isKnown(type)) throw notFound(type, query);
    return session.data?.(type, query, store) ?? {};
  },
});

const isKnown = (type: string) => type.replace("genesyscloud_", "") in KINDS;

/** Answers a data source from the organisation; undefined if it does not have what it looks for. */
function dataOf(
  organization: FakeOrganization,
  type: string,
  query: ObjectValue,
): ObjectValue | undefined {
  if (type === "genesyscloud_auth_division_home") {
    const home = organization.homeDivision;
    return (
      home && { id: home.id, name: textOf(home, "name"), description: textOf(home, "description") }
    );
  }
  if (!isKnown(type)) return undefined;
  const kind = type.replace("genesyscloud_", "") as Kind;
  const found = organization.all(kind).find((entity) => exists(entity) && isMeant(entity, query));
  return found && { id: found.id };
}

/** Whether an object has the whole name, as most data sources want it; an address in any case. */
const isMeant = (entity: Entity, query: ObjectValue): boolean =>
  ["name", "email", "type"].every((field) => {
    const wanted = text(query, field);
    const found = textOf(entity, field);
    if (field === "name") return wanted === undefined || wanted === found;
    return wanted === undefined || wanted.toLowerCase() === found.toLowerCase();
  });

/** The real provider looks for some seconds, and then says so, with the API's last answer. */
function notFound(type: string, query: ObjectValue): Refusal {
  const wanted = text(query, "name") ?? text(query, "email") ?? "";
  const kind = type.replace("genesyscloud_", "").replaceAll("_", " ");
  return new Refusal(
    `Failed to find ${kind} ${wanted} | error: unable to find ${kind} with name ${wanted}`,
  );
}
