import { compareOrgs } from "../../../lib/existing/compare/compare-orgs";
import type { Difference } from "../../../lib/existing/compare/difference";
import { KNOWN_TYPES } from "../../../lib/existing/types";
import type { Planted } from "../../support/existing/differences";
import {
  generateOrganization,
  shuffled,
  withDifferences,
} from "../../support/existing/generated-organization";
import { readOrganization } from "../../support/existing/read-organization";

const SEEDS = [1, 2, 3];

const read = async (organization: Parameters<typeof readOrganization>[0]) =>
  (await readOrganization(organization)).existing;

/** The generated organisations have one id, and these are two. */
const readOther = async (organization: Parameters<typeof readOrganization>[0]) => ({
  ...(await read(organization)),
  organizationId: "22222222-2222-4222-8222-222222222222",
});

/** Where a difference was planted, and where one was found. */
const plantedText = ({ kind, type, name, attribute }: Planted) =>
  [
    kind.startsWith("only") ? kind : "in both",
    KNOWN_TYPES.get(type)?.plural,
    name,
    attribute,
  ].join();

test.each(SEEDS)(
  "organisation %d is the same with other ids and in another order",
  async (seed) => {
    const here = generateOrganization({ seed, objects: 300, cycle: true });
    const there = shuffled(here, seed + 100);
    const comparison = compareOrgs(await read(here), await readOther(there));
    expect(comparison.differences).toEqual([]);
    expect(comparison.skipped).toEqual([]);
    expect(comparison.types.reduce((sum, each) => sum + each.here, 0)).toBeGreaterThanOrEqual(300);
  },
);

test.each(SEEDS)(
  "all 40 differences of organisation %d are found, each where it is",
  async (seed) => {
    const organization = generateOrganization({ seed, objects: 300 });
    const { organization: changed, planted } = withDifferences(organization, 40, seed + 200);
    const [here, there] = [
      await read(organization),
      await readOther(shuffled(changed, seed + 300)),
    ];
    const started = performance.now();
    const { differences } = compareOrgs(here, there);
    const milliseconds = performance.now() - started;
    // Users are known by their mail addresses, and objects below others by their parents as well.
    const namesOf = new Map(
      [...here.objects, ...there.objects].map((object) => [
        JSON.stringify([KNOWN_TYPES.get(object.type)?.plural, object.path]),
        String(object.arguments.name ?? object.path.at(-1)),
      ]),
    );
    const foundText = ({ kind, type, path, argument }: Difference) =>
      [
        argument === undefined ? kind : "in both",
        type,
        namesOf.get(JSON.stringify([type, path])),
        argument?.replace(/\[[^\]]*\]/g, ""),
      ].join();
    expect(differences.map(foundText).sort()).toEqual(planted.map(plantedText).sort());
    expect(milliseconds).toBeLessThan(10_000);
  },
);
