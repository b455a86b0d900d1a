import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The parts of this package's package.json that commands need. */
export interface OwnManifest {
  readonly name: string;
  readonly version: string;
  /** The versions that this package was tested with. */
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Reads the package.json of this package. */
export const ownManifest = (): OwnManifest =>
  JSON.parse(readFileSync(join(ownFolder(), "package.json"), "utf8"));

/** Returns the folder of this package. */
export function ownFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
