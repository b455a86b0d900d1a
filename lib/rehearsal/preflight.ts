import { join } from "node:path";
import { UserError } from "../errors";
import { providerSources } from "../terraform/provider-source";
import { readStackJson, STACK_FILE, type StackJson } from "../terraform/stack-folder";
import { TERRAFORM_RELEASE } from "../versions";
import type { ProviderSchemas } from "./double/core/load-schemas";
import { type Kind, schemaOf } from "./double/core/schema";
import { refuseProvisioners } from "./provisioners";
import { S3_BACKEND_ARGUMENTS } from "./s3-backend-arguments";

const blocks = { resource: "resource", data: "data", ephemeral: "ephemeral" } as const;
const words: Readonly<Record<string, string>> = {
  resource: "resource",
  data: "data source",
  ephemeral: "ephemeral resource",
};

/**
 * Reads a stack, and refuses mistakes that Terraform would report later or less clearly, and
 * provisioners.
 * @param provisioners addresses of the resources that may run theirs
 * @throws UserError
 */
export function readStack(
  folder: string,
  schemas: ProviderSchemas,
  provisioners: readonly string[] = [],
): StackJson {
  const file = join(folder, STACK_FILE);
  const stack = readStackJson(folder);
  refuseProvisioners(stack, file, provisioners);
  checkSchemas(stack, schemas, file);
  checkBackend(stack, file);
  return stack;
}

/**
 * Refuses a stack that uses a provider or a type without a schema. Terraform would say that the
 * provider does not have the type.
 * @param file Path that the message names.
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
    `${file}: ${problems.join("; ")}. Add the missing entries to schemas/in-use.json and run \`npm run schemas\`, or give a folder with schemas of your own (--schemas)`,
  );
}

/**
 * Refuses arguments that the S3 backend does not have. Terraform would refuse them at the first
 * deploy.
 * @param file Path that the message names.
 * @throws UserError
 */
export function checkBackend({ terraform }: StackJson, file: string): void {
  const given = Object.keys(terraform?.backend?.s3 ?? {});
  const unknown = given.filter((name) => !S3_BACKEND_ARGUMENTS.has(name));
  if (unknown.length === 0) return;
  throw new UserError(
    `${file}: the s3 backend of Terraform ${TERRAFORM_RELEASE} has no argument ${unknown.join(", ")}; remove it, and put arguments about a role into assume_role`,
  );
}

/** Returns the names of a stack's variables that hold secrets and take any text. */
export function secretVariables({ variable = {} }: StackJson): string[] {
  return Object.entries(variable)
    .filter(([, { sensitive, ephemeral }]) => sensitive || ephemeral)
    .filter(([, { type = "string" }]) => /^(string|any)$/.test(type))
    .map(([name]) => name);
}
