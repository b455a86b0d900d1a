import type { Canary, World } from "../../world";
import type { ObjectStore, ProviderBehaviour, Session } from "../core/behaviour";
import { uuid } from "../core/made-up-values";
import { Refusal } from "../core/refusal";
import { type ObjectValue, text } from "../core/value";
import { architect } from "./architect";
import type { GenesysArea, GenesysContext } from "./common";
import { integrations } from "./integrations";
import { authenticate, configRules } from "./login";
import { oauth } from "./oauth";
import { organization } from "./organization";
import { people } from "./people";
import { routing } from "./routing";

/** The areas that the double knows, one file each. For all others it has the schema only. */
const areas: readonly GenesysArea[] = [
  architect,
  integrations,
  oauth,
  organization,
  people,
  routing,
];

/** Everything that the double knows, from the schema definitions of mypurecloud/genesyscloud 1.84.1. */
const genesyscloud: Required<GenesysArea> = {
  resources: Object.assign({}, ...areas.map(({ resources }) => resources)),
  dataSources: Object.assign({}, ...areas.map(({ dataSources }) => dataSources)),
};

/** The rules of each type of resource. */
export const GENESYSCLOUD_RESOURCES = genesyscloud.resources;

/**
 * Behaviour of the Genesys Cloud provider with the clients of a world. It answers as the
 * organisation whose client configured it.
 * @param onSecret Called for every client secret that is handed out.
 */
export function genesyscloudBehaviour(
  world: World,
  onSecret: (secret: Canary) => void = () => {},
): ProviderBehaviour {
  return {
    rules: { provider: configRules, ...genesyscloud },
    configure: (config) => {
      const client = authenticate(world, config);
      const homeDivision = uuid(world.seed, client.organizationId, "home division");
      return session({ seed: world.seed, client, homeDivision, onSecret });
    },
  };
}

function session(context: GenesysContext): Session {
  const { client, homeDivision } = context;
  return {
    scope: `Genesys Cloud organisation ${client.organizationId}`,
    authorize: (operation, type, object) => {
      if (!client.viewOnly) return;
      throw new Refusal(
        `Failed to ${operation} ${type} ${text(object, "name") ?? ""} | error: API Error: 403 - You are not authorized to perform the requested action.`,
        `The ${client.credential} of ${client.org} (client "${client.id}") may only read.`,
      );
    },
    computed: (object) => ({
      id: uuid(object.seed),
      division_id: homeDivision,
      ...genesyscloud.resources[object.type]?.computed?.(object, context),
    }),
    computedIn: (_type, path) => (path.endsWith(".division_id") ? homeDivision : undefined),
    data: (type, query, store) =>
      genesyscloud.dataSources[type]?.read?.(query, context) ?? found(type, query, store, context),
  };
}

/** Finds an object by its name. An object that is not found exists in the org outside of Terraform. */
function found(
  type: string,
  query: ObjectValue,
  store: ObjectStore,
  { seed, client }: GenesysContext,
): ObjectValue {
  const name = text(query, "name");
  if (name === undefined) return {};
  for (const object of store.objects(type)) {
    if (object.name === name) return { id: object.id ?? null };
  }
  return { id: uuid(seed, client.organizationId, type, name) };
}
