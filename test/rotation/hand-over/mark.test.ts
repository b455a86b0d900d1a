import { deletableFrom } from "../../../lib/rotation/hand-over/judge";
import {
  handedOverAt,
  handedOverDescriptionOf,
  ownDescriptionOf,
} from "../../../lib/rotation/hand-over/mark";

const AT = Date.parse("2026-11-29T12:00:00Z");
const HOUR = 3_600_000;

test.each(["", "by Ann", "was (handed over to x) once"])(
  "the mark tells the time, and goes without a trace (%p)",
  (description) => {
    const marked = { description: handedOverDescriptionOf({ description }, "crm-sync", AT + 400) };
    expect(handedOverAt(marked)).toBe(AT);
    expect(ownDescriptionOf(marked)).toBe(description);
    // A second mark replaces the first.
    const again = { description: handedOverDescriptionOf(marked, "other", AT + HOUR) };
    expect([handedOverAt(again), ownDescriptionOf(again)]).toEqual([AT + HOUR, description]);
    expect(handedOverAt({ description })).toBeUndefined();
  },
);

test("a mark without a time is none", () => {
  const description = "a (handed over to b on 2026-99-99T12:00:00Z)";
  expect(handedOverAt({ description })).toBeUndefined();
});

test.each<[string, object, number | undefined]>([
  [
    "two days at least, since the lifetime may have been longer",
    { accessTokenValiditySeconds: 3600 },
    48,
  ],
  ["a lifetime that is longer", { accessTokenValiditySeconds: 100 * 3600 }, 100],
  ["a lifetime that is not known", {}, 48],
  ["a later change by somebody", { dateModified: "2026-11-29T15:00:00Z" }, 51],
  ["a date of modification that never moves", { dateModified: "2025-01-01T00:00:00Z" }, 48],
  ["no mark", { description: "by Ann" }, undefined],
])("a client may be deleted after %s", (_, fields, hours) => {
  const description = handedOverDescriptionOf({}, "crm-sync", AT);
  const from = deletableFrom({ id: "a", name: "A", description, ...fields });
  expect(from).toBe(hours === undefined ? undefined : AT + hours * HOUR + HOUR / 4);
});
