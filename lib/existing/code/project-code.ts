import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { byText } from "../read/resolve";
import { MANIFEST } from "./code-files";
import { type FileChange, refuseEdited, withHeading } from "./written-code";

/** Folder of a project with the code of what its organisations had already. */
export const ENTRY_FOLDER = "existing";
/** What a stack calls. */
export const ENTRY_FUNCTION = "addExistingObjects";

/** Returns the folder of an organisation's code. */
export const codeFolder = (project: string, org: string): string =>
  join(project, ENTRY_FOLDER, org);

/** @throws UserError if somebody has changed the file that `writeEntry` writes, or wrote another one */
export function refuseEditedEntry(project: string): void {
  const file = entryFile(project);
  if (existsSync(file)) refuseEdited([file]);
}

const entryFile = (project: string): string => join(project, ENTRY_FOLDER, "index.ts");

/** Writes the file that adds the objects of whatever organisation a stack is for. */
export function writeEntry(project: string): FileChange {
  const folder = join(project, ENTRY_FOLDER);
  const file = entryFile(project);
  mkdirSync(folder, { recursive: true });
  const orgs = readdirSync(folder).filter((name) => existsSync(join(folder, name, MANIFEST)));
  const text = withHeading("index.ts", entryText(orgs));
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (before !== text) writeFileSync(file, text);
  if (before === undefined) return { file, change: "new" };
  return { file, change: before === text ? "unchanged" : "changed" };
}

/** Another one for each organisation, and no word of the language: there may be `eu-1` and `eu1`, or `new`. */
const aliasOf = (org: string): string => `add_${org.replace(/\W/g, "_")}`;

function entryText(names: readonly string[]): string {
  const orgs = [...names].sort(byText);
  return `import type { OrgStack } from "cdktf-genesys-orgs";
${orgs.map((org) => `import { addObjects as ${aliasOf(org)} } from "./${org}";\n`).join("")}
const ORGS: Readonly<Record<string, (stack: OrgStack) => unknown>> = {
${orgs.map((org) => `  ${JSON.stringify(org)}: ${aliasOf(org)},\n`).join("")}};

/** Adds the objects that the organisation of a stack has in this folder. */
export function ${ENTRY_FUNCTION}(stack: OrgStack): void {
  ORGS[stack.org.name]?.(stack);
}
`;
}
