import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { UserError } from "../../../errors";
import { type Adoption, adopt } from "../../../existing/adopt/adopt";
import { PARAMETERS } from "../../../existing/code/code-files";
import { readParameters } from "../../../existing/code/parameters";
import { codeFolder, refuseEditedEntry, writeEntry } from "../../../existing/code/project-code";
import { type FileChange, readManifest, writeCode } from "../../../existing/code/written-code";
import { OBJECT_TYPES } from "../../../existing/types";
import type { ObjectType } from "../../../existing/types/object-type";
import { type ReadExistingOrg, readExistingOrg } from "../../project/existing-org";
import { genesysSchema } from "../../project/genesys-schema";
import { idsInStates } from "../../project/ids-in-states";
import { backendsOf } from "../../project/org-backends";
import type { Io } from "../../terminal/io";
import { startProgress } from "../../terminal/progress";
import { refuseLosses } from "./refuse-losses";

/** What to take over. */
export interface AdoptOrgProps {
  readonly name: string;
  readonly types: readonly ObjectType[];
  /** Whether files are written that somebody has changed. */
  readonly overwrite: boolean;
  /** Whether code of deployed objects may go. */
  readonly removeGone: boolean;
}

/** What was taken over and written. */
export interface AdoptedOrg extends Adoption, Pick<ReadExistingOrg, "calls" | "remembered"> {
  /** Folder of the code, from the project's. */
  readonly folder: string;
  readonly changes: readonly FileChange[];
}

/**
 * Reads an organisation, and writes code that takes over what it has.
 *
 * @throws UserError before anything is written
 */
export async function adoptOrg(
  io: Io,
  { name, types, overwrite, removeGone }: AdoptOrgProps,
): Promise<AdoptedOrg> {
  refuseOtherProject(io.cwd);
  const progress = await startProgress(io);
  try {
    progress.step(`${name}: reading the state`);
    const { backends } = await backendsOf(io, name);
    const inStates = await idsInStates(backends);
    const folder = codeFolder(io.cwd, name);
    const known = readManifest(folder);
    // Types that have code are read again: code of others may refer to them.
    const wanted = new Set([...types, ...Object.values(known)].map(({ type }) => type));
    const { calls, remembered, ...existing } = await readExistingOrg(
      io,
      backends[0].org,
      OBJECT_TYPES.filter(({ type }) => wanted.has(type)),
      progress,
    );
    const adoption = adopt({
      org: name,
      existing,
      known,
      parameters: readParameters(join(folder, PARAMETERS)),
      inStates,
      environment: backends[0].org.environment,
      schema: genesysSchema(),
    });
    if (!removeGone) refuseLosses(name, { ...adoption, known, inStates });
    if (!overwrite) refuseEditedEntry(io.cwd);
    const changes = [...writeCode(folder, adoption.files, overwrite), writeEntry(io.cwd)];
    return {
      ...adoption,
      calls,
      remembered,
      folder: relative(io.cwd, folder),
      changes: changes.map((one) => ({ ...one, file: relative(io.cwd, one.file) })),
    };
  } finally {
    progress.stop();
  }
}

export function refuseOtherProject(cwd: string): void {
  if (existsSync(join(cwd, "tsconfig.json"))) return;
  throw new UserError(
    `${cwd} is not a TypeScript project: it has no tsconfig.json. The code of objects is TypeScript; \`genesys-orgs init\` shows such a project`,
  );
}
