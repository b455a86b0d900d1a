/** Kinds of protection, the most serious first. */
export const CONTROLS = [
  "guard",
  "state",
  "encryption",
  "lock",
  "secret",
  "policy",
  "deletion protection",
  "version",
  "rotation",
  "alarm",
  "waiver",
] as const;

export type Control = (typeof CONTROLS)[number];

export type Values = Readonly<Record<string, unknown>>;

/** How the change of an object may weaken a control. */
export interface Watch {
  readonly control: Control;
  /** What the deletion of such an object means. @default - nothing */
  readonly deleted?: string;
  /** Returns what a change of the object means; undefined for nothing bad. */
  readonly changed?: (before: Values, after: Values) => string | undefined;
  /** Returns what a new object means; undefined for nothing bad. @default - nothing */
  readonly created?: (after: Values) => string | undefined;
}

/** @param preset value of an argument that is left out */
export const falls =
  (key: string, preset: number, what: string) => (before: Values, after: Values) =>
    Number(after[key] ?? preset) < Number(before[key] ?? preset) ? what : undefined;

/** @param key argument that is `true` where the control is on */
export const turnsOff = (key: string, what: string) => (before: Values, after: Values) =>
  before[key] === true && after[key] !== true ? what : undefined;

/** @param key argument that has been set, and must not change */
export const differs = (key: string, what: string) => (before: Values, after: Values) =>
  before[key] !== null &&
  before[key] !== undefined &&
  JSON.stringify(before[key]) !== JSON.stringify(after[key])
    ? what
    : undefined;
