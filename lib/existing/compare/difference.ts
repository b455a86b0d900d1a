import type { Value, WhyUnknown } from "../model";

/** Where something differs: only one side has it, or both have another value, or the same in another order. */
export type DifferenceKind = "only here" | "only there" | "different" | "other order";

/** A difference of one argument. */
export interface ArgumentDifference {
  readonly kind: DifferenceKind;
  /** Path below the object: `media_settings_call.alerting_timeout_sec`, `members[agent@example.com]`. */
  readonly argument: string;
  readonly here?: Value;
  readonly there?: Value;
}

/** A difference of two organisations: of one argument, or of a whole object that only one of them has. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** Name of the type in commands: `queues`. */
  readonly type: string;
  /** The object's name, below the names of its parents. */
  readonly path: readonly string[];
  /** Path of the argument. @default - the whole object */
  readonly argument?: string;
  /** @default - there is no value */
  readonly here?: Value;
  /** @default - there is no value */
  readonly there?: Value;
  /** Why Terraform does not manage the object. @default - it can */
  readonly unmanaged?: string;
}

/** Values that cannot be compared, and are taken as equal. */
export interface NotComparable {
  /** Values of code that only Terraform computes. */
  readonly computed: number;
  /** Arguments that code leaves to Genesys Cloud. */
  readonly "left out": number;
  /** References to objects that neither side could find. */
  readonly "not found": number;
  /** Objects whose settings are not known, since one side has a secret in them. */
  readonly secret: number;
}

/** Why a value cannot be compared. */
export type WhyNotComparable = WhyUnknown | "not found";

/** Numbers of objects of one type that was compared. */
export interface ComparedType {
  readonly type: string;
  readonly here: number;
  readonly there: number;
}

/** A type that was not compared. */
export interface SkippedType {
  readonly type: string;
  /** Names of the sides whose objects of this type are not known. */
  readonly unknownIn: readonly string[];
}

/** The differences of two organisations. Ids and the order of objects do not count. */
export interface Comparison {
  readonly types: readonly ComparedType[];
  readonly skipped: readonly SkippedType[];
  /** Ordered by type, name and argument. */
  readonly differences: readonly Difference[];
  readonly notComparable: NotComparable;
}
