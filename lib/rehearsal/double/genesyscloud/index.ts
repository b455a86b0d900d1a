import { type Canary, canary, type GenesysClient, type World } from "../../world";
import type { NewObject, ObjectStore, ProviderBehaviour, Session } from "../core/behaviour";
import { uuid } from "../core/made-up-values";
import { Refusal } from "../core/refusal";
import { type ObjectValue, text } from "../core/value";
import { genesyscloudRules } from "./routing";

/**
 * Genesys Cloud with the clients of a world. It answers as the organisation whose client
 * configured the provider.
 * @param onSecret Told of every client secret that is handed out.
 */
export function genesyscloudBehaviour(
  world: World,
  onSecret: (secret: Canary) => void = () => {},
): ProviderBehaviour {
  return {
    rules: genesyscloudRules,
    configure: (config) => session(world.seed, authenticate(world, config), onSecret),
  };
}

function authenticate(world: World, config: ObjectValue): GenesysClient {
  const client = world.clients.find(
    ({ id, secret, region }) =>
      id === config.oauthclient_id &&
      secret === config.oauthclient_secret &&
      // Without a region the provider asks a host that does not exist.
      region === text(config, "aws_region")?.toLowerCase(),
  );
  if (client && !text(config, "access_token")) return client;
  throw new Refusal(
    "failed to authorize Genesys Cloud client credentials: Auth Error: 401 - invalid_client (authentication failed)",
    whyRefused(world, config),
  );
}

// The real service says no more than the summary: this is what one would look for.
function whyRefused(world: World, config: ObjectValue): string {
  const id = text(config, "oauthclient_id");
  const region = text(config, "aws_region") ?? "no region";
  if (text(config, "access_token")) return "The rehearsal knows no access tokens, only clients.";
  if (id === undefined) return "oauthclient_id is empty or not known yet.";
  const known = world.clients.find((client) => client.id === id);
  if (!known) return `No client "${id}" exists.`;
  if (known.region !== region.toLowerCase()) {
    return `Client "${id}" belongs to region ${known.region}, the provider is set to ${region}.`;
  }
  return `The secret of client "${id}" does not match.`;
}

function session(seed: string, client: GenesysClient, onSecret: (secret: Canary) => void): Session {
  const homeDivision = uuid(seed, client.organizationId, "home division");
  return {
    scope: `Genesys Cloud organisation ${client.organizationId}`,
    authorize: (operation, type, object) => {
      if (!client.viewOnly) return;
      throw new Refusal(
        `Failed to ${operation} ${type} ${text(object, "name") ?? ""} | error: API Error: 403 - You are not authorized to perform the requested action.`,
        `The ${client.credential} of ${client.org} (client "${client.id}") may only read.`,
      );
    },
    computed: (object) => computed(object, seed, client, homeDivision, onSecret),
    computedIn: (_type, path) => (path.endsWith(".division_id") ? homeDivision : undefined),
    data: (type, config, store) => data(type, config, store, seed, client, homeDivision),
  };
}

function computed(
  object: NewObject,
  seed: string,
  client: GenesysClient,
  homeDivision: string,
  onSecret: (secret: Canary) => void,
): ObjectValue {
  const { type, planned, prior } = object;
  const id = uuid(object.seed);
  const common = { id, division_id: homeDivision };
  if (type !== "genesyscloud_oauth_client") return common;
  const name = text(planned, "name") ?? id;
  // The real API shows a client's secret once, in the answer that creates it.
  if (prior !== null || planned.expose_client_secret !== true) {
    return { ...common, client_id: id, client_secret: "", integration_credential_id: "" };
  }
  const value = canary(seed, client.org, `${name}#${id.slice(0, 8)}`);
  onSecret({ org: client.org, credential: name, value });
  return { ...common, client_id: id, client_secret: value, integration_credential_id: "" };
}

function data(
  type: string,
  config: ObjectValue,
  store: ObjectStore,
  seed: string,
  client: GenesysClient,
  homeDivision: string,
): ObjectValue {
  if (type === "genesyscloud_organizations_me") {
    return {
      id: client.organizationId,
      name: client.org,
      domain: client.org,
      default_country_code: "US",
      default_language: "en-us",
      product_platform: "PureCloud",
    };
  }
  if (type === "genesyscloud_auth_division_home") return { id: homeDivision, name: "Home" };
  const name = text(config, "name");
  if (name === undefined) return {};
  for (const object of store.objects(type))
    if (object.name === name) return { id: object.id ?? null };
  // Whatever else a stack looks up by name exists: the rehearsal cannot know an org's inventory.
  return { id: uuid(seed, client.organizationId, type, name) };
}
