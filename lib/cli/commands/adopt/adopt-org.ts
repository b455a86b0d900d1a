import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { UserError } from "../../../errors";
import { type Adoption, adopt } from "../../../existing/adopt/adopt";
import { PARAMETERS } from "../../../existing/code/code-files";
import type { Manifest } from "../../../existing/code/logical-ids";
import { readParameters } from "../../../existing/code/parameters";
import { codeFolder, refuseEditedEntry, writeEntry } from "../../../existing/code/project-code";
import { type FileChange, readManifest, writeCode } from "../../../existing/code/written-code";
import {
  type ExportedOrg,
  exportedOrg,
  NOT_IN_EXPORT,
} from "../../../existing/exported/exported-org";
import { KNOWN_TYPES, OBJECT_TYPES } from "../../../existing/types";
import type { ObjectType } from "../../../existing/types/object-type";
import type { OrgReport } from "../../../registry/report";
import type { ProviderSchema } from "../../../rehearsal/double/core/schema";
import type { ManagedId } from "../../../terraform/managed-ids";
import { type ReadExistingOrg, readExistingOrg } from "../../project/existing-org";
import { genesysSchema } from "../../project/genesys-schema";
import { idsInStates } from "../../project/ids-in-states";
import { backendsOf } from "../../project/org-backends";
import { withoutSecretValues } from "../../project/without-secret-values";
import type { Io } from "../../terminal/io";
import { type Progress, startProgress } from "../../terminal/progress";
import { type ReadExport, readExported } from "./read-exported";
import { refuseLosses } from "./refuse-losses";

/** What to take over. */
export interface AdoptOrgProps {
  readonly name: string;
  readonly types: readonly ObjectType[];
  /** Whether files are written that somebody has changed. */
  readonly overwrite: boolean;
  /** Whether code of deployed objects may go. */
  readonly removeGone: boolean;
  /** Folder of an export, from which the objects come. @default - they come from the organisation */
  readonly from?: string;
}

/** What was taken over and written. */
export interface AdoptedOrg extends Adoption, Pick<ReadExistingOrg, "calls" | "remembered"> {
  /** Folder of the code, from the project's. */
  readonly folder: string;
  readonly changes: readonly FileChange[];
  /** @default - it comes from the organisation */
  readonly source?: ExportSource;
}

/** What of an export was not taken over, and what else is to know about it. */
export interface ExportSource
  extends Pick<ExportedOrg, "leftOut" | "leftOutArguments" | "more">,
    Pick<ReadExport, "folder" | "otherTypes"> {
  /** How many objects the code moves in the organisation's state. */
  readonly moved: number;
  /** File with a state of the export, from which nothing is in the organisation's state. */
  readonly unusedState?: string;
  /** Addresses of the export in the organisation's state whose objects have no code: a deploy would destroy them. */
  readonly withoutCode: readonly string[];
}

/**
 * Reads an organisation, and writes code that takes over what it has.
 *
 * @throws UserError before anything is written
 */
export async function adoptOrg(
  io: Io,
  { name, types, overwrite, removeGone, from }: AdoptOrgProps,
): Promise<AdoptedOrg> {
  refuseOtherProject(io.cwd);
  const progress = await startProgress(io);
  try {
    progress.step(`${name}: reading the state`);
    const { backends } = await backendsOf(io, name);
    const inOwnState = await idsInStates(backends.slice(0, 1));
    const inOthers = await idsInStates(backends.slice(1));
    const inStates = [...inOwnState, ...inOthers];
    const folder = codeFolder(io.cwd, name);
    const known = readManifest(folder);
    const schema = genesysSchema();
    const read: Read = { io, org: backends[0].org, types, known, schema, progress };
    const { existing, exported } =
      from === undefined
        ? { existing: await readOrganization(read) }
        : await readExportOf(read, from);
    const { calls, remembered } = existing;
    // Only what the organisation's own stack has: code of a component is in another state.
    const movable = new Set(exported?.export.addresses);
    for (const { address } of inOthers) movable.delete(address);
    const adoption = adopt({
      org: name,
      existing,
      known,
      parameters: readParameters(join(folder, PARAMETERS)),
      inStates,
      movable,
      environment: backends[0].org.environment,
      schema,
    });
    if (!removeGone) refuseLosses(name, { ...adoption, known, inStates });
    if (!overwrite) refuseEditedEntry(io.cwd);
    const changes = [...writeCode(folder, adoption.files, overwrite), writeEntry(io.cwd)];
    return {
      ...adoption,
      leftOut: adoption.leftOut.filter(({ reason }) => reason !== NOT_IN_EXPORT),
      ...(exported && { source: sourceOf(exported, adoption, inOwnState) }),
      calls,
      remembered,
      folder: relative(io.cwd, folder),
      changes: changes.map((one) => ({ ...one, file: relative(io.cwd, one.file) })),
    };
  } finally {
    progress.stop();
  }
}

interface Read {
  readonly io: Io;
  readonly org: OrgReport;
  readonly types: readonly ObjectType[];
  readonly known: Manifest;
  readonly schema: ProviderSchema;
  readonly progress: Progress;
}

function readOrganization({ io, org, types, known, progress }: Read): Promise<ReadExistingOrg> {
  // Types that have code are read again: code of others may refer to them.
  const wanted = new Set([...types, ...Object.values(known)].map(({ type }) => type));
  return readExistingOrg(io, org, typesOf(wanted), progress);
}

interface Exported {
  readonly export: ReadExport;
  readonly joined: ExportedOrg;
}

/** Reads an export, and the names of what the organisation has. */
async function readExportOf(
  { io, org, types, known, schema, progress }: Read,
  from: string,
): Promise<{ readonly existing: ReadExistingOrg; readonly exported: Exported }> {
  progress.step(`${org.name}: reading the export in ${from}`);
  const read = await readExported(io, from, schema);
  // Objects that have code and are not in the export keep their code, which comes from the organisation.
  const ids = new Set(read.stateIds.values());
  const others = Object.values(known).filter(({ id = "" }) => !ids.has(id));
  const named = KNOWN_TYPES_BY_NAME.filter(({ type }) => read.exported.types.includes(type));
  const live = await readExistingOrg(
    io,
    org,
    typesOf(new Set(others.map(({ type }) => type))),
    progress,
    { named, ids: read.exported.ids },
  );
  const joined = exportedOrg({
    folder: read.folder,
    exported: read.exported,
    stateIds: read.stateIds,
    live,
    types: types.map(({ type }) => type),
    kept: new Set(Object.values(known).map(({ type, id }) => `${type} ${id}`)),
    schema,
  });
  const { objects, ...rest } = joined.org;
  const { calls, remembered } = live;
  const existing = { ...rest, objects: objects.map(withoutSecretValues), calls, remembered };
  return { existing, exported: { export: read, joined } };
}

const KNOWN_TYPES_BY_NAME = [...KNOWN_TYPES.values()];

const typesOf = (wanted: ReadonlySet<string>): readonly ObjectType[] =>
  OBJECT_TYPES.filter(({ type }) => wanted.has(type));

function sourceOf(
  { export: { folder, otherTypes, addresses, state }, joined }: Exported,
  { adopted, manifest }: Adoption,
  inState: readonly ManagedId[],
): ExportSource {
  const { leftOut, leftOutArguments, more } = joined;
  const moved = new Set(adopted.flatMap(({ movedFrom }) => movedFrom ?? []));
  const own = Object.entries(manifest).map(([logicalId, { type }]) => `${type}.${logicalId}`);
  const withCode = new Set([...moved, ...own]);
  const exported = new Set(addresses);
  const there = inState.filter(({ address }) => exported.has(address) || withCode.has(address));
  return {
    folder,
    otherTypes,
    leftOut,
    leftOutArguments,
    more,
    moved: moved.size,
    withoutCode: there.map(({ address }) => address).filter((address) => !withCode.has(address)),
    ...(state !== undefined && there.length === 0 && { unusedState: state }),
  };
}

export function refuseOtherProject(cwd: string): void {
  if (existsSync(join(cwd, "tsconfig.json"))) return;
  throw new UserError(
    `${cwd} is not a TypeScript project: it has no tsconfig.json. The code of objects is TypeScript; \`genesys-orgs init\` shows such a project`,
  );
}
