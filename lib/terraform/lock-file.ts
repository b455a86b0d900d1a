import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readStackJson } from "./stack-folder";

/** Name of Terraform's file with the versions and checksums of providers. */
export const LOCK_FILE = ".terraform.lock.hcl";

/** Returns the project's committed lock file, which all stacks share; undefined if there is none. */
export function committedLockFile(project: string): string | undefined {
  const file = join(project, LOCK_FILE);
  return existsSync(file) ? file : undefined;
}

/**
 * Returns the part of a lock file that a stack needs. With an entry that the stack does not need,
 * `init -lockfile=readonly` fails (tried with Terraform 1.11.4).
 *
 * @param folder of the stack
 */
export function lockFileFor(folder: string, lockFile: string): string {
  const required = Object.values(readStackJson(folder).terraform?.required_providers ?? {});
  const sources = required.map(({ source = "" }) => source.toLowerCase());
  const [heading = "", ...blocks] = readFileSync(lockFile, "utf8").split(/^(?=provider ")/m);
  const needed = blocks.filter((block) => {
    const [, address = ""] = /^provider "([^"]+)"/.exec(block) ?? [];
    // The file names the registry's host as well, which a source may leave out.
    return sources.some((source) => address === source || address.endsWith(`/${source}`));
  });
  return [heading, ...needed].join("");
}
