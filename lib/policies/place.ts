/** A place in a stack that can have waivers. */
export interface Place {
  readonly address: string;
  readonly construct: string;
  readonly waivers: readonly Waiver[];
}

/** A rule that code has waived for a place. */
export interface Waiver {
  readonly rule: string;
  readonly reason: string;
  /** Path of the waived construct. One waiver may cover many blocks. */
  readonly waivedAt: string;
}
