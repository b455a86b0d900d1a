import { z } from "zod";
import { consumerSchema, orgSchema, stateHomeSchema } from "./entry-schemas";

/**
 * JSON Schema of the registry's data files, for editors: one org, the list of homes, that of consumers, or
 * all in one file. Rules over several fields or orgs are not in it: only the registry checks them. The build
 * publishes it with the comments of model.ts (scripts/json-schemas.mjs).
 */
export function registryJsonSchema(): Record<string, unknown> {
  const homes = z.array(stateHomeSchema);
  const orgs = z.array(orgSchema);
  const consumers = z.array(consumerSchema);
  const schema = z.union([
    orgSchema,
    homes,
    z.strictObject({
      homes: homes.describe("State homes: the buckets that keep the states of the organisations."),
      orgs: orgs.describe("Organisations of Genesys Cloud."),
      consumers: consumers.describe("Workloads that read credentials.").optional(),
    }),
    consumers,
  ]);
  return {
    ...z.toJSONSchema(schema, { unrepresentable: "any" }),
    title: "Registry of Genesys Cloud organisations",
  };
}
