/**
 * Rules of a real provider for a configuration, beyond its schema. Paths are schema paths: names
 * joined by dots, without indexes.
 */
export interface Rules {
  /** For an attribute, those that must not be set together with it. */
  readonly conflicts?: Readonly<Record<string, readonly string[]>>;
  /** For an attribute, those that must be set together with it. */
  readonly requires?: Readonly<Record<string, readonly string[]>>;
  /** Groups of which exactly one attribute must be set. */
  readonly exactlyOneOf?: readonly (readonly string[])[];
  /** Groups of which at least one attribute must be set. */
  readonly atLeastOneOf?: readonly (readonly string[])[];
  /** Limits on the values of attributes. */
  readonly limits?: Readonly<Record<string, Limit>>;
  /** Values of attributes that are left out. */
  readonly defaults?: Readonly<Record<string, string | number | boolean>>;
}

/** Rules for the resources of one type. */
export interface ResourceRules extends Rules {
  /** Attributes that tell objects of the type apart, where their `id` does not. */
  readonly identifier?: readonly string[];
  /** Attributes whose value no two objects of the type may share. */
  readonly unique?: readonly string[];
  /** Attributes whose change replaces the object. */
  readonly forceNew?: readonly string[];
  /**
   * Top-level blocks that keep their values if the configuration has none: those that are optional and
   * computed, which a schema cannot say of blocks.
   */
  readonly keptBlocks?: readonly string[];
  /** Attributes with a JSON document, of which only the meaning counts. */
  readonly json?: readonly string[];
}

/** A limit on the value of one attribute. */
export interface Limit {
  readonly oneOf?: readonly (string | number)[];
  readonly ignoreCase?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** A number outside the range that is allowed as well. */
  readonly or?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Regular expression that the text must match. */
  readonly pattern?: string;
  /** Whether the text must be a JSON document. White space does not count for its length. */
  readonly json?: boolean;
}

/** The rules of one provider. */
export interface ProviderRules {
  readonly provider?: Rules;
  readonly resources?: Readonly<Record<string, ResourceRules>>;
  readonly dataSources?: Readonly<Record<string, Rules>>;
}
