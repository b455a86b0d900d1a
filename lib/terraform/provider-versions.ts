import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Returns the versions of the providers that `init` chose for a folder, by their source, for example
 * `registry.terraform.io/hashicorp/aws`.
 */
export function providerVersions(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, ".terraform.lock.hcl");
  if (!existsSync(file)) return {};
  const blocks = readFileSync(file, "utf8").matchAll(
    /^provider "([^"]+)" \{\s*version\s*=\s*"([^"]+)"/gm,
  );
  return Object.fromEntries([...blocks].map(([, source, version]) => [source, version]));
}
