import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../errors";
import { modulesOf, readModule } from "../terraform/local-modules";
import { readStackJson, STACK_FILE, type StackJson } from "../terraform/stack-folder";
import { TERRAFORM_RELEASE } from "../versions";
import type { ProviderSchemas } from "./double/core/load-schemas";
import { exceptionsIn, type RecordedException, refuseEnded } from "./exceptions";
import { refuseProvisioners } from "./provisioners";
import { S3_BACKEND_ARGUMENTS } from "./s3-backend-arguments";
import type { BindingsPackage } from "./schemas/installed-bindings";
import { type MissingSchema, type StackSchemas, stackSchemas } from "./schemas/stack-schemas";

const words: Readonly<Record<string, string>> = {
  resource: "resource",
  data: "data source",
  ephemeral: "ephemeral resource",
};

/** What {@link readStack} needs to know besides the stack. */
export interface PreflightProps {
  readonly schemas: ProviderSchemas;
  /** Packages from which schemas may be derived. */
  readonly bindings: readonly BindingsPackage[];
  /** Addresses of the resources that may run their provisioners. */
  readonly provisioners?: readonly string[];
  /**
   * Returns the time, which decides whether a waiver has ended. Milliseconds since 1970.
   * @default - now
   */
  readonly now?: () => number;
}

/** A stack that may be rehearsed. */
export interface CheckedStack extends Pick<StackSchemas, "schemas" | "derived"> {
  readonly json: StackJson;
  /** Its waivers with an end. */
  readonly exceptions: readonly RecordedException[];
}

/**
 * Reads a stack with its local modules, and refuses mistakes that Terraform would report later or less
 * clearly, provisioners, and waivers that have ended.
 * @throws UserError
 */
export function readStack(folder: string, props: PreflightProps): CheckedStack {
  const file = join(folder, STACK_FILE);
  const json = readStackJson(folder);
  const { now = Date.now } = props;
  const exceptions = exceptionsIn(json);
  refuseEnded(exceptions, file, now());
  refuseProvisioners(json, file, props.provisioners);
  const found = checkSchemas(modulesOf(json, folder).parts, props, file);
  checkBackend(json, file);
  return { json, exceptions, ...found };
}

/**
 * Finds the schemas that a stack needs. Refuses a stack that uses a provider or a type without one:
 * Terraform would say that the provider does not have the type.
 * @param parts The stack and its modules.
 * @param file Path that the message names.
 * @throws UserError
 */
export function checkSchemas(
  parts: readonly StackJson[],
  { schemas: known, bindings }: PreflightProps,
  file: string,
): Pick<CheckedStack, "schemas" | "derived"> {
  const { schemas, derived, missing } = stackSchemas(parts, known, bindings);
  if (missing.length === 0) return { schemas, derived };
  const problems = [...new Set(missing.map((each) => describe(each, known.folder)))];
  throw new UserError(`${file} cannot be rehearsed: ${problems.join("; ")}. ${FIX}`);
}

/**
 * Does the same for the modules that an init has fetched.
 * @param folder where Terraform was initialized
 * @throws UserError
 */
export function checkFetchedModules(folder: string, schemas: ProviderSchemas): void {
  const file = join(folder, ".terraform/modules/modules.json");
  if (!existsSync(file)) return;
  const { Modules } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly Modules: readonly { readonly Key: string; readonly Dir: string }[];
  };
  for (const { Key, Dir } of Modules) {
    if (Key === "") continue;
    checkSchemas([readModule(resolve(folder, Dir))], { schemas, bindings: [] }, `module ${Key}`);
  }
}

function describe({ provider, source, type, bindings }: MissingSchema, folder: string): string {
  if (!type) return `there is no schema of the provider ${provider} (${source}) in ${folder}`;
  const what = `${words[type.section]} type ${type.type}`;
  const places = bindings ? `${folder} and ${bindings.name}` : folder;
  return `there is no schema of ${what} in ${places}`;
}

const FIX =
  'Correct the name, or install the provider\'s bindings ("npm install @cdktf/provider-<name>"), from which the rehearsal derives schemas, or print the schemas with the real provider ("terraform providers schema -json > schemas/all.json" in an initialized stack) and name their folder (--schemas)';

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
