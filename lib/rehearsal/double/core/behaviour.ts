import type { ProviderRules, ResourceRules, Rules } from "./rules";
import type { ObjectValue, Value } from "./value";

/** What one provider does beyond its schema. */
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
  /** Where its objects live. Objects of another scope do not exist for it. */
  readonly scope: string;
  /**
   * Adds to a planned change what the provider knows already.
   * @returns Attributes whose change replaces the object, in addition to those of the rules.
   */
  plan?(type: string, planned: ObjectValue, prior: ObjectValue | null): readonly string[];
  /** Refuses a change, before it is made. */
  authorize?(operation: Operation, type: string, object: ObjectValue): void;
  /** Values of the attributes that the provider computes when the object is made or changed. */
  computed?(object: NewObject): ObjectValue;
  /** Value of a computed attribute inside a nested block, given its schema path. */
  computedIn?(type: string, path: string): Value | undefined;
  /** Reads a data source; what is left out is filled by type. */
  data?(type: string, config: ObjectValue, store: ObjectStore): ObjectValue;
  /** Opens an ephemeral resource; what is left out is filled by type. */
  ephemeral?(type: string, config: ObjectValue): ObjectValue;
}

/**
 * Everything that a double knows about one type of resource beyond its schema. For most types the
 * rules and the computed values are enough.
 *
 * @typeParam Context What a configured provider knows, for example its account.
 */
export interface ResourceType<Context> extends ResourceRules {
  /** Values that the provider computes when an object is made or changed. */
  computed?(object: NewObject, context: Context): ObjectValue;
  /** The same for attributes in nested blocks, by schema path. */
  readonly nested?: Readonly<Record<string, Value>>;
  /**
   * Adds to a planned change what the provider knows already, and refuses what it or the service
   * would refuse.
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

/** The same about one type of data source or ephemeral resource. */
export interface DataSource<Context> extends Rules {
  /** Answers a query; attributes that are left out are made up. */
  read?(query: ObjectValue, context: Context): ObjectValue;
}

/** A change of an object. */
export type Operation = "create" | "update" | "delete";

/** An object that is being made or changed. */
export interface NewObject {
  readonly type: string;
  /** The planned values; what is to be computed is unknown. */
  readonly planned: ObjectValue;
  /** The configuration, write-only values included. */
  readonly config: ObjectValue;
  /** The object as it was; null when it is being created. */
  readonly prior: ObjectValue | null;
  /** Different for every object, the same in every run. */
  readonly seed: string;
}

/** The objects that a session can see. */
export interface ObjectStore {
  objects(type: string): Iterable<ObjectValue>;
}
