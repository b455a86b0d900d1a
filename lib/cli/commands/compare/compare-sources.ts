import { UserError } from "../../../errors";
import { type ComparedOrg, compareOrgs } from "../../../existing/compare/compare-orgs";
import type { Comparison } from "../../../existing/compare/difference";
import { type IgnoreRule, type Sifted, siftDifferences } from "../../../existing/compare/ignored";
import { configurationOf, typesInCode } from "../../../existing/configuration/configuration";
import { OBJECT_TYPES } from "../../../existing/types";
import type { ObjectType } from "../../../existing/types/object-type";
import type { OrgReport } from "../../../registry/report";
import { typesNamed } from "../../project/existing-org";
import { genesysSchema } from "../../project/genesys-schema";
import { orgStacksJson } from "../../project/org-stack-json";
import { withoutSecretValues } from "../../project/without-secret-values";
import type { Io } from "../../terminal/io";
import { startProgress } from "../../terminal/progress";
import { readSource, readSources, registryOf, type Source, sourceNamed } from "./sources";

/** One side of a comparison. */
export interface Side {
  readonly kind: Source["kind"] | "code";
  /** Name in the output: of an organisation, of a folder, or `the code of na-prod`. */
  readonly name: string;
  readonly organizationId?: string;
}

/** A comparison of two sources, without the differences that the registry leaves out. */
export interface ComparedSources extends Omit<Comparison, "differences">, Sifted {
  readonly here: Side;
  readonly there: Side;
  /** Addresses of the code's resources whose names only Terraform knows. */
  readonly unnamed: readonly string[];
}

/** Which sources to compare. */
export interface CompareProps {
  readonly here: string;
  /** @default - the code of `here` */
  readonly there?: string;
  /** Names of types. Empty for all. */
  readonly types: readonly string[];
}

/** Compares two organisations, snapshots, or an organisation and its code. @throws UserError */
export async function compareSources(io: Io, props: CompareProps): Promise<ComparedSources> {
  const wanted = typesNamed(props.types);
  const registry = await registryOf(io);
  const here = sourceNamed(io, props.here, registry);
  if (props.there === undefined) return withCode(io, here, wanted, props.types.length > 0);
  const there = sourceNamed(io, props.there, registry);
  if (here.kind === "organisation" && there.kind === "organisation" && here.org === there.org) {
    throw new UserError(
      `${here.name} is on both sides: give another organisation, a snapshot, or --configuration`,
    );
  }
  const types = wanted.filter((type) => [here, there].every((each) => isKnownTo(each, type)));
  refuseMissing(wanted, types, [here, there], props.types.length > 0);
  const progress = await startProgress(io);
  try {
    const [mine, other] = await readSources(io, [here, there], types, progress);
    const sides = { here: sideOf(here, mine), there: sideOf(there, other) };
    return { ...sides, ...compared(mine, other, wanted, [here.org, there.org]), unnamed: [] };
  } finally {
    progress.stop();
  }
}

async function withCode(
  io: Io,
  here: Source,
  wanted: readonly ObjectType[],
  areNamed: boolean,
): Promise<ComparedSources> {
  if (!here.org) {
    throw new UserError(
      `${here.name} is a snapshot of an organisation that the registry does not have, so there is no code to compare it with`,
    );
  }
  const { org } = here;
  const progress = await startProgress(io);
  try {
    progress.step(`${org.name}: synthesizing its code`);
    const { stacks } = await orgStacksJson(io, org.name);
    const inCode = typesInCode(stacks);
    const types = wanted.filter(({ type }) => areNamed || inCode.includes(type));
    if (types.length === 0) {
      throw new UserError(
        `the code of ${org.name} has no objects of these types. \`genesys-orgs adopt ${org.name}\` writes code for what it has`,
      );
    }
    const known = types.filter((type) => isKnownTo(here, type));
    refuseMissing(types, known, [here], areNamed);
    const existing = await readSource(io, here, types, progress);
    const { objects, ...configuration } = configurationOf({
      name: `the code of ${org.name}`,
      stacks,
      existing,
      types: types.map(({ type }) => type),
      schema: genesysSchema(),
    });
    const code = { ...configuration, objects: objects.map(withoutSecretValues) };
    const side: Side = { kind: "code", name: code.name, organizationId: org.organizationId };
    const sides = { here: sideOf(here, existing), there: side };
    return { ...sides, ...compared(existing, code, wanted, [org]), unnamed: code.unnamed };
  } finally {
    progress.stop();
  }
}

/** Whether all objects of a type are known, or can be read. */
const isKnownTo = (source: Source, { type }: ObjectType): boolean =>
  source.kind === "organisation" || source.snapshot.types.includes(type);

const sideOf = ({ kind, name }: Source, { organizationId }: ComparedOrg): Side => ({
  kind,
  name,
  ...(organizationId === undefined ? {} : { organizationId }),
});

/** @throws UserError if nothing can be compared, or not all that was asked for */
function refuseMissing(
  wanted: readonly ObjectType[],
  found: readonly ObjectType[],
  sources: readonly Source[],
  areNamed: boolean,
): void {
  const missing = wanted.filter((type) => !found.includes(type));
  if (found.length > 0 && !(areNamed && missing.length > 0)) return;
  const lines = sources.flatMap((source) => {
    const lacks = missing.filter((type) => !isKnownTo(source, type));
    return lacks.length === 0
      ? []
      : [
          `${source.name} has no ${lacks.map(({ plural }) => plural).join(", ")}: write a snapshot that has them`,
        ];
  });
  throw new UserError(lines.join("\n"));
}

function compared(
  here: ComparedOrg,
  there: ComparedOrg,
  wanted: readonly ObjectType[],
  orgs: readonly (OrgReport | undefined)[],
): Omit<ComparedSources, "here" | "there" | "unnamed"> {
  const comparison = compareOrgs(
    here,
    there,
    wanted.map(({ type }) => type),
  );
  const types = new Set(comparison.types.map(({ type }) => type));
  return {
    ...comparison,
    // Code may have fewer types than its organisation, which is then not read for the others.
    skipped: comparison.skipped.map((each) => ({
      ...each,
      unknownIn:
        there.isCode && each.unknownIn.includes(there.name) ? [there.name] : each.unknownIn,
    })),
    ...siftDifferences(comparison.differences, rulesOf(orgs, types)),
  };
}

/** Returns the rules of both organisations, without those about types that were not compared. */
function rulesOf(
  orgs: readonly (OrgReport | undefined)[],
  compared: ReadonlySet<string>,
): IgnoreRule[] {
  const all = new Set(OBJECT_TYPES.map(({ plural }) => plural));
  return [...new Set(orgs)].flatMap((org) =>
    (org?.ignoredDifferences ?? [])
      .filter(({ type }) => compared.has(type) || !all.has(type))
      .map((entry) => ({ org: org?.name ?? "", entry })),
  );
}
