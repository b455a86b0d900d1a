import type { ProviderRules, ResourceRules, Rules } from "./rules";
import type { ObjectValue, Value } from "./value";

/** Behaviour of one provider beyond its schema. */
export interface ProviderBehaviour {
  readonly rules: ProviderRules;
  /**
   * Answers a provider configuration. Called once per connection, so aliases are kept apart.
   * @throws Refusal
   */
  configure(config: ObjectValue): Session;
}

/** One configured provider. Its methods may throw a `Refusal`. */
export interface Session {
  /** Place where its objects live. It cannot see objects of another scope. */
  readonly scope: string;
  /**
   * Adds to a planned change what the provider knows already.
   * @returns Attributes whose change replaces the object, in addition to those of the rules.
   */
  plan?(type: string, planned: ObjectValue, prior: ObjectValue | null): readonly string[];
  /** Refuses a change before it is made. */
  authorize?(operation: Operation, type: string, object: ObjectValue): void;
  /** Returns the values that the provider computes when an object is made or changed. */
  computed?(object: NewObject): ObjectValue;
  /** Returns the value of a computed attribute inside a nested block, given its schema path. */
  computedIn?(type: string, path: string): Value | undefined;
  /**
   * Reads an object that this process did not make. An attribute that the provider does not read is null,
   * and keeps its value in the state.
   * @returns null if there is no such object; undefined for a type whose objects are kept in memory only
   */
  read?(type: string, id: string): ObjectValue | null | undefined;
  /** Reads a data source. Attributes that are left out are made up. */
  data?(type: string, config: ObjectValue, store: ObjectStore): ObjectValue;
  /** Opens an ephemeral resource. Attributes that are left out are made up. */
  ephemeral?(type: string, config: ObjectValue): ObjectValue;
}

/**
 * Everything that a double knows about one type of resource beyond its schema. For most types the
 * rules and the computed values are enough.
 *
 * @typeParam Context The configured provider, for example its account and region.
 */
export interface ResourceType<Context> extends ResourceRules {
  /** Returns the values that the provider computes when an object is made or changed. */
  computed?(object: NewObject, context: Context): ObjectValue;
  /** Computed values inside nested blocks, by schema path. */
  readonly nested?: Readonly<Record<string, Value>>;
  /**
   * Adds to a planned change what the provider knows already. Refuses a change that the provider or
   * the service would refuse.
   * @returns Attributes whose change replaces the object, in addition to `forceNew`.
   * @throws Refusal
   */
  plan?(planned: ObjectValue, prior: ObjectValue | null): readonly string[] | undefined;
  /**
   * Runs before an object is destroyed.
   * @throws Refusal
   */
  beforeDestroy?(object: ObjectValue, context: Context): void;
}

/** Everything that a double knows about one type of data source or ephemeral resource. */
export interface DataSource<Context> extends Rules {
  /** Answers a query. Attributes that are left out are made up. */
  read?(query: ObjectValue, context: Context): ObjectValue;
}

/** A change of an object. */
export type Operation = "create" | "update" | "delete";

/** An object that is being made or changed. */
export interface NewObject {
  readonly type: string;
  /** The planned values. Values that the provider computes are unknown. */
  readonly planned: ObjectValue;
  /** The configuration, write-only values included. */
  readonly config: ObjectValue;
  /** The object before the change. Null for a creation. */
  readonly prior: ObjectValue | null;
  /** Different for every object, the same in every run. */
  readonly seed: string;
}

/** The objects that a session can see. */
export interface ObjectStore {
  objects(type: string): Iterable<ObjectValue>;
}
