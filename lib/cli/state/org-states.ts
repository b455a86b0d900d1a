import { join } from "node:path";
import { UserError } from "../../errors";
import { nextStep } from "../../registry/next-step";
import type { OrgReport } from "../../registry/report";
import { removeFolder, temporaryFolder } from "../../terraform/cleanup";
import { backendOf } from "../../terraform/on-state";
import type { Io } from "../io";
import { synthesize } from "../synthesize";
import type { S3Backend } from "./state-store";

/** An org, and where its state lies and how it is locked. */
export interface OrgState {
  readonly org: OrgReport;
  /** As its stack has it. */
  readonly backend: S3Backend;
}

/** The states of orgs. */
export interface OrgStates {
  /** Every org of the registry. */
  readonly orgs: readonly OrgReport[];
  /** Those that were asked for and have a stack. */
  readonly states: readonly OrgState[];
  /** Those that were asked for and have none. */
  readonly without: readonly OrgReport[];
}

/** @throws UserError when the app fails or a backend is none of ours. */
export async function orgStates(io: Io, names: readonly string[]): Promise<OrgStates> {
  const output = temporaryFolder("genesys-orgs-states-");
  try {
    const only = names.length > 0 ? names : undefined;
    const { orgs } = await synthesize(io, { output, only, quiet: true });
    const wanted = orgs.filter(({ name }) => names.length === 0 || names.includes(name));
    return {
      orgs,
      states: wanted
        .filter(({ status }) => status === "synthesized")
        .map((org) => ({ org, backend: s3BackendOf(org, join(output, "stacks", org.stack)) })),
      without: wanted.filter(({ status }) => status !== "synthesized"),
    };
  } finally {
    removeFolder(output);
  }
}

/**
 * The state of one org, and every org of the registry.
 *
 * @param table as {@link inTable} takes it
 * @throws UserError as {@link orgStates} does, and where there is no stack
 */
export async function orgState(
  io: Io,
  name: string,
  table?: string,
): Promise<OrgState & Pick<OrgStates, "orgs">> {
  const { orgs, states, without } = await orgStates(io, [name]);
  for (const org of without) throw new UserError(`${name} has no stack: ${whyNone(org)}`);
  const state = states[0] as OrgState;
  const own = state.backend.dynamodb_table;
  if (table !== undefined && own !== undefined && own !== table) {
    throw new UserError(
      `${name}: --table is for an org whose backend names no table; its backend names ${own}`,
    );
  }
  return { ...state, orgs };
}

/** Why an org has no stack. */
export function whyNone(org: OrgReport): string {
  if (org.status === "retired") return "it is retired";
  return org.status === "no recorded key" ? nextStep(org) : "the app makes none";
}

/**
 * A backend with a table to look in as well.
 *
 * @param table one that the backend named before; undefined for none
 */
export function inTable(backend: S3Backend, table: string | undefined): S3Backend {
  return { dynamodb_table: table, ...backend };
}

/** @throws UserError when the stack's backend is of another kind */
function s3BackendOf({ name, stack }: OrgReport, folder: string): S3Backend {
  const { s3 } = (backendOf(folder) ?? {}) as { readonly s3?: S3Backend };
  if (s3) return s3;
  throw new UserError(`${name}: the backend of ${stack} is not S3`);
}
