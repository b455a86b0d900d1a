import type { FakeOrganization } from "../fakes/fake-organization";
import { exists, type Kind, MANAGED_KINDS, textOf } from "../fakes/organization/entity";
import { KINDS } from "../fakes/organization/kinds";
import { generateOrganization, shuffled, withDifferences } from "./generated-organization";

const ALL = Object.keys(KINDS) as Kind[];
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

const contentOf = (organization: FakeOrganization) =>
  ALL.map((kind) => [kind, organization.all(kind)] as const);

/** The organisation with names in the place of ids, and with all lists sorted. */
function withoutIds(organization: FakeOrganization): unknown {
  const names = new Map(
    contentOf(organization).flatMap(([kind, all]) =>
      all.map((entity) => [entity.id, `${kind} ${textOf(entity, "name")}`] as const),
    ),
  );
  const plain = (value: unknown): unknown => {
    if (typeof value === "string") return value.replace(UUID, (id) => names.get(id) ?? "elsewhere");
    if (Array.isArray(value)) {
      return value.map(plain).sort((one, other) => (text(one) < text(other) ? -1 : 1));
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  };
  return plain(contentOf(organization));
}

const text = (value: unknown) => JSON.stringify(value) ?? "";

describe("an organisation", () => {
  test.each([15, 300, 5000])("of %d objects has so many, of all kinds", (objects) => {
    const organization = generateOrganization({ seed: 1, objects });
    expect(organization.size).toBe(objects);
    for (const kind of MANAGED_KINDS) {
      expect([kind, organization.all(kind).filter(exists).length]).toEqual([
        kind,
        expect.any(Number),
      ]);
      expect(organization.all(kind).filter(exists).length).toBeGreaterThan(0);
    }
  });

  test("is the same for the same seed, and another one for another", () => {
    const content = (seed: number) => text(contentOf(generateOrganization({ seed, objects: 300 })));
    expect(content(1)).toBe(content(1));
    expect(content(1)).not.toBe(content(2));
  });

  test("has names that are unique in their kind, and two with the same slug", () => {
    const organization = generateOrganization({ seed: 3, objects: 300 });
    for (const kind of MANAGED_KINDS) {
      const names = organization.all(kind).map((entity) => textOf(entity, "name"));
      expect(new Set(names).size).toBe(names.length);
    }
    const slugs = organization.all("routing_queue").map((queue) =>
      textOf(queue, "name")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "_"),
    );
    expect(slugs.filter((slug) => slug === "billing_eu")).toHaveLength(2);
    const emails = organization.all("user").map((user) => textOf(user, "email"));
    expect(new Set(emails).size).toBe(emails.length);
  });

  test("refers to objects that it has", () => {
    const organization = generateOrganization({ seed: 4, objects: 300 });
    const ids = new Set(ALL.flatMap((kind) => organization.all(kind).map(({ id }) => id)));
    const queues = organization.all("routing_queue");
    const referred = queues.flatMap(({ division, $members, $wrapupCodes, memberGroups }) => [
      ...text([division, $members, $wrapupCodes, memberGroups]).matchAll(UUID),
    ]);
    expect(referred.length).toBeGreaterThan(100);
    expect(referred.filter(([id]) => !ids.has(id))).toEqual([]);
    const deepest = organization.all("location").map(({ path }) => (path as string[]).length);
    expect(Math.max(...deepest)).toBeGreaterThan(1);
  });

  test("has a cycle of two queues only if it is asked for", () => {
    const backups = (cycle: boolean) => {
      const [first, second] = generateOrganization({ seed: 5, objects: 60, cycle }).all(
        "routing_queue",
      );
      return [text(first).includes(`${second?.id}`), text(second).includes(`${first?.id}`)];
    };
    expect(backups(true)).toEqual([true, true]);
    expect(backups(false)).not.toEqual([true, true]);
  });
});

describe("a shuffled organisation", () => {
  const organization = generateOrganization({ seed: 6, objects: 300 });
  const other = shuffled(organization, 7);

  test("is the same but for ids and order", () => {
    expect(withoutIds(other)).toEqual(withoutIds(organization));
    const order = (one: FakeOrganization) => one.all("user").map((user) => textOf(user, "email"));
    expect(order(other)).not.toEqual(order(organization));
  });

  test("has none of the ids", () => {
    const idsOf = (one: FakeOrganization) =>
      new Set([...text(contentOf(one)).matchAll(UUID)].map(([id]) => id));
    const ids = idsOf(organization);
    expect(ids.size).toBeGreaterThan(300);
    expect([...idsOf(other)].filter((id) => ids.has(id))).toEqual([]);
  });
});

describe("differences", () => {
  const organization = generateOrganization({ seed: 8, objects: 300 });
  const { organization: there, planted } = withDifferences(organization, 40, 9);

  /** Names of a kind's objects, with what they have but ids. */
  const objectsOf = (one: FakeOrganization) =>
    new Map(
      MANAGED_KINDS.flatMap((kind) =>
        one.all(kind).map((entity) => [`${kind} ${entity.id}`, text(entity)] as const),
      ),
    );

  test("are as many as wanted, the same number of each kind, in as many objects", () => {
    expect(planted).toHaveLength(40);
    const counts = new Map<string, number>();
    for (const { kind } of planted) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect([...counts.values()]).toEqual([8, 8, 8, 8, 8]);
    expect(new Set(planted.map(({ type, name }) => `${type} ${name}`)).size).toBe(40);
  });

  test("are all that differs", () => {
    const [here, other] = [objectsOf(organization), objectsOf(there)];
    const keys = new Set([...here.keys(), ...other.keys()]);
    const differing = [...keys].filter((key) => here.get(key) !== other.get(key));
    const expected = planted.map(({ type, id }) => `${type.replace("genesyscloud_", "")} ${id}`);
    expect(differing.sort()).toEqual(expected.sort());
  });

  test("are the same for the same seed, and leave the organisation as it was", () => {
    const content = text(contentOf(organization));
    expect(withDifferences(organization, 40, 9).planted).toEqual(planted);
    expect(text(contentOf(organization))).toBe(content);
  });

  test("fit into an organisation of 5,000 objects", () => {
    const large = generateOrganization({ seed: 10, objects: 5000 });
    expect(withDifferences(shuffled(large, 11), 200, 12).planted).toHaveLength(200);
  });
});
