import fc from "fast-check";
import { RegistryError } from "../../lib/registry";
import { check, messageOf, patched, validRegistry } from "./patched";

/** Paths to every value of a registry, lists and objects among them. */
function pathsOf(value: unknown, path = ""): string[] {
  const inner =
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, item]) => pathsOf(item, path ? `${path}/${key}` : key))
      : [];
  return path ? [path, ...inner] : inner;
}

const PATHS = pathsOf(validRegistry());

/** An object that cannot even be made text. */
const unprintable = () => Object.assign(Object.create(null), { toString: 1 });

const circular = () => {
  const list: unknown[] = [];
  list.push(list);
  return list;
};

const oddValue = fc.oneof(
  fc.constantFrom(null, undefined, true, false, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY),
  fc.constantFrom("", " ", "\n", "__proto__", "constructor", "*", "//", "@", "x".repeat(5000)),
  fc.constantFrom<unknown>([], [null], [[]], {}, { length: 1 }, 10n, Symbol("odd"), () => 1),
  fc.constant(0).map(unprintable),
  fc.constant(0).map(circular),
  fc.constantFrom(new Date(0), /x/, new Map([["a", 1]])),
  fc.string({ unit: "binary" }),
  fc.object({ maxDepth: 2 }),
  fc.array(fc.anything(), { maxLength: 3 }),
);

/** Applies changes. Leaves out those inside of a value that an earlier change removed. */
const apply = (changes: readonly (readonly [string, unknown])[]) =>
  changes.reduce(
    ({ registry, patch }, [path, value]) => {
      const next = { ...patch, [path]: value };
      try {
        return { registry: patched(next), patch: next };
      } catch {
        return { registry, patch };
      }
    },
    { registry: validRegistry(), patch: {} },
  ).registry;

/** Fails on any error but the registry's own. */
const checked = (registry: unknown): string => {
  try {
    check(registry);
    return "";
  } catch (error) {
    if (error instanceof RegistryError) return error.message;
    throw error;
  }
};

test("a registry with any values fails only with a RegistryError", () => {
  const change = fc.tuple(fc.constantFrom(...PATHS), oddValue);
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const message = checked(apply(changes));
      expect(message.split("\n").every((line) => line.length < 1500)).toBe(true);
    }),
    { seed: 20261120, numRuns: 1500 },
  );
});

test.each(PATHS)("an object in place of %s is refused", (path) => {
  expect(messageOf(() => check(patched({ [path]: unprintable() })))).toContain("[");
});

test.each([
  ["undefined", undefined],
  ["null", null],
  ["text", "registry"],
  ["a list", []],
  ["an empty object", {}],
])("a registry that is %s is refused", (_, registry) => {
  expect(messageOf(() => check(registry))).toBe(
    [
      "The registry has 2 problems:",
      "  registry: homes is missing: give a list of homes [required]",
      "  registry: orgs is missing: give a list of orgs [required]",
    ].join("\n"),
  );
});

test("a hole in a list is reported as a missing entry", () => {
  const registry = validRegistry();
  const orgs: unknown[] = [];
  orgs[1] = (registry.orgs as unknown[])[0];
  expect(messageOf(() => check({ ...registry, orgs }))).toContain(
    "orgs[0] is missing: give an object;",
  );
});

test("orgs and homes may be named like inherited properties of JavaScript", () => {
  const registry = check(
    patched({
      "homes/1/name": "constructor",
      "homes/1/storage": undefined,
      "orgs/2/name": "valueof",
      "orgs/2/state": { home: "constructor" },
    }),
  );
  expect(registry.get("valueof").state.kmsKeyArn).toBeUndefined();
});
