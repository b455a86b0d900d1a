import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../../errors";
import type { ProviderSchema } from "./schema";

/** Schemas of providers by source, for example `registry.terraform.io/hashicorp/aws`. */
export interface ProviderSchemas {
  /** Folder from which they were read. */
  readonly folder: string;
  readonly providers: ReadonlyMap<string, ProviderSchema>;
}

/**
 * Reads every JSON file of the folder, in the format of `terraform providers schema -json`.
 * @param folder Defaults to the package's own `schemas`.
 * @throws UserError if the folder has no such file.
 */
export function loadSchemas(folder = packageSchemas()): ProviderSchemas {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith(".json"))
    : [];
  const providers = new Map<string, ProviderSchema>();
  for (const file of files.sort()) {
    for (const [source, schema] of Object.entries(
      read(join(folder, file)).provider_schemas ?? {},
    )) {
      providers.set(source, schema);
    }
  }
  if (providers.size > 0) return { folder, providers };
  throw new UserError(
    `${folder} has no provider schema; put files there as \`terraform providers schema -json\` prints them`,
  );
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
