import { createHash, type Hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { STACK_FILE } from "../../terraform/stack-folder";

/** Assets of constructs, which a stack names by their paths, in its own folder or next to `stacks/`. */
const ASSET = /(?:\.\.\/)*assets\/[\w.@+/-]+/g;

/**
 * Returns the SHA-256 of a synthesized stack: of its Terraform JSON and of the assets that it names. It is
 * the same wherever the folder is.
 */
export function stackDigest(folder: string): string {
  const text = readFileSync(join(folder, STACK_FILE), "utf8");
  const hash = createHash("sha256").update(text);
  for (const asset of assetsIn(text)) addFiles(hash, join(folder, asset), asset);
  return hash.digest("hex");
}

/** Returns the SHA-256 of each asset that the Terraform JSON of a stack names, by its path. */
export function assetsOf(folder: string, text: string): Map<string, string> {
  const digests = assetsIn(text).map((asset) => {
    const hash = createHash("sha256");
    addFiles(hash, join(folder, asset), asset);
    return [asset, hash.digest("hex")] as const;
  });
  return new Map(digests);
}

const assetsIn = (text: string): string[] =>
  [...new Set(text.match(ASSET) ?? [])]
    // Somebody else's stack could lead out of the assets.
    .filter((asset) => !asset.slice(asset.indexOf("assets/")).includes(".."))
    .sort();

/** Adds a file, or all files of a folder, with their names below it. */
function addFiles(hash: Hash, path: string, name: string): void {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const each of readdirSync(path).sort())
      addFiles(hash, join(path, each), `${name}/${each}`);
  } else hash.update(`\0${name}\0`).update(readFileSync(path));
}
