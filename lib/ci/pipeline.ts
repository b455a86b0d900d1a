import { UserError } from "../errors";
import type { Environment } from "../registry/model";
import { partitionOf, roleNamesOf } from "../registry/names";
import type { OrgReport, RegistryReport } from "../registry/report";

/** How a project runs its pipeline. */
export interface PipelineSettings {
  /** Branch that is deployed. */
  readonly branch: string;
  /** Command that runs `genesys-orgs` in a checkout of the project. */
  readonly command: string;
  /** Version of Terraform, for example `1.11.4`. */
  readonly terraform: string;
  /** Version of Node.js, for example `24`. */
  readonly node: string;
  /** Organisations that are planned or deployed at the same time. */
  readonly parallel: number;
  /** Repository on GitHub, for example `example/contact-centre-platform`. */
  readonly repository: string;
}

/** Settings of a project that chooses none. The repository follows from the state homes. */
export const DEFAULTS: Omit<PipelineSettings, "repository"> = {
  branch: "main",
  // Without --no, npx would take any package of this name from npm if ours is not installed.
  command: "npx --no genesys-orgs",
  node: "24",
  terraform: "1.11.4",
  parallel: 4,
};

/**
 * Returns the files of a pipeline by their paths in the project.
 *
 * @param heading comment at the top of each file
 */
export type PipelineFiles = (
  report: RegistryReport,
  settings: PipelineSettings,
  heading: string,
) => ReadonlyMap<string, string>;

/** Environments that are deployed together, before the next stage begins. */
export interface Stage {
  readonly name: string;
  readonly environments: readonly Environment[];
}

/** The stages, in the order of promotion. */
export const STAGES: readonly Stage[] = [
  { name: "development", environments: ["development", "sandbox"] },
  { name: "staging", environments: ["staging"] },
  { name: "production", environments: ["production"] },
];

/** An organisation, as a job works on it. It has no secret. */
export interface Target {
  readonly org: string;
  /** AWS region of the state. */
  readonly region: string;
  /** ARN of the role that plans. */
  readonly reader: string;
  /** ARN of the role that deploys. */
  readonly writer: string;
}

/** Organisations that have a stack, and so jobs. */
export const deployable = ({ orgs }: Pick<RegistryReport, "orgs">): OrgReport[] =>
  orgs.filter(({ status }) => status !== "retired" && status !== "no stack");

/**
 * Organisations whose own credentials jobs can rotate: those in Vault. A job has no role for the secrets of
 * the others.
 */
export const rotatable = (orgs: readonly OrgReport[]): OrgReport[] =>
  orgs.filter(({ vault }) => vault !== undefined);

/** Returns the organisations of a stage. */
export const orgsOf = (orgs: readonly OrgReport[], { environments }: Stage): OrgReport[] =>
  orgs.filter(({ environment }) => environments.includes(environment));

/** Returns an organisation as a job works on it. */
export function targetOf({ name, stateHome }: OrgReport, { homes }: RegistryReport): Target {
  const home = homes.find((each) => each.name === stateHome);
  if (!home) throw new UserError(`${name}: its state home ${stateHome} is not in the report`);
  const { account, region } = home;
  const roles = roleNamesOf(name);
  const arn = (role: string) => `arn:${partitionOf(region)}:iam::${account}:role/${role}`;
  return { org: name, region, reader: arn(roles.reader), writer: arn(roles.writer) };
}

/**
 * Returns how many jobs with a matrix it takes for a number of organisations.
 *
 * @param most jobs that one matrix may have
 */
export const shardsFor = (organisations: number, most: number): number =>
  Math.max(1, Math.ceil(organisations / most));

/** Splits targets into shards. @throws UserError if there are more than the pipeline has jobs for */
export function shardsOf(
  targets: readonly Target[],
  { shards, most }: { readonly shards: number; readonly most: number },
): Target[][] {
  if (targets.length > shards * most) {
    throw new UserError(
      `the pipeline has jobs for ${shards * most} organisations, and the registry has ${targets.length}: write it again with \`genesys-orgs ci\``,
    );
  }
  return Array.from({ length: shards }, (_, index) =>
    targets.slice(index * most, (index + 1) * most),
  );
}
