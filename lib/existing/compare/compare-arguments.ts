import { type Arguments, isBlock, isDangling, isUnknown, type Value } from "../model";
import type { ArgumentDifference, WhyNotComparable } from "./difference";
import { elementName } from "./element-names";
import { hasDangling, hasUnknown, sameText, valueText } from "./same-value";

/** The differences of two objects' arguments. */
export interface ComparedArguments {
  readonly differences: readonly ArgumentDifference[];
  readonly notComparable: readonly WhyNotComparable[];
}

/** Compares the arguments of an object in two organisations. */
export function compareArguments(here: Arguments, there: Arguments): ComparedArguments {
  const walk = new Walk();
  walk.blocks("", here, there);
  return walk;
}

class Walk implements ComparedArguments {
  readonly differences: ArgumentDifference[] = [];
  readonly notComparable: WhyNotComparable[] = [];

  blocks(path: string, here: Arguments, there: Arguments): void {
    for (const name of new Set([...Object.keys(here), ...Object.keys(there)])) {
      this.values(path === "" ? name : `${path}.${name}`, name, here[name], there[name]);
    }
  }

  private values(
    path: string,
    name: string,
    here: Value | undefined,
    there: Value | undefined,
  ): void {
    if (isNothing(here) && isNothing(there)) return;
    const why = whyNotComparable(here, there);
    if (why !== undefined) this.notComparable.push(why);
    else if (isListOrNothing(here) && isListOrNothing(there)) {
      this.lists(path, name, here ?? [], there ?? []);
    } else if (here === undefined) this.add("only there", path, here, there);
    else if (there === undefined) this.add("only here", path, here, there);
    else if (isBlock(here) && isBlock(there)) this.blocks(path, here, there);
    else if (sameText(here) !== sameText(there)) this.add("different", path, here, there);
  }

  /**
   * Elements with the same content are the same one, then those with the same name. The order counts only where
   * it has a meaning: elements without an order were sorted when they were read.
   */
  private lists(path: string, list: string, here: readonly Value[], there: readonly Value[]): void {
    const common = commonOf(elementsOf(list, here), elementsOf(list, there));
    const inOrder = common.here.map(({ text }) => text).join("\n");
    if (inOrder !== common.there.map(({ text }) => text).join("\n")) {
      this.add("other order", path, here, there);
    }
    for (const _ of common.notFound) this.notComparable.push("not found");
    const others = new Map(common.onlyThere.map((element) => [element.name, element]));
    const alone: Element[] = [];
    for (const element of common.onlyHere) {
      const other = others.get(element.name);
      if (other && isBlock(element.value) && isBlock(other.value)) {
        others.delete(element.name);
        this.blocks(`${path}[${element.name}]`, element.value, other.value);
      } else alone.push(element);
    }
    this.oneSided("only here", path, alone, [...others.values()]);
    this.oneSided("only there", path, [...others.values()], alone);
  }

  /** Adds the elements of one side, but those that may be one of the other side's that is not known. */
  private oneSided(
    kind: "only here" | "only there",
    path: string,
    elements: readonly Element[],
    others: readonly Element[],
  ): void {
    const spare = others.filter(({ value }) => hasUnknown(value)).length;
    const known = elements.filter(({ value }) => !hasUnknown(value));
    for (const _ of known.slice(0, spare)) this.notComparable.push("computed");
    for (const { name, value } of known.slice(spare)) {
      const place = `${path}[${name}]`;
      if (kind === "only here") this.add(kind, place, value, undefined);
      else this.add(kind, place, undefined, value);
    }
  }

  private add(
    kind: ArgumentDifference["kind"],
    argument: string,
    here: Value | undefined,
    there: Value | undefined,
  ): void {
    this.differences.push({
      kind,
      argument,
      ...(here === undefined ? {} : { here }),
      ...(there === undefined ? {} : { there }),
    });
  }
}

/** An element of a list, with a name that no other one of the list has. */
interface Element {
  readonly value: Value;
  readonly text: string;
  readonly name: string;
}

function elementsOf(list: string, values: readonly Value[]): Element[] {
  const seen = new Map<string, number>();
  return values.map((value, index) => {
    const name = isBlock(value) ? (elementName(list, value) ?? `${index}`) : plainText(value);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { value, text: sameText(value), name: count === 1 ? name : `${name} (${count})` };
  });
}

const plainText = (value: Value): string => (typeof value === "string" ? value : valueText(value));

/** Elements of two lists. */
interface Common {
  /** Those that both have, in the order of each. */
  readonly here: readonly Element[];
  readonly there: readonly Element[];
  /** Those that both have, and that refer to objects that were not found. They may be in any order. */
  readonly notFound: readonly Element[];
  readonly onlyHere: readonly Element[];
  readonly onlyThere: readonly Element[];
}

function commonOf(here: readonly Element[], there: readonly Element[]): Common {
  const [mine, others] = [countsOf(here), countsOf(there)];
  const split = (elements: readonly Element[], other: ReadonlyMap<string, number>) => {
    const left = new Map(other);
    const [common, alone]: [Element[], Element[]] = [[], []];
    for (const element of elements) {
      const count = left.get(element.text) ?? 0;
      left.set(element.text, count - 1);
      (count > 0 ? common : alone).push(element);
    }
    return { common, alone };
  };
  const [one, other] = [split(here, others), split(there, mine)];
  const isFound = ({ value }: Element): boolean => !hasDangling(value);
  return {
    here: one.common.filter(isFound),
    there: other.common.filter(isFound),
    notFound: one.common.filter((element) => !isFound(element)),
    onlyHere: one.alone,
    onlyThere: other.alone,
  };
}

function countsOf(elements: readonly Element[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of elements) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** Genesys Cloud leaves some settings out that are switched off. */
const isNothing = (value: Value | undefined): boolean =>
  value === undefined || value === false || (isUnknown(value) && value.$unknown === "left out");

const isListOrNothing = (value: Value | undefined): value is readonly Value[] | undefined =>
  value === undefined || Array.isArray(value);

function whyNotComparable(
  here: Value | undefined,
  there: Value | undefined,
): WhyNotComparable | undefined {
  for (const value of [here, there]) {
    if (value !== undefined && isUnknown(value)) return value.$unknown;
  }
  const areDangling =
    here !== undefined && there !== undefined && isDangling(here) && isDangling(there);
  return areDangling && here.$ref === there.$ref ? "not found" : undefined;
}
