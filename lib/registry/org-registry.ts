import { UserError } from "../errors";
import { deriveRegistry } from "./derive-registry";
import type { ConsumerEntry, Home, Org, OrgEntry, StateHomeEntry } from "./model";
import { readRegistry } from "./read-registry";
import { RegistryError, type RegistryProblem } from "./registry-error";

/** The entries of a registry. */
export interface RegistryEntries<
  Homes extends readonly StateHomeEntry[],
  Orgs extends readonly OrgEntry[],
> {
  readonly homes: Homes;
  /** The compiler checks the names of their homes, where these are literals. */
  readonly orgs: Orgs & readonly { readonly state: { readonly home: Homes[number]["name"] } }[];
  /**
   * The workloads that read credentials.
   * @default - none: credentials name the roles of their consumers
   */
  readonly consumers?: readonly ConsumerEntry[];
  /**
   * The committed record of the state homes (`orgs/state-homes.json`).
   * @default - nothing is recorded: no org can be synthesized yet
   */
  readonly record?: unknown;
}

/** All organisations, checked, with everything that follows from their entries. */
export class OrgRegistry<Name extends string = string> {
  private readonly byName: ReadonlyMap<string, Org>;

  private constructor(
    readonly homes: readonly Home[],
    readonly orgs: readonly Org[],
    readonly consumers: readonly ConsumerEntry[],
  ) {
    this.byName = new Map(orgs.map((org) => [org.name, org]));
  }

  /**
   * Creates a registry from entries in TypeScript.
   *
   * @throws RegistryError with all its mistakes
   */
  static of<const Homes extends readonly StateHomeEntry[], const Orgs extends readonly OrgEntry[]>(
    entries: RegistryEntries<Homes, Orgs>,
  ): OrgRegistry<Orgs[number]["name"]> {
    return OrgRegistry.check(entries, []);
  }

  /**
   * Reads a registry from files in YAML or JSON. In a folder, `homes.yaml` is the list of homes,
   * `consumers.yaml` that of consumers, `state-homes.json` the record, and every other file one org. A
   * single file has `homes`, `orgs` and `consumers`, and the record is next to it.
   *
   * @throws RegistryError with all its mistakes, unreadable files included
   */
  static load(path: string): OrgRegistry {
    const { entries, problems, sources } = readRegistry(path);
    return OrgRegistry.check(entries, problems, sources);
  }

  /** Names of all orgs, in the registry's order. */
  get names(): readonly Name[] {
    return [...this.byName.keys()] as Name[];
  }

  /** @throws UserError when the registry has no such org */
  get(name: Name): Org {
    const org = this.byName.get(name);
    if (!org)
      throw new UserError(`The registry has no org ${name}. Use one of ${this.names.join(", ")}`);
    return org;
  }

  private static check<Name extends string>(
    entries: unknown,
    found: readonly RegistryProblem[],
    sources: readonly string[] = [],
  ): OrgRegistry<Name> {
    const { homes, orgs, consumers, problems } = deriveRegistry(entries, sources, found.length > 0);
    if (found.length + problems.length > 0) throw new RegistryError([...found, ...problems]);
    return new OrgRegistry<Name>(homes, orgs, consumers);
  }
}
