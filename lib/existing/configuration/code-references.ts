import type { BlocksByType, StackJson } from "../../terraform/stack-folder";
import {
  type ExistingObject,
  type ExistingOrg,
  isDangling,
  keyOf,
  referencesIn,
  type Unknown,
} from "../model";
import type { RawObject } from "../read/resolve";
import { KNOWN_TYPES, OBJECT_TYPES } from "../types";
import { HOME_DIVISION } from "../types/authorization";
import type { Raw } from "../types/mapping";
import { DIVISION, LOCATION } from "../types/names";
import { type Body, literalText, nestedBlock } from "./literals";

/** A value that only Terraform computes. */
export const COMPUTED: Unknown = { $unknown: "computed" };

const HOME_DIVISION_DATA = "genesyscloud_auth_division_home";

/** The objects that code describes or refers to, by their names. */
export class CodeReferences {
  private readonly paths = new Map<string, readonly string[] | undefined>();
  /** Ids that the code's objects have here, by their keys. */
  private readonly ids = new Map<string, string>();
  private readonly outside = new Map<string, RawObject>();
  private readonly existing: ReadonlyMap<string, ExistingObject>;
  private readonly named: ReadonlyMap<string, ExistingObject>;
  private readonly notFound: ReadonlyMap<string, string>;

  constructor(
    private readonly stacks: readonly StackJson[],
    org: ExistingOrg,
  ) {
    this.existing = new Map(
      org.objects.flatMap((object) => (object.id === undefined ? [] : [[object.id, object]])),
    );
    // The first of those with the same name counts.
    this.named = new Map(
      [...org.objects].reverse().map((object) => [nameKey(object.type, nameIn(object)), object]),
    );
    this.notFound = new Map(
      org.objects
        .flatMap((object) => [...referencesIn(object.arguments)])
        .filter(isDangling)
        .map(({ $ref, id }) => [id, $ref]),
    );
    for (const [index, { resource = {} }] of stacks.entries()) {
      for (const [type, name] of addressesIn(resource)) {
        const path = this.pathOf(index, type, name);
        const key = path && keyOf({ type, path });
        if (key !== undefined && !this.ids.has(key)) this.ids.set(key, idOf(index, type, name));
      }
    }
  }

  /** Returns the name of a resource's object, below those of its parents; undefined if only Terraform knows it. */
  pathOf(index: number, type: string, name: string): readonly string[] | undefined {
    const id = idOf(index, type, name);
    if (!this.paths.has(id)) {
      // A location cannot be its own parent.
      this.paths.set(id, undefined);
      this.paths.set(id, this.readPath(index, type, this.stacks[index]?.resource?.[type]?.[name]));
    }
    return this.paths.get(id);
  }

  /** Returns the object that an expression such as `${genesyscloud_user.a.id}` names. */
  expression(index: number, text: string): Raw {
    const [, data, type = "", name = ""] =
      /^\$\{(data\.)?(\w+)\.([\w-]+)\.id\}$/.exec(text.trim()) ?? [];
    if (type === "") return COMPUTED;
    if (data !== undefined) return this.data(index, type, name);
    // By its address, since other objects of the code may have the same name.
    return this.pathOf(index, type, name) ? { $ref: type, id: idOf(index, type, name) } : COMPUTED;
  }

  /** Returns the object with an id, if a text is one; otherwise the text. */
  literal(text: string): Raw {
    const object = this.existing.get(text);
    if (object) return this.object(object.type, object.path);
    const $ref = this.notFound.get(text);
    return $ref === undefined ? text : { $ref, id: text };
  }

  /** Objects that the code refers to, and does not describe. */
  others(): readonly RawObject[] {
    return [...this.outside.values()];
  }

  private object(type: string, path: readonly string[]): Raw {
    const key = keyOf({ type, path });
    const id = this.ids.get(key) ?? key;
    if (id === key) {
      this.outside.set(key, { type, id, path, raw: {}, unmanaged: "outside of the code" });
    }
    return { $ref: type, id };
  }

  private data(index: number, type: string, name: string): Raw {
    if (type === HOME_DIVISION_DATA) return this.object(DIVISION, [HOME_DIVISION]);
    const known = KNOWN_TYPES.get(type);
    const body = this.stacks[index]?.data?.[type]?.[name];
    const wanted = literalText(body?.[known?.nameArgument ?? "name"]);
    if (!known || wanted === undefined) return COMPUTED;
    return this.object(type, this.named.get(nameKey(type, wanted))?.path ?? [wanted]);
  }

  private readPath(index: number, type: string, body: Body | undefined) {
    const known = KNOWN_TYPES.get(type);
    if (!body || !known || body.count !== undefined || body.for_each !== undefined)
      return undefined;
    if (type === DIVISION && body.home === true) return [HOME_DIVISION];
    const owner = known.nameIn === undefined ? body : nestedBlock(body[known.nameIn]);
    const name = literalText(owner?.[known.nameArgument ?? "name"]);
    if (name === undefined) return undefined;
    if (type !== LOCATION) return [name];
    const parents = this.parentsOf(index, body.path);
    return parents && [...parents, name];
  }

  /** Returns the names of a location's parents; undefined if one is not known. */
  private parentsOf(index: number, path: unknown): string[] | undefined {
    if (path !== undefined && !Array.isArray(path)) return undefined;
    const names = (path ?? []).map((text) => this.locationName(index, text));
    return names.every((name) => name !== undefined) ? names : undefined;
  }

  private locationName(index: number, text: unknown): string | undefined {
    const [, name] = /^\$\{genesyscloud_location\.([\w-]+)\.id\}$/.exec(String(text)) ?? [];
    if (name !== undefined) return this.pathOf(index, LOCATION, name)?.at(-1);
    return this.existing.get(String(text))?.path.at(-1);
  }
}

/** Id by which an object of code is known here: there may be the same address in several stacks. */
export const idOf = (index: number, type: string, name: string): string =>
  `${index} ${type}.${name}`;

const nameKey = (type: string, name: string): string => JSON.stringify([type, name]);

/** Returns the name by which a data source finds an object: that of a location has no parents. */
const nameIn = ({ path, arguments: { name } }: ExistingObject): string =>
  path[0] === HOME_DIVISION && typeof name === "string" ? name : (path.at(-1) ?? "");

/** Types and names of the resources that can be told apart by their names. */
const addressesIn = (resource: BlocksByType): [string, string][] =>
  OBJECT_TYPES.flatMap(({ type }) =>
    Object.keys(resource[type] ?? {}).map((name): [string, string] => [type, name]),
  );
