import { block, goJson, part, type Reader } from "./reader";

/** How the API writes an empty note. */
const NO_NOTES = "node_dynamodb_empty_string";

export const integration: Reader = ({ integrationType, intendedState, $config }) => ({
  integration_type: part(integrationType)?.id,
  intended_state: intendedState,
  config: block($config, ({ name, notes, properties, advanced, credentials }) => ({
    name,
    notes: notes === NO_NOTES ? "" : notes,
    ...(properties && { properties: goJson(properties) }),
    ...(advanced && { advanced: goJson(advanced) }),
    credentials: Object.fromEntries(
      Object.entries((credentials ?? {}) as Record<string, { readonly id: string }>).map(
        ([kind, { id }]) => [kind, id],
      ),
    ),
  })),
});
