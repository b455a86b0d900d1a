import type { GenesysClient, World } from "../../world";
import { Refusal } from "../core/refusal";
import type { Rules } from "../core/rules";
import { type ObjectValue, text } from "../core/value";

/** Rules for the configuration of the provider. */
export const configRules: Rules = {
  limits: {
    aws_region: {
      oneOf: [
        "tca",
        "us-east-2",
        "me-central-1",
        "us-west-2",
        "ap-northeast-2",
        "ap-northeast-3",
        "eusc-de-east-1",
        "dca",
        "eu-west-2",
        "ap-southeast-2",
        "ap-south-1",
        "ap-southeast-1",
        "us-east-1",
        "eu-west-1",
        "ap-northeast-1",
        "eu-central-1",
        "ca-central-1",
        "sa-east-1",
        "eu-central-2",
        "mx-central-1",
      ],
      ignoreCase: true,
    },
    max_concurrent_pages: { min: 1, max: 75 },
    sdk_debug_format: { oneOf: ["Text", "Json"] },
    token_pool_size: { min: 1, max: 50 },
  },
  defaults: {
    custom_retry_timeout: "5m",
    log_stack_traces: false,
    log_stack_traces_file_path: "genesyscloud_stack_traces.log",
    max_concurrent_pages: 1,
    sdk_client_pool_debug: false,
    sdk_debug: false,
    sdk_debug_file_path: "sdk_debug.log",
    sdk_debug_format: "Text",
    token_acquire_timeout: "5m0s",
    token_init_timeout: "10m0s",
    token_pool_size: 10,
  },
};

/**
 * Returns the client of the world whose id, secret and region the configuration has.
 * @throws Refusal
 */
export function authenticate(world: World, config: ObjectValue): GenesysClient {
  const client = world.clients.find(
    ({ id, secret, region }) =>
      id === config.oauthclient_id &&
      secret === config.oauthclient_secret &&
      // Without a region the provider calls a host that does not exist.
      region === text(config, "aws_region")?.toLowerCase(),
  );
  if (client && !text(config, "access_token")) return client;
  throw new Refusal(
    "failed to authorize Genesys Cloud client credentials: Auth Error: 401 - invalid_client (authentication failed)",
    whyRefused(world, config),
  );
}

// The real service gives the summary only. This is the reason that a user would look for.
function whyRefused(world: World, config: ObjectValue): string {
  const id = text(config, "oauthclient_id");
  const region = text(config, "aws_region") ?? "no region";
  if (text(config, "access_token"))
    return "A rehearsal accepts OAuth clients only, not an access token.";
  if (id === undefined) return "oauthclient_id is empty or not known yet.";
  const known = world.clients.find((client) => client.id === id);
  if (!known) return `No client "${id}" exists.`;
  if (known.region !== region.toLowerCase()) {
    return `Client "${id}" belongs to region ${known.region}, the provider is set to ${region}.`;
  }
  return `The secret of client "${id}" does not match.`;
}
