/**
 * What a real provider refuses or fills in beyond its schema: a schema file says nothing of it.
 * Paths are schema paths: names joined by dots, without indexes.
 */
export interface TypeRules {
  /** Attributes that tell objects of the type apart, where its `id` does not. */
  readonly identifier?: readonly string[];
  /** Attributes that no two objects of the type may have the same value of. */
  readonly unique?: readonly string[];
  /** Attributes whose change replaces the object. */
  readonly forceNew?: readonly string[];
  /** For an attribute, those that may not be set beside it. */
  readonly conflictsWith?: Readonly<Record<string, readonly string[]>>;
  /** Groups of which exactly one attribute has to be set. */
  readonly exactlyOneOf?: readonly (readonly string[])[];
  /** Groups of which at least one attribute has to be set. */
  readonly atLeastOneOf?: readonly (readonly string[])[];
  /** For an attribute, those that have to be set beside it. */
  readonly requiredWith?: Readonly<Record<string, readonly string[]>>;
  readonly values?: Readonly<Record<string, ValueRule>>;
  /** Values of attributes that are left out. */
  readonly defaults?: Readonly<Record<string, string | number | boolean>>;
}

/** What one attribute may hold. */
export interface ValueRule {
  readonly oneOf?: readonly (string | number)[];
  readonly ignoreCase?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** A number that is allowed beside the range. */
  readonly or?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Regular expression that the text has to match. */
  readonly pattern?: string;
  /** Whether the text has to be a JSON document. White space does not count for its length. */
  readonly json?: boolean;
}

/** The rules of one provider. */
export interface ProviderRules {
  readonly provider?: TypeRules;
  readonly resources?: Readonly<Record<string, TypeRules>>;
  readonly dataSources?: Readonly<Record<string, TypeRules>>;
}
