import { z } from "zod";
import { orgSchema, stateHomeSchema } from "./entry-schemas";

/**
 * JSON Schema of the registry's data files, for editors: one org, the list of homes, or both in
 * one file. What spans several fields or orgs is checked by the registry alone.
 */
export function registryJsonSchema(): Record<string, unknown> {
  const home = z.array(stateHomeSchema);
  const schema = z.union([
    orgSchema,
    home,
    z.strictObject({ homes: home, orgs: z.array(orgSchema) }),
  ]);
  return {
    ...z.toJSONSchema(schema, { unrepresentable: "any" }),
    title: "Registry of Genesys Cloud organisations",
  };
}
