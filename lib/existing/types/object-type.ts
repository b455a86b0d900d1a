import type { Entity, Mapping } from "./mapping";

/** How the Platform API lists objects. */
export interface Listing {
  /** Path with its query, without number and size of the page. */
  readonly path: string;
  /**
   * `pages` with a total, `pages without a total`, pages that only name the `next page`, or everything in one
   * answer.
   * @default "pages"
   */
  readonly paging?: "pages" | "pages without a total" | "next page" | "none";
  /**
   * Number of objects on a page, at most as many as the API allows.
   * @default 100
   */
  readonly pageSize?: number;
}

/** Another call for each object, whose answer the object gets under a name. */
export interface Detail {
  readonly name: string;
  /** Returns the list to read, or the path of one answer; undefined if there is nothing to ask for. */
  readonly of: (entity: Entity) => Listing | string | undefined;
}

/** Everything that is known of one type of object: where it is listed, and what its arguments are. */
export interface ObjectType {
  /** Terraform type, for example `genesyscloud_routing_queue`. */
  readonly type: string;
  /** Name of the type in commands and files: `queues`. */
  readonly plural: string;
  readonly listings: readonly Listing[];
  /** @default - none */
  readonly details?: readonly Detail[];
  /**
   * Arguments of the resource.
   * @default - only names are read, and code refers to the objects by data sources
   */
  readonly mapping?: Mapping;
  /**
   * Arguments whose values differ between organisations by their nature, like phone numbers, or ids of
   * objects whose names are not read.
   * @default - none
   */
  readonly perOrg?: readonly string[];
  /**
   * Arguments that the provider does not read, and that it would set to its default after an import.
   * @default - none
   */
  readonly notRead?: readonly string[];
  /**
   * Paths of arguments whose texts are JSON, for example `config.properties`.
   * @default - none
   */
  readonly json?: readonly string[];
  /** @default - the object's `name` */
  readonly nameOf?: (entity: Entity) => string | undefined;
  /** Returns ids of the object's parents, which have the same type, from the outermost. */
  readonly parentsOf?: (entity: Entity) => readonly string[];
  /** Whether an entry of the list is no object, for example since it was deleted. */
  readonly isNone?: (entity: Entity) => boolean;
  /** Returns why Terraform should not manage an object; undefined if it can. */
  readonly unmanaged?: (entity: Entity) => string | undefined;
  /**
   * Argument by which the data source of the type finds an object.
   * @default "name"
   */
  readonly nameArgument?: string;
  /**
   * Block of the resource that has its name.
   * @default - the resource itself
   */
  readonly nameIn?: string;
}
