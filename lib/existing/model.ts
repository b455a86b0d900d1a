/** A reference to an object: by its id as it is read, and by its type and name once it is known. */
export interface Reference {
  /** Terraform type of the object, for example `genesyscloud_auth_division`. */
  readonly $ref: string;
  /** The object's name, below the names of its parents. */
  readonly path: readonly string[];
}

/** A reference to an object that could not be found. */
export interface Dangling {
  readonly $ref: string;
  readonly id: string;
}

/** A value of an argument of Terraform's provider, with references in place of ids. */
export type Value =
  | string
  | number
  | boolean
  | Reference
  | Dangling
  | readonly Value[]
  | { readonly [name: string]: Value };

/** Arguments by their names in Terraform. Nothing that is empty: no `null`, no empty text and no empty list. */
export type Arguments = Readonly<Record<string, Value>>;

/** An object of an organisation, as Terraform's provider describes it. It has no secret. */
export interface ExistingObject {
  /** Terraform type, for example `genesyscloud_routing_queue`. */
  readonly type: string;
  /** The object's name, below the names of its parents. It says which object it is in every organisation. */
  readonly path: readonly string[];
  /** @default - it does not exist yet */
  readonly id?: string;
  readonly arguments: Arguments;
  /** Whether other objects of its type have the same name; the paths of all but the first have a number. */
  readonly hasNamesakes?: boolean;
  /**
   * Why Terraform does not manage it.
   * @default - it can
   */
  readonly unmanaged?: string;
  /**
   * Whether arguments that it does not have may have values all the same.
   * @default - they are empty
   */
  readonly isPartial?: boolean;
  /**
   * Arguments whose values are not known, and that Terraform leaves as they are.
   * @default - none
   */
  readonly ignored?: readonly string[];
  /**
   * Address at which the organisation's state has it, from where the code takes it over.
   * @default - it is imported
   */
  readonly movedFrom?: string;
}

/** What is known of an organisation's objects. */
export interface ExistingOrg {
  /** Where it comes from, in messages: an organisation's name, or a folder. */
  readonly name: string;
  readonly organizationId?: string;
  /** Types whose objects are complete. Of others, only the objects that something refers to are known. */
  readonly types: readonly string[];
  readonly objects: readonly ExistingObject[];
}

export const isReference = (value: Value): value is Reference =>
  typeof value === "object" && "$ref" in value && "path" in value;

export const isDangling = (value: Value): value is Dangling =>
  typeof value === "object" && "$ref" in value && "id" in value;

/** Why a value of code is not known before Terraform runs: it is computed, or left to Genesys Cloud. */
export type WhyUnknown = "computed" | "left out";

/** A value that is not known before Terraform runs. Only code has such values. */
export interface Unknown {
  readonly $unknown: WhyUnknown;
  // So that it is a `Value`.
  readonly [name: string]: string;
}

export const isUnknown = (value: Value): value is Unknown =>
  typeof value === "object" && "$unknown" in value;

/** Whether a value is a block of arguments. */
export const isBlock = (value: Value): value is Arguments =>
  typeof value === "object" &&
  !Array.isArray(value) &&
  !("$ref" in value) &&
  !("$unknown" in value);

/** Returns a text that is the same for the same object in every organisation. */
export const keyOf = ({ type, path }: Pick<ExistingObject, "type" | "path">): string =>
  JSON.stringify([type, ...path]);

/** Returns the key of the object that a reference names. */
export const targetOf = ({ $ref, path }: Reference): string => keyOf({ type: $ref, path });

/** Returns a path as people read it. */
export const pathText = (path: readonly string[]): string => path.join(" / ");

/** Returns every reference in a value. */
export function* referencesIn(value: Value): Generator<Reference | Dangling> {
  if (typeof value !== "object") return;
  if (isReference(value) || isDangling(value)) yield value;
  else for (const each of Object.values(value)) yield* referencesIn(each as Value);
}
