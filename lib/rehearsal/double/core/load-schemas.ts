import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../../errors";
import type { ProviderSchema } from "./schema";

/** Schemas of providers by source, for example `registry.terraform.io/hashicorp/aws`. */
export interface ProviderSchemas {
  /** Folders from which they were read, for messages. */
  readonly folder: string;
  readonly providers: ReadonlyMap<string, ProviderSchema>;
}

/**
 * Returns the package's schemas, and those in the JSON files of a folder, in the format of `terraform
 * providers schema -json`. If both have a type, that of the folder counts.
 *
 * @param added the folder
 * @throws UserError if the folder has no such file
 */
export function loadSchemas(added?: string): ProviderSchemas {
  const own = packageSchemas();
  const providers = new Map<string, ProviderSchema>();
  for (const folder of added === undefined ? [own] : [own, added]) addSchemas(providers, folder);
  return { folder: added === undefined ? own : `${added} and ${own}`, providers };
}

function addSchemas(providers: Map<string, ProviderSchema>, folder: string): void {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith(".json"))
    : [];
  const found = files
    .sort()
    .flatMap((file) => Object.entries(read(join(folder, file)).provider_schemas ?? {}));
  if (found.length === 0) {
    throw new UserError(
      `${folder} has no provider schema; put files there as \`terraform providers schema -json\` prints them`,
    );
  }
  for (const [source, schema] of found) {
    providers.set(source, together(providers.get(source), schema));
  }
}

/** Adds a provider's types to those that are known. */
function together(known: ProviderSchema | undefined, added: ProviderSchema): ProviderSchema {
  if (!known) return added;
  const both = (part: Exclude<keyof ProviderSchema, "provider">) =>
    (known[part] || added[part]) && { [part]: { ...known[part], ...added[part] } };
  return {
    provider: added.provider ?? known.provider,
    ...both("resource_schemas"),
    ...both("data_source_schemas"),
    ...both("ephemeral_resource_schemas"),
  };
}

function read(file: string): { provider_schemas?: Record<string, ProviderSchema> } {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
}

// Works from the sources and from dist/.
function packageSchemas(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return join(folder, "schemas");
}
