import { canary } from "../../world";
import type { NewObject } from "../core/behaviour";
import { uuid } from "../core/made-up-values";
import { type ObjectValue, text } from "../core/value";
import type { GenesysArea, GenesysContext } from "./common";

/** OAuth clients. */
export const oauth: GenesysArea = {
  resources: {
    genesyscloud_oauth_client: {
      limits: {
        access_token_validity_seconds: { min: 300, max: 38880000 },
        authorized_grant_type: {
          oneOf: ["CODE", "TOKEN", "SAML2BEARER", "SAML2-BEARER", "PASSWORD", "CLIENT-CREDENTIALS"],
        },
        state: { oneOf: ["active", "inactive"] },
      },
      defaults: {
        access_token_validity_seconds: 86400,
        expose_client_secret: false,
        state: "active",
      },
      computed: newClient,
    },
  },
};

function newClient(
  { planned, prior, seed: objectSeed }: NewObject,
  { seed, client, onSecret }: GenesysContext,
): ObjectValue {
  const id = uuid(objectSeed);
  // The real API shows a client's secret once, in the answer that creates it.
  if (prior !== null || planned.expose_client_secret !== true) {
    return { client_id: id, client_secret: "", integration_credential_id: "" };
  }
  const name = text(planned, "name") ?? id;
  const value = canary(seed, client.org, `${name}#${id.slice(0, 8)}`);
  onSecret({ org: client.org, credential: name, value });
  return { client_id: id, client_secret: value, integration_credential_id: "" };
}
