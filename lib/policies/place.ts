import type { Waiver } from "../recorded-waivers";

/** A place in a stack that can have waivers. */
export interface Place {
  readonly address: string;
  readonly construct: string;
  readonly waivers: readonly Waiver[];
}
