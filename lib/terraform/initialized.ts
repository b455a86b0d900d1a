import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformBinary } from "./binary";
import { LOCK_FILE } from "./lock-file";
import { STACK_FILE } from "./stack-folder";

const STAMP = "genesys-orgs-init";

/** Whether `init` would do nothing new in the folder of a stack. */
export const isInitialized = (folder: string, binary: TerraformBinary): boolean => {
  const file = stampOf(folder);
  return (
    existsSync(file) &&
    readFileSync(file, "utf8") === needsOf(folder, binary) &&
    hasProviders(join(folder, ".terraform", "providers"))
  );
};

/** Whether the providers are still there: most are links into a cache, which somebody may clear. */
const hasProviders = (folder: string): boolean =>
  !existsSync(folder) ||
  readdirSync(folder, { recursive: true }).every((path) => existsSync(join(folder, `${path}`)));

/** Notes that the folder is initialized. */
export const noteInitialized = (folder: string, binary: TerraformBinary): void =>
  writeFileSync(stampOf(folder), needsOf(folder, binary));

const stampOf = (folder: string): string => join(folder, ".terraform", STAMP);

/** Everything that `init` depends on: backend, providers, modules, versions, and Terraform itself. */
function needsOf(folder: string, { product, version }: TerraformBinary): string {
  const { terraform, module } = JSON.parse(readFileSync(join(folder, STACK_FILE), "utf8"));
  const lock = join(folder, LOCK_FILE);
  const versions = existsSync(lock) ? readFileSync(lock, "utf8") : "";
  // The folder itself: a copy of it has links to the providers of the original.
  const needs = JSON.stringify([folder, product, version, terraform, module, versions]);
  return createHash("sha256").update(needs).digest("hex");
}
