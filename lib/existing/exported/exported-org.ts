import { UserError } from "../../errors";
import { UUID_PATTERN } from "../../registry/patterns";
import type { ProviderSchema } from "../../rehearsal/double/core/schema";
import { configurationOf } from "../configuration/configuration";
import {
  type Arguments,
  type ExistingObject,
  type ExistingOrg,
  isDangling,
  isReference,
  isUnknown,
  keyOf,
  pathText,
  referencesIn,
  targetOf,
  type Value,
} from "../model";
import { byText } from "../read/resolve";
import { KNOWN_TYPES } from "../types";
import type { ExportedStack, LeftOutArgument } from "./exported-stack";

/** An object of an export that gets no code. */
export interface LeftOutAddress {
  readonly address: string;
  readonly reason: string;
}

/** The objects of an export, and what else the organisation has. */
export interface ExportedOrg {
  readonly org: ExistingOrg;
  /** Addresses in the export of the objects that have code, by the objects' keys. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly leftOut: readonly LeftOutAddress[];
  readonly leftOutArguments: readonly LeftOutArgument[];
  /** How many objects the organisation has more, by their types. */
  readonly more: Readonly<Record<string, number>>;
}

/** Properties of {@link exportedOrg}. */
export interface ExportedOrgProps {
  /** Where the export is, in messages. */
  readonly folder: string;
  readonly exported: ExportedStack;
  /** Ids of the export's objects by their addresses, as far as they are known. */
  readonly stateIds: ReadonlyMap<string, string>;
  /** The organisation: names of all objects of the export's types, and of what the export refers to. */
  readonly live: ExistingOrg;
  /** Types that are to get code. */
  readonly types: readonly string[];
  /** Objects that have code already, which they keep: their types and ids. */
  readonly kept: ReadonlySet<string>;
  /** The Genesys Cloud provider. */
  readonly schema: ProviderSchema;
}

/** Why an object has no code: the export does not have it, or nobody asked for its type. */
export const NOT_IN_EXPORT = "not in the export";

const UUID = new RegExp(UUID_PATTERN);

/**
 * Joins an export with the organisation that it is from: each object gets its id, and each reference the name of
 * its object.
 *
 * @throws UserError if the export is of another organisation
 */
export const exportedOrg = (props: ExportedOrgProps): ExportedOrg => new Join(props).result();

class Join {
  private readonly liveById: ReadonlyMap<string, ExistingObject>;
  private readonly liveByKey: ReadonlyMap<string, ExistingObject>;
  private readonly leftOut: LeftOutAddress[] = [];
  private readonly leftOutArguments: LeftOutArgument[];
  /** Keys of all objects that something can refer to. */
  private readonly known: Set<string>;

  constructor(private readonly props: ExportedOrgProps) {
    const { live, exported } = props;
    this.liveById = new Map(live.objects.map((object) => [`${object.type} ${object.id}`, object]));
    this.liveByKey = new Map(live.objects.map((object) => [keyOf(object), object]));
    this.leftOutArguments = [...exported.leftOut];
    this.known = new Set(this.liveByKey.keys());
    for (const address of exported.repeated) {
      this.leftOut.push({ address, reason: "`count` or `for_each` makes it" });
    }
  }

  result(): ExportedOrg {
    const { exported, live, types, kept, schema, folder } = this.props;
    const { stack } = exported;
    const read = configurationOf({
      name: live.name,
      stacks: [stack],
      existing: live,
      types: Object.keys(stack.resource ?? {}),
      schema,
    });
    for (const address of read.unnamed) {
      this.leftOut.push({ address, reason: "its name is not known" });
    }
    const found = read.objects.map((object) => ({
      address: `${object.id}`.replace(/^0 /, ""),
      object,
      live: this.liveOf(object),
    }));
    if (found.length > 0 && !found.some((one) => one.live)) {
      throw new UserError(
        `${folder}: ${live.name} has none of its ${found.length} objects: it is an export of another organisation, or an old one`,
      );
    }
    const objects: ExistingObject[] = [];
    const addresses = new Map<string, string>();
    for (const one of found) if (one.live) this.known.add(keyOf(one.object));
    for (const { address, object, live: there } of found) {
      if (there) {
        const joined = this.joined(address, object, there);
        objects.push(joined);
        if (joined.unmanaged === undefined) addresses.set(keyOf(joined), address);
      } else if (types.includes(object.type)) {
        this.leftOut.push({ address, reason: this.whyNotThere(address, object) });
      }
    }
    const placeOf = ({ type, id }: ExistingObject) => `${type} ${id}`;
    const places = new Set(objects.map(placeOf));
    const rest = live.objects
      .filter((object) => !places.has(placeOf(object)))
      .map((object) =>
        kept.has(placeOf(object))
          ? object
          : { ...object, unmanaged: object.unmanaged ?? NOT_IN_EXPORT },
      );
    const wanted = types.filter((type) => type in (stack.resource ?? {}));
    const more: Record<string, number> = {};
    for (const { type, unmanaged } of rest) {
      if (wanted.includes(type) && unmanaged === NOT_IN_EXPORT) more[type] = (more[type] ?? 0) + 1;
    }
    const inCode = new Set(addresses.values());
    return {
      org: {
        name: live.name,
        organizationId: live.organizationId,
        types: [...new Set([...wanted, ...live.types])],
        objects: [...objects, ...rest],
      },
      addresses,
      leftOut: this.leftOut.sort((one, other) => byText(one.address, other.address)),
      leftOutArguments: this.leftOutArguments.filter(({ address }) => inCode.has(address)),
      more,
    };
  }

  private whyNotThere(address: string, { type, path, hasNamesakes }: ExistingObject): string {
    const { live, stateIds } = this.props;
    const id = stateIds.get(address);
    if (id !== undefined) return `${live.name} has no object with its id ${id}`;
    if (!hasNamesakes && !this.liveByKey.has(keyOf({ type, path }))) {
      return `${live.name} has none of its name`;
    }
    return "several objects have its name: rename all but one, or export with `include_state_file = true`";
  }

  private joined(
    address: string,
    { type, path, arguments: given, hasNamesakes }: ExistingObject,
    { id, unmanaged }: ExistingObject,
  ): ExistingObject {
    const { types, kept, schema } = this.props;
    const known = this.argumentsOf(address, given);
    const ignored = [...new Set(this.ignoredOf(address))].sort();
    const { attributes = {} } = schema.resource_schemas?.[type]?.block ?? {};
    const needed = ignored.find((name) => attributes[name]?.required);
    const isWanted = types.includes(type) || kept.has(`${type} ${id}`);
    const reason = isWanted
      ? (unmanaged ?? (needed && `its argument ${needed} is not known`))
      : NOT_IN_EXPORT;
    return {
      type,
      path,
      id,
      arguments: known,
      isPartial: true,
      ...(ignored.length > 0 && { ignored }),
      ...(hasNamesakes && { hasNamesakes }),
      ...(reason !== undefined && { unmanaged: reason }),
    };
  }

  private ignoredOf(address: string): string[] {
    return this.leftOutArguments
      .filter((one) => one.address === address && one.isIgnored)
      .map(({ argument }) => argument);
  }

  /** Returns the object of the organisation that an object of the export is. */
  private liveOf({ id, ...object }: ExistingObject): ExistingObject | undefined {
    const known = this.props.stateIds.get(`${id}`.replace(/^0 /, ""));
    if (known !== undefined) return this.liveById.get(`${object.type} ${known}`);
    const named = this.liveByKey.get(keyOf(object));
    return named?.hasNamesakes || object.hasNamesakes ? undefined : named;
  }

  private argumentsOf(address: string, given: Arguments): Arguments {
    const left = new Set(this.ignoredOf(address));
    return Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => {
        // A default of the provider, in place of the value.
        if (left.has(name)) return [];
        const reason = this.reasonAgainst(value);
        if (reason === undefined) {
          const kept = withoutUnknown(value);
          return kept === undefined ? [] : [[name, kept]];
        }
        this.leftOutArguments.push({ address, argument: name, reason, isIgnored: true });
        return [];
      }),
    );
  }

  private reasonAgainst(value: Value): string | undefined {
    for (const reference of referencesIn(value)) {
      if (!isReference(reference) || this.known.has(targetOf(reference))) continue;
      const { plural = reference.$ref } = KNOWN_TYPES.get(reference.$ref) ?? {};
      return `${this.props.live.name} has none of the ${plural} with the name ${JSON.stringify(pathText(reference.path))}`;
    }
    return isComputed(value) ? "only Terraform knows its value" : undefined;
  }
}

const isComputed = (value: Value): boolean =>
  typeof value === "object" &&
  (isUnknown(value)
    ? value.$unknown === "computed"
    : Object.values(value).some((each) => isComputed(each as Value)));

/** Leaves out what the provider sets. An id that is left over belongs to something without a name. */
function withoutUnknown(value: Value): Value | undefined {
  if (typeof value === "string") return UUID.test(value) ? { $ref: "", id: value } : value;
  if (typeof value !== "object" || isReference(value) || isDangling(value)) return value;
  if (isUnknown(value)) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(withoutUnknown).filter((each) => each !== undefined);
    return items.length > 0 ? items : undefined;
  }
  const members = Object.entries(value).flatMap(([name, each]): [string, Value][] => {
    const kept = withoutUnknown(each as Value);
    return kept === undefined ? [] : [[name, kept]];
  });
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}
