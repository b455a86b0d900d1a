import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { findSecretsInFile, type SecretLiteral } from "./secret-literals";

/** Assets without a finding, by the hash that is in their path. Many stacks have the same ones. */
const clean = new Set<string>();

/** Finds the secrets in the files that `TerraformAsset` copied into a stack's folder. */
export function findSecretsInAssets(folder: string): SecretLiteral[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .flatMap((name) => {
      const file = join(folder, name);
      const stat = statSync(file);
      if (!stat.isFile()) return [];
      const [, ...hashAndName] = name.split(/[\\/]/);
      const key = JSON.stringify([hashAndName, stat.size]);
      if (clean.has(key)) return [];
      const found = findSecretsInFile(readFileSync(file), `assets/${name}`);
      if (found.length === 0) clean.add(key);
      return found;
    });
}
