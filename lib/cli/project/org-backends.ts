import { join } from "node:path";
import { UserError } from "../../errors";
import { nextStep } from "../../registry/next-step";
import type { OrgReport } from "../../registry/report";
import { removeFolder, temporaryFolder } from "../../terraform/cleanup";
import { providerSources } from "../../terraform/provider-source";
import { backendOf, readStackJson } from "../../terraform/stack-folder";
import type { Io } from "../terminal/io";
import type { S3Backend } from "./state-store";
import { orgsNamed, synthesize } from "./synthesize";

/** A stack of an org, with the place of its state and the lock on it. */
export interface OrgBackend {
  readonly org: OrgReport;
  /** Id of the stack: the org's own, or that of a component. */
  readonly stack: string;
  /** The `s3` block of the stack. */
  readonly backend: S3Backend;
  /** Full sources of the providers of the stack. */
  readonly providers: readonly string[];
}

/** The backends of orgs. */
export interface OrgBackends {
  /** Every org of the registry. */
  readonly orgs: readonly OrgReport[];
  /** The stacks of the named orgs that have any: of each its own, then those of its components. */
  readonly backends: readonly OrgBackend[];
  /** The named orgs that have no stack. */
  readonly without: readonly OrgReport[];
}

/**
 * Reads the backends of orgs from their synthesized stacks.
 *
 * @param names empty for all
 * @throws UserError when the app fails, or a backend is not S3
 */
export async function orgBackends(io: Io, names: readonly string[]): Promise<OrgBackends> {
  const output = temporaryFolder("genesys-orgs-states-");
  try {
    const report = await synthesize(io, { output, names, quiet: true });
    const wanted = orgsNamed(report, names);
    return {
      orgs: report.orgs,
      backends: wanted
        .filter(({ status }) => status === "synthesized")
        .flatMap((org) =>
          [org, ...org.components].map(({ stack }) => {
            const folder = join(output, "stacks", stack);
            const providers = [...providerSources(readStackJson(folder)).values()];
            return { org, stack, backend: s3BackendOf(org, stack, folder), providers };
          }),
        ),
      without: wanted.filter(({ status }) => status !== "synthesized"),
    };
  } finally {
    removeFolder(output);
  }
}

/**
 * Reads the backend of the own stack of one org, and every org of the registry.
 *
 * @param table as {@link withLockTable} takes it
 * @throws UserError as {@link backendsOf} does
 */
export async function orgBackend(
  io: Io,
  name: string,
  table?: string,
): Promise<OrgBackend & Pick<OrgBackends, "orgs">> {
  const { orgs, backends } = await backendsOf(io, name, table);
  return { ...backends[0], orgs };
}

/**
 * Reads the backends of the stacks of one org, and every org of the registry.
 *
 * @param table as {@link withLockTable} takes it
 * @throws UserError as {@link orgBackends} does, and where the org has no stack
 */
export async function backendsOf(
  io: Io,
  name: string,
  table?: string,
): Promise<Pick<OrgBackends, "orgs"> & { readonly backends: [OrgBackend, ...OrgBackend[]] }> {
  const { orgs, backends, without } = await orgBackends(io, [name]);
  for (const org of without) throw new UserError(`${name} has no stack: ${whyNoStack(org)}`);
  const [first, ...others] = backends as [OrgBackend, ...OrgBackend[]];
  const own = first.backend.dynamodb_table;
  if (table !== undefined && own !== undefined && own !== table) {
    throw new UserError(
      `${name}: --table is only for an org whose backend names no lock table, but this backend names ${own}`,
    );
  }
  return { orgs, backends: [first, ...others] };
}

/** For example `na-prod`, or `na-prod.network` for the stack of its component `network`. */
export const stackText = ({ org, stack }: Pick<OrgBackend, "org" | "stack">): string =>
  `${org.name}${stack.slice(org.stack.length)}`;

/** Returns the reason why an org has no stack, and the next step. */
export function whyNoStack(org: OrgReport): string {
  if (org.status === "retired") return "it is retired";
  return org.status === "no recorded key" ? nextStep(org) : "the app creates none";
}

/**
 * Returns a backend with its own lock table or, if it no longer names one, with an earlier table.
 *
 * @param table the earlier table; undefined for none
 */
export function withLockTable(backend: S3Backend, table: string | undefined): S3Backend {
  return { dynamodb_table: table, ...backend };
}

function s3BackendOf({ name }: OrgReport, stack: string, folder: string): S3Backend {
  const { s3 } = (backendOf(folder) ?? {}) as { readonly s3?: S3Backend };
  if (s3) return s3;
  throw new UserError(`${name}: the backend of ${stack} is not S3`);
}
