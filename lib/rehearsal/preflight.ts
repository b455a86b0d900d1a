import { UserError } from "../errors";
import { type Kind, schemaOf } from "./double/schema";
import type { ProviderSchemas } from "./double/schemas";

/** Terraform JSON of a stack, as far as the rehearsal reads it. */
export interface StackJson {
  readonly terraform?: {
    readonly required_providers?: Readonly<Record<string, { readonly source?: string }>>;
  };
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ephemeral?: Readonly<Record<string, unknown>>;
}

const blocks = { resource: "resource", data: "data", ephemeral: "ephemeral" } as const;
const words: Readonly<Record<string, string>> = {
  resource: "resource",
  data: "data source",
  ephemeral: "ephemeral resource",
};

/**
 * Refuses a stack that uses a provider or a type of which there is no schema: Terraform's own
 * message would say that the provider does not have it.
 * @param file Shown in the message.
 * @throws UserError
 */
export function checkSchemas(stack: StackJson, schemas: ProviderSchemas, file: string): void {
  const problems: string[] = [];
  const sources = providerSources(stack);
  for (const [name, source] of sources) {
    if (name === "terraform" || schemas.providers.has(source)) continue;
    problems.push(`provider ${name} (${source}) has no schema in ${schemas.folder}`);
  }
  for (const kind of Object.keys(blocks) as (keyof typeof blocks)[]) {
    for (const type of Object.keys(stack[kind] ?? {})) {
      const source = sources.get(type.split("_")[0] ?? "");
      const provider = source === undefined ? undefined : schemas.providers.get(source);
      if (!provider || schemaOf(provider, kind satisfies Kind, type)) continue;
      problems.push(`${words[kind]} type ${type} has no schema in ${schemas.folder}`);
    }
  }
  if (problems.length === 0) return;
  throw new UserError(
    `${file}: ${problems.join("; ")}. Add what is missing to schemas/in-use.json and run \`npm run schemas\`, or name a folder with your own schemas (--schemas)`,
  );
}

function providerSources(stack: StackJson): Map<string, string> {
  return new Map(
    Object.entries(stack.terraform?.required_providers ?? {}).map(([name, { source }]) => [
      name,
      fullSource(source ?? `hashicorp/${name}`),
    ]),
  );
}

function fullSource(source: string): string {
  const parts = source.split("/");
  if (parts.length === 2) return `registry.terraform.io/${source}`;
  return `registry.terraform.io/${parts.slice(-2).join("/")}`;
}
