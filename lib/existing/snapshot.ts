import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../errors";
import type { ExistingObject, ExistingOrg } from "./model";
import { KNOWN_TYPES } from "./types";

const ORGANISATION = "organization.json";
const VERSION = 1;

/**
 * Writes what is known of an organisation to a folder: `organization.json`, and a file per type with one JSON
 * document per line, in an order that does not change. It replaces a folder of an earlier snapshot as a whole.
 *
 * @throws UserError if the folder has something else
 */
export function writeSnapshot(folder: string, org: ExistingOrg): void {
  refuseOtherFolder(folder);
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  const written = mkdtempSync(join(parent, `.${basename(folder)}-`));
  try {
    for (const [name, text] of Object.entries(snapshotFiles(org))) {
      writeFileSync(join(written, name), text);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(written, folder);
  } finally {
    rmSync(written, { recursive: true, force: true });
  }
}

/** Returns the files of a snapshot by their names. */
function snapshotFiles({ objects, ...org }: ExistingOrg): Record<string, string> {
  const files: Record<string, string> = {
    [ORGANISATION]: `${JSON.stringify({ version: VERSION, ...org }, null, 2)}\n`,
  };
  for (const { type, ...object } of objects) {
    const file = `${KNOWN_TYPES.get(type)?.plural ?? type}.jsonl`;
    files[file] = `${files[file] ?? ""}${JSON.stringify(object)}\n`;
  }
  return files;
}

/** Reads a snapshot. @throws UserError if the folder is none, or a line cannot be read */
export function readSnapshot(folder: string): ExistingOrg {
  const { version, ...org } = document(join(folder, ORGANISATION), folder) as ExistingOrg & {
    readonly version: number;
  };
  if (version !== VERSION) {
    throw new UserError(
      `${folder} is a snapshot of version ${version}, and this program reads version ${VERSION}: use the release that wrote it`,
    );
  }
  const objects = [...KNOWN_TYPES.values()].flatMap(({ type, plural }) =>
    linesOf(join(folder, `${plural}.jsonl`)).map((line) => ({ type, ...line })),
  );
  return { ...org, name: folder, objects };
}

/** Whether a folder has a snapshot. */
export const isSnapshot = (folder: string): boolean => filesIn(folder).includes(ORGANISATION);

function document(file: string, folder: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(
      `${folder} is not a snapshot: ${(error as Error).message}. Write one with \`genesys-orgs snapshot <org>\``,
    );
  }
}

function linesOf(file: string): Omit<ExistingObject, "type">[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => {
      try {
        return JSON.parse(line) as Omit<ExistingObject, "type">;
      } catch (error) {
        throw new UserError(`${file}:${index + 1}: ${(error as Error).message}`);
      }
    });
}

/** The folder is replaced as a whole, so it must be nothing but a snapshot. @throws UserError */
export function refuseOtherFolder(folder: string): void {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new UserError(`${folder} is a file. Choose a folder`);
  }
  const files = filesIn(folder);
  const isOne = files.includes(ORGANISATION);
  const others = files.filter((name) => !isOne || !/^organization\.json$|\.jsonl$/.test(name));
  if (others.length === 0) return;
  throw new UserError(
    `${folder} has files that are no snapshot: ${others.join(", ")}. Choose another folder`,
  );
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}
