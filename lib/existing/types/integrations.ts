import { canonicalText } from "../canonical-text";
import { at, type Entity, refTo, textAt } from "./mapping";
import { INTEGRATION_CREDENTIAL } from "./names";
import type { ObjectType } from "./object-type";

/** Integrations. Their credentials are references: no secret can be read. */
export const integration: ObjectType = {
  type: "genesyscloud_integration",
  plural: "integrations",
  listings: [{ path: "/api/v2/integrations" }],
  details: [{ name: "config", of: ({ id }) => `/api/v2/integrations/${id}/config/current` }],
  nameIn: "config",
  json: ["config.properties", "config.advanced"],
  mapping: {
    integration_type: "integrationType.id",
    intended_state: "intendedState",
    config: ({ config }) => ({
      name: textAt(config, "name"),
      notes: notesOf(config),
      properties: jsonAt(config, "properties"),
      advanced: jsonAt(config, "advanced"),
      credentials: Object.fromEntries(
        Object.entries((at(config, "credentials") ?? {}) as Entity).map(([name, credential]) => [
          name,
          refTo(INTEGRATION_CREDENTIAL, at(credential, "id")),
        ]),
      ),
    }),
  },
};

/** Notes that were emptied once have this text. Source: the Genesys Cloud Terraform provider. */
const EMPTY_NOTES = "node_dynamodb_empty_string";

function notesOf(config: unknown): string | undefined {
  const notes = textAt(config, "notes");
  return notes === EMPTY_NOTES ? undefined : notes;
}

/** As the provider writes it: with sorted names. */
function jsonAt(config: unknown, place: string): string | undefined {
  const found = at(config, place);
  return found === undefined || found === null ? undefined : canonicalText(found);
}
