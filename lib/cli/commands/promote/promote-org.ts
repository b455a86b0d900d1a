import { join, relative, resolve } from "node:path";
import { UserError } from "../../../errors";
import type { LeftOut } from "../../../existing/adopt/adopt";
import { PARAMETERS } from "../../../existing/code/code-files";
import { type Parameters, readParameters } from "../../../existing/code/parameters";
import { codeFolder, refuseEditedEntry, writeEntry } from "../../../existing/code/project-code";
import { type FileChange, readManifest, writeCode } from "../../../existing/code/written-code";
import type { ExistingOrg } from "../../../existing/model";
import type { Choice } from "../../../existing/promote/choice";
import { type Promotion, promote } from "../../../existing/promote/promote";
import { mergeOrgs, reachedTypes } from "../../../existing/promote/reach";
import { KNOWN_TYPES } from "../../../existing/types";
import type { ObjectType } from "../../../existing/types/object-type";
import { readExistingOrg, typesNamed } from "../../project/existing-org";
import { genesysSchema } from "../../project/genesys-schema";
import { idsInStates } from "../../project/ids-in-states";
import { backendsOf } from "../../project/org-backends";
import type { Io } from "../../terminal/io";
import { type Progress, startProgress } from "../../terminal/progress";
import { refuseOtherProject } from "../adopt/adopt-org";
import { refuseLosses } from "../adopt/refuse-losses";
import { readSource, registryOf, type Source, sourceNamed } from "../compare/sources";

/** What to promote, and how. */
export interface PromoteOrgProps {
  /** Name of an organisation, or of a folder with a snapshot. */
  readonly from: string;
  /** Name of the organisation that gets the code. */
  readonly to: string;
  /** Names of types. Empty for all. */
  readonly types: readonly string[];
  /** Names of objects. Empty for all. */
  readonly names: readonly string[];
  /** File with values for new objects. */
  readonly parameters?: string;
  /** Whether the source's values are taken that differ between organisations by their nature. */
  readonly withValues: boolean;
  /** Whether files are written that somebody has changed. */
  readonly overwrite: boolean;
  /** Whether code of deployed objects may go. */
  readonly removeGone: boolean;
  /** Whether nothing is written. */
  readonly dryRun: boolean;
}

/** What was promoted and written. */
export interface PromotedOrg extends Promotion {
  /** Folder of the code, from the project's. */
  readonly folder: string;
  /** None if there is nothing to promote, or of a dry run. */
  readonly changes: readonly FileChange[];
}

/**
 * Reads two organisations, or one and a snapshot, and writes differences to the code of the second one.
 *
 * @throws UserError before anything is written
 */
export async function promoteOrg(io: Io, props: PromoteOrgProps): Promise<PromotedOrg> {
  refuseOtherProject(io.cwd);
  const source = sourceNamed(io, props.from, await registryOf(io));
  if (source.kind === "organisation" && source.name === props.to) {
    throw new UserError(
      `${props.to} cannot be promoted to itself: give another organisation, or a folder with a snapshot`,
    );
  }
  const given = givenParameters(io, props.parameters);
  const progress = await startProgress(io);
  try {
    progress.step(`${props.to}: reading the state`);
    const { backends } = await backendsOf(io, props.to);
    const inStates = await idsInStates(backends);
    const folder = codeFolder(io.cwd, props.to);
    const known = readManifest(folder);
    const choice = { types: chosenTypes(source, props.types), names: props.names };
    const from = await readReached(io, source, choice, progress);
    // Whether an object is missing can only be said of types that are read.
    const coded = Object.values(known).map(({ type }) => type);
    const {
      calls: _,
      remembered: __,
      ...to
    } = await readExistingOrg(
      io,
      backends[0].org,
      typesOf([...choice.types, ...reachedTypes(from, choice), ...coded]),
      progress,
    );
    const promotion = promote({
      org: props.to,
      from,
      to,
      choice,
      known,
      parameters: readParameters(join(folder, PARAMETERS)),
      given,
      withValues: props.withValues,
      inStates,
      environment: backends[0].org.environment,
      schema: genesysSchema(),
    });
    if (!props.removeGone) {
      refuseLosses(props.to, { gone: promotion.gone, leftOut: unmanagedIn(to), known, inStates });
    }
    const isWritten = !props.dryRun && hasChanges(promotion, given);
    if (isWritten && !props.overwrite) refuseEditedEntry(io.cwd);
    const changes = isWritten
      ? [...writeCode(folder, promotion.files, props.overwrite), writeEntry(io.cwd)]
      : [];
    return {
      ...promotion,
      folder: relative(io.cwd, folder),
      changes: changes.map((one) => ({ ...one, file: relative(io.cwd, one.file) })),
    };
  } finally {
    progress.stop();
  }
}

const unmanagedIn = ({ objects }: ExistingOrg): LeftOut[] =>
  objects.flatMap((object) =>
    object.unmanaged === undefined ? [] : [{ object, reason: object.unmanaged }],
  );

const hasChanges = ({ promoted }: Promotion, given: Parameters): boolean =>
  promoted.length > 0 || Object.keys(given).length > 0;

/** Returns the Terraform types to promote: those that are named, or all that the source has. */
function chosenTypes(source: Source, names: readonly string[]): string[] {
  const types = typesNamed(names).map(({ type }) => type);
  if (names.length > 0 || source.kind === "organisation") return types;
  return types.filter((type) => source.snapshot.types.includes(type));
}

/** Reads the chosen types of a source, and of an organisation all types that they refer to. */
async function readReached(
  io: Io,
  source: Source,
  choice: Choice,
  progress: Progress,
): Promise<ExistingOrg> {
  let read = await readSource(io, source, typesOf(choice.types), progress);
  for (;;) {
    const more = reachedTypes(read, choice).filter(
      (type) => KNOWN_TYPES.has(type) && !read.types.includes(type),
    );
    if (source.kind === "snapshot" || more.length === 0) return read;
    read = mergeOrgs(read, await readSource(io, source, typesOf(more), progress));
  }
}

const typesOf = (names: readonly string[]): ObjectType[] =>
  [...KNOWN_TYPES.values()].filter(({ type }) => names.includes(type));

/** @throws UserError if the file cannot be read */
function givenParameters(io: Io, file: string | undefined): Parameters {
  if (file === undefined) return {};
  const parameters = readParameters(resolve(io.cwd, file));
  if (Object.keys(parameters).length > 0) return parameters;
  throw new UserError(`${file} has no values, or does not exist`);
}
