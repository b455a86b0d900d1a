import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../../../errors";
import type { ExistingOrg } from "../../../existing/model";
import { isSnapshot, readSnapshot } from "../../../existing/snapshot";
import type { ObjectType } from "../../../existing/types/object-type";
import type { OrgReport, RegistryReport } from "../../../registry/report";
import { readExistingOrg } from "../../project/existing-org";
import { listOrgs, orgsNamed } from "../../project/synthesize";
import { withoutSecretValues } from "../../project/without-secret-values";
import type { Io } from "../../terminal/io";
import type { Progress } from "../../terminal/progress";

/** Where one side of a comparison comes from. */
export type Source = OrgSource | SnapshotSource;

/** An organisation of the registry, which is read now. */
export interface OrgSource {
  readonly kind: "organisation";
  readonly name: string;
  readonly org: OrgReport;
}

/** A folder with an earlier state of an organisation. */
export interface SnapshotSource {
  readonly kind: "snapshot";
  readonly name: string;
  readonly snapshot: ExistingOrg;
  /** The organisation that it is of, if the registry has it. */
  readonly org?: OrgReport;
}

/** Returns the registry of the project; undefined outside of projects, where there are only snapshots. */
export async function registryOf(io: Io): Promise<RegistryReport | undefined> {
  return existsSync(join(io.cwd, "cdktf.json")) ? listOrgs(io) : undefined;
}

/**
 * Returns the source that a word names.
 *
 * @throws UserError if there is no such organisation and no such snapshot, or both
 */
export function sourceNamed(io: Io, name: string, registry: RegistryReport | undefined): Source {
  const org = registry?.orgs.find((each) => each.name === name);
  const folder = resolve(io.cwd, name);
  if (isSnapshot(folder)) {
    if (org) {
      throw new UserError(
        `${name} is an organisation, and a folder with a snapshot: write ./${name} for the folder`,
      );
    }
    const { objects, ...more } = readSnapshot(folder);
    const snapshot = { ...more, name, objects: objects.map(withoutSecretValues) };
    const { organizationId = "" } = snapshot;
    const of = registry?.orgs.find(
      (each) => each.organizationId.toLowerCase() === organizationId.toLowerCase(),
    );
    return { kind: "snapshot", name, snapshot, ...(of && { org: of }) };
  }
  if (!registry) {
    throw new UserError(
      `${name} is not a folder with a snapshot, and ${io.cwd} has no cdktf.json: give the folder that \`genesys-orgs snapshot\` wrote, or run this command in the folder of a project`,
    );
  }
  if (/[/\\]|^\.+$/.test(name)) {
    throw new UserError(
      `${name} is not a folder with a snapshot: give one that \`genesys-orgs snapshot\` wrote, or the name of an organisation`,
    );
  }
  return { kind: "organisation", name, org: orgsNamed(registry, [name])[0] as OrgReport };
}

/** Reads a source. Of an organisation it reads only some types. @throws UserError, which has no secret */
export async function readSource(
  io: Io,
  source: Source,
  types: readonly ObjectType[],
  progress: Progress,
): Promise<ExistingOrg> {
  if (source.kind === "snapshot") return source.snapshot;
  const {
    calls: _,
    remembered: __,
    ...read
  } = await readExistingOrg(io, source.org, types, progress);
  return read;
}

/** Reads both sources at the same time. If one cannot be read, the other one is stopped. */
export async function readSources(
  io: Io,
  sources: readonly [Source, Source],
  types: readonly ObjectType[],
  progress: Progress,
): Promise<[ExistingOrg, ExistingOrg]> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([io.signal, stopped.signal]);
  let failure: unknown;
  const [here, there] = await Promise.all(
    sources.map(async (source) => {
      try {
        return await readSource({ ...io, signal }, source, types, progress);
      } catch (error) {
        failure ??= error;
        stopped.abort();
        return undefined;
      }
    }),
  );
  if (!here || !there) throw failure;
  return [here, there];
}
