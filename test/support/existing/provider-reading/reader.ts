import type { FakeOrganization } from "../../fakes/fake-organization";
import type { Entity } from "../../fakes/organization/entity";

/** Attributes that a Read sets; one with undefined or null is set to nil. */
export type Read = Readonly<Record<string, unknown>>;

/**
 * What the provider 1.84.1 reads of an object, from its source. Undefined if it takes the object for
 * deleted.
 */
export type Reader = (entity: Entity, organization: FakeOrganization) => Read | undefined;

/** A part of an answer of the API. */
// biome-ignore lint/suspicious/noExplicitAny: it has as many shapes as there are fields
export type Answer = any;

/** A part of an object; undefined if it is missing or null. */
export const part = (value: unknown): Answer => value ?? undefined;

/** A block that occurs at most once: none if there is nothing. */
export const block = (value: unknown, read: (value: Answer) => Read): readonly Read[] =>
  value === null || value === undefined ? [] : [read(value)];

/** The elements of a list that may be missing. */
export const each = (value: unknown, read: (item: Answer) => unknown): readonly unknown[] =>
  Array.isArray(value) ? value.map(read) : [];

export const ids = (value: unknown): readonly unknown[] => each(value, ({ id }) => id);

/** A phone number in the form that the provider writes. Numbers here are international ones. */
export function e164(number: string): string {
  const digits = number.replace(/[^0-9]/g, "");
  return digits === "" ? "" : `+${digits}`;
}

/** JSON as Go writes it: keys in order, and characters of HTML escaped. */
export function goJson(value: unknown): string {
  const sorted = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(sorted);
    if (typeof one !== "object" || one === null) return one;
    const members = Object.entries(one).sort(([left], [right]) => (left < right ? -1 : 1));
    return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]));
  };
  return JSON.stringify(sorted(value)).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
