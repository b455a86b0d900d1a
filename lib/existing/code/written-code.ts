import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { JSON_FILES, MANIFEST } from "./code-files";
import type { Manifest } from "./logical-ids";

const HEADING = /^\/\/ Written by `genesys-orgs (?:adopt|promote)`, digest ([0-9a-f]{16})\..*\n\n/;

/** A change of a file. */
export interface FileChange {
  readonly file: string;
  readonly change: "new" | "changed" | "removed" | "unchanged";
}

/**
 * Reads the objects that have code in an organisation's folder.
 *
 * @throws UserError if the file cannot be read, or does not have all objects of the code
 */
export function readManifest(folder: string): Manifest {
  const file = join(folder, MANIFEST);
  const manifest = existsSync(file) ? parsed(file) : {};
  // What it does not have would count as taken over by other code, and would lose its own.
  for (const [name, logicalId] of codedIn(folder)) {
    if (Object.hasOwn(manifest, logicalId)) continue;
    throw new UserError(
      `${file} does not have ${logicalId}, which ${join(folder, name)} has: restore both from git`,
    );
  }
  return manifest;
}

function parsed(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Manifest;
  } catch (error) {
    throw new UserError(`${file}: ${(error as Error).message}: restore it from git`);
  }
}

/** Returns the files that nobody has changed, with the logical ids of the resources in their code. */
function codedIn(folder: string): [string, string][] {
  return codeIn(folder)
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => {
      const text = read(join(folder, name));
      if (isEdited(text)) return [];
      const ids = text.matchAll(/^ {2}const \w+ = new \w+\(scope, "([^"]+)"/gm);
      return [...ids].map(([, logicalId = ""]): [string, string] => [name, logicalId]);
    });
}

const codeIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => /\.(?:ts|json)$/.test(name)) : [];

/**
 * Writes the code of an organisation's objects to its folder, and removes files that are no longer needed.
 *
 * @param overwrite also files that somebody has changed
 * @throws UserError before anything is written, if somebody has changed a file
 */
export function writeCode(
  folder: string,
  files: Readonly<Record<string, string>>,
  overwrite: boolean,
): FileChange[] {
  // The manifest comes first, so that it has all objects of the code if the writing is stopped.
  const names = Object.keys(files).sort(
    (one, other) => +(other === MANIFEST) - +(one === MANIFEST),
  );
  const texts = new Map(names.map((name) => [name, withHeading(name, files[name] ?? "")]));
  const stale = codeIn(folder).filter((name) => !texts.has(name) && isOurs(folder, name));
  const changes = [...texts].map(([name, text]): FileChange & { readonly text: string } => {
    const file = join(folder, name);
    if (!existsSync(file)) return { file, text, change: "new" };
    return { file, text, change: read(file) === text ? "unchanged" : "changed" };
  });
  const removed = stale.map(
    (name): FileChange => ({ file: join(folder, name), change: "removed" }),
  );
  if (!overwrite) {
    const about = [...changes.filter(({ change }) => change === "changed"), ...removed];
    refuseEdited(about.map(({ file }) => file));
  }
  mkdirSync(folder, { recursive: true });
  for (const { file, text, change } of changes) {
    if (change !== "unchanged") writeFileSync(file, text);
  }
  for (const { file } of removed) rmSync(file);
  return [...changes.map(({ file, change }) => ({ file, change })), ...removed];
}

/** Returns a text with the line that says who wrote it. JSON has none. */
export function withHeading(name: string, text: string): string {
  if (!name.endsWith(".ts")) return text;
  return `// Written by \`genesys-orgs adopt\`, digest ${digest(text)}. A changed file is yours: adopt does not write it any more.\n\n${text}`;
}

/** @throws UserError that names the files that somebody has changed */
export function refuseEdited(files: readonly string[]): void {
  const edited = files.filter((file) => file.endsWith(".ts") && isEdited(read(file)));
  if (edited.length === 0) return;
  throw new UserError(
    `nothing was written, since somebody has changed ${edited.join(", ")}: commit your change, and overwrite it with --overwrite to see in git what differs; or leave these types out`,
  );
}

function isEdited(text: string): boolean {
  const [heading, written] = HEADING.exec(text) ?? [];
  return heading === undefined || digest(text.slice(heading.length)) !== written;
}

/** Our JSON files have no heading. */
const isOurs = (folder: string, name: string): boolean =>
  JSON_FILES.includes(name) || HEADING.test(read(join(folder, name)));

const read = (file: string): string => readFileSync(file, "utf8");

const digest = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 16);
