import { readFileSync } from "node:fs";
import { join } from "node:path";
import { genesysSchema } from "../../../lib/cli/project/genesys-schema";
import { withoutSecretValues } from "../../../lib/cli/project/without-secret-values";
import type { ExistingOrg } from "../../../lib/existing/model";
import { RememberedAnswers } from "../../../lib/existing/read/remembered-answers";
import { KNOWN_TYPES, OBJECT_TYPES } from "../../../lib/existing/types";
import type { ObjectType } from "../../../lib/existing/types/object-type";
import { generateOrganization, shuffled } from "../../support/existing/generated-organization";
import { readOrganization } from "../../support/existing/read-organization";
import { temporaryFolder } from "../../support/folders";

const typesOf = (...plurals: string[]): ObjectType[] =>
  OBJECT_TYPES.filter(({ plural }) => plurals.includes(plural));

/** What is the same in every organisation with the same objects. */
const withoutIds = ({ objects }: ExistingOrg) =>
  objects
    .filter(({ path }) => path[0] !== "planner")
    .map(({ id: _, ...object }) => JSON.parse(JSON.stringify(object, withoutDangling)));

const withoutDangling = (_name: string, value: unknown) =>
  typeof value === "object" && value !== null && "$ref" in value && "id" in value
    ? { $ref: value.$ref }
    : value;

describe("reading an organisation", () => {
  const organization = generateOrganization({ seed: 7, objects: 300, cycle: true });

  test("finds every object", async () => {
    const { existing } = await readOrganization(organization);
    const managed = existing.objects.filter(
      ({ unmanaged }) => unmanaged !== "only its name is read",
    );
    // The client that reads is one more.
    expect(managed).toHaveLength(organization.size + 1);
  });

  test("gives the same objects with other ids and in another order", async () => {
    const [one, other] = await Promise.all([
      readOrganization(organization),
      readOrganization(shuffled(organization, 3)),
    ]);
    expect(withoutIds(other.existing)).toEqual(withoutIds(one.existing));
  });

  test("changes nothing", async () => {
    const { genesys } = await readOrganization(organization);
    expect(organization.writes).toEqual([]);
    expect(genesys.calls.filter((call) => !call.startsWith("GET "))).toEqual(["POST /oauth/token"]);
  });

  test("keeps the rate that the API allows", async () => {
    const large = generateOrganization({ seed: 8, objects: 2_000 });
    const rateLimit = { perMinute: 300 };
    const { genesys } = await readOrganization(large, { rateLimit });
    expect(genesys.calls.length).toBeGreaterThan(600);
    expect(genesys.traffic.peakPerMinute).toBeLessThanOrEqual(300);
  });

  test.each([
    ["is added before it, so that an object is on two pages", "added"],
    ["of it is deleted, so that another one is on no page", "deleted"],
  ])("reads a list again if, after a page, an object %s", async (_, what) => {
    const moving = generateOrganization({ seed: 10, objects: 900 });
    const isOnce = { left: 1 };
    moving.afterPage = (kind, page) => {
      const [first] = moving.all("user").filter(({ state }) => state === "active");
      if (kind !== "user" || page !== 1 || isOnce.left-- <= 0 || !first) return;
      if (what === "deleted") moving.remove("user", first.id);
      else moving.add("user", { ...first, id: OTHER, email: "new@example.com" }, "first");
    };
    const { existing, genesys } = await readOrganization(moving, { types: typesOf("users") });
    const pages = genesys.calls.filter((call) => call === "GET /api/v2/users").length;
    expect(pages).toBeGreaterThan(4);
    const users = existing.objects.filter(({ type }) => type === "genesyscloud_user");
    const ids = (all: readonly { readonly id?: string }[]) => all.map(({ id }) => id).sort();
    expect(ids(users)).toEqual(ids(moving.all("user")));
  });

  test("fails if a list stays incomplete", async () => {
    const lossy = organization.copy();
    const reading = readOrganization(lossy, {
      types: typesOf("queues"),
      fetch: (genesys) => async (url, init) => {
        const answer = await genesys.fetch(url, init);
        if (!String(url).includes("/routing/queues?")) return answer;
        const page = JSON.parse(await answer.text());
        return Response.json({ ...page, total: page.total + 1 });
      },
    });
    await expect(reading).rejects.toThrow(
      /GET \/api\/v2\/routing\/queues: the list is incomplete: it has \d+ of \d+ objects/,
    );
  });

  test("names the permission that is missing", async () => {
    const denied = organization.copy();
    denied.denied.add("routing_queue");
    await expect(readOrganization(denied, { types: typesOf("queues") })).rejects.toThrow(
      /HTTP 403.*routing:queue:view/,
    );
  });

  test("refers by id to objects whose names it may not read", async () => {
    const denied = organization.copy();
    denied.denied.add("script");
    const { existing } = await readOrganization(denied, { types: typesOf("queues") });
    const scripts = existing.objects.flatMap(({ arguments: { default_script_ids = {} } }) =>
      Object.values(default_script_ids),
    );
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts)
      expect(script).toEqual({ $ref: "genesyscloud_script", id: expect.any(String) });
  });

  test("reads only what it is asked for, and the names of what that refers to", async () => {
    const { existing } = await readOrganization(organization, { types: typesOf("queues") });
    expect(existing.types).toEqual(["genesyscloud_routing_queue"]);
    const users = existing.objects.filter(({ type }) => type === "genesyscloud_user");
    expect(users.length).toBeGreaterThan(0);
    for (const user of users)
      expect(user).toMatchObject({ arguments: {}, unmanaged: "only its name is read" });
  });

  test("keeps no secret that an older region shows", async () => {
    const { existing } = await readOrganization(organization, {
      types: typesOf("oauth-clients"),
      fetch: (genesys) => async (url, init) => {
        const answer = await genesys.fetch(url, init);
        if (!String(url).endsWith("/oauth/clients")) return answer;
        const page = JSON.parse(await answer.text());
        const entities = page.entities.map((one: object) => ({
          ...one,
          secret: "test-secret-of-a-client",
        }));
        return Response.json({ ...page, entities });
      },
    });
    expect(existing.objects.length).toBeGreaterThan(0);
    expect(JSON.stringify(existing)).not.toContain("test-secret");
  });
});

test("settings with a password of an integration are not taken for all that it has", async () => {
  const { existing } = await readOrganization(generateOrganization({ seed: 9, objects: 300 }), {
    types: typesOf("integrations"),
    fetch: (genesys) => async (url, init) => {
      const answer = await genesys.fetch(url, init);
      if (!String(url).endsWith("/config/current")) return answer;
      const config = JSON.parse(await answer.text());
      return Response.json({ ...config, properties: { user: "a", password: "test-secret" } });
    },
  });
  const [integration] = existing.objects.map(withoutSecretValues);
  expect(integration).toMatchObject({ unmanaged: "config.properties has a secret", arguments: {} });
});

describe("a run that was stopped", () => {
  const organization = generateOrganization({ seed: 5, objects: 60 });

  test("goes on at every call, gives the same, and repeats no call", async () => {
    const whole = await readOrganization(organization);
    const all = whole.genesys.calls.filter((call) => call.startsWith("GET ")).length;
    expect(all).toBeGreaterThan(40);
    for (let stop = 1; stop <= all; stop++) {
      const file = join(temporaryFolder(), "answers.jsonl");
      const open = () =>
        RememberedAnswers.open(file, organization.id, Date.parse("2026-11-21T00:00:00Z"));
      let made = 0;
      const dies = readOrganization(organization, {
        answers: open(),
        fetch: (genesys) => async (url, init) => {
          if (init?.method === "GET" && ++made >= stop) throw new Died();
          return genesys.fetch(url, init);
        },
      });
      await expect(dies).rejects.toThrow();
      const { existing, genesys } = await readOrganization(organization, { answers: open() });
      expect(withoutIds(existing)).toEqual(withoutIds(whole.existing));
      const again = genesys.calls.filter((call) => call.startsWith("GET ")).length;
      // A call that was refused for good is made again.
      const refused = genesys.calls.filter((call) => UNKNOWN_HERE.test(call)).length;
      expect(stop - 1 + again - refused).toBeLessThanOrEqual(all);
    }
  }, 120_000);

  test("starts anew with another organisation, after an hour, and drops a line that was cut off", () => {
    const file = join(temporaryFolder(), "answers.jsonl");
    const now = Date.parse("2026-11-21T00:00:00Z");
    RememberedAnswers.open(file, "one", now).add("/a", { total: 1 });
    expect(RememberedAnswers.open(file, "one", now + 59 * 60_000).get("/a")).toEqual({ total: 1 });
    expect(RememberedAnswers.open(file, "one", now + 61 * 60_000).size).toBe(0);
    RememberedAnswers.open(file, "one", now).add("/a", { total: 1 });
    expect(RememberedAnswers.open(file, "other", now).size).toBe(0);
  });

  test("has no answer with a secret in its file", () => {
    const file = join(temporaryFolder(), "answers.jsonl");
    const hasSecret = (text: string) => text.includes("test-secret");
    const answers = RememberedAnswers.open(file, "one", 0, hasSecret);
    answers.add("/a", { token: "test-secret" });
    answers.add("/b", { total: 1 });
    expect([answers.get("/a"), answers.size]).toEqual([{ token: "test-secret" }, 2]);
    expect(readFileSync(file, "utf8")).not.toContain("test-secret");
    expect(RememberedAnswers.open(file, "one", 0, hasSecret).has("/b")).toBe(true);
  });
});

describe("the table of types", () => {
  test("has 15 types and more, each with a name of its own", () => {
    expect(OBJECT_TYPES.length).toBeGreaterThanOrEqual(15);
    const plurals = [...KNOWN_TYPES.values()].map(({ plural }) => plural);
    expect(new Set(plurals).size).toBe(plurals.length);
  });

  test.each(OBJECT_TYPES.map((one) => [one.plural, one] as const))(
    "%s have arguments of the provider only, and no sensitive one",
    (_, { type, mapping = {}, perOrg = [], notRead = [] }) => {
      const { attributes = {}, block_types = {} } =
        genesysSchema().resource_schemas?.[type]?.block ?? {};
      const names = [...Object.keys(mapping), ...perOrg, ...notRead];
      expect(names.filter((name) => !(name in attributes) && !(name in block_types))).toEqual([]);
      expect(names.filter((name) => attributes[name]?.sensitive)).toEqual([]);
    },
  );
});

const OTHER = "0f3c5a34-26c1-4a3e-9d3f-6f1f2b6f7a10";

class Died extends Error {}

/** Lists that the fake does not have, like an organisation without a licence for them. */
const UNKNOWN_HERE = /prompts|credentials\/listing/;
