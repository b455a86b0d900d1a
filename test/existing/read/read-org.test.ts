import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withoutSecretValues } from "../../../lib/cli/project/without-secret-values";
import type { ExistingOrg } from "../../../lib/existing/model";
import { RememberedAnswers } from "../../../lib/existing/read/remembered-answers";
import { KNOWN_TYPES, OBJECT_TYPES } from "../../../lib/existing/types";
import type { ObjectType } from "../../../lib/existing/types/object-type";
import { generateOrganization, shuffled } from "../../support/existing/generated-organization";
import { readOrganization } from "../../support/existing/read-organization";
import { FakeOrganization } from "../../support/fakes/fake-organization";
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

  test("reads what a list has on two pages once, and a list again that lacks an object", async () => {
    const moving = organization.copy();
    let moves = 0;
    moving.afterPage = (kind, page) => {
      const [first] = moving.all("user");
      if (kind !== "user" || page !== 1 || moves > 1 || !first) return;
      moves += 1;
      // The first time an object of the first page moves to the next one, then one falls between two pages.
      moving.remove("user", first.id);
      if (moves === 1) moving.add("user", first, "last");
      else moving.add("user", first, "first");
    };
    const { existing } = await readOrganization(moving, { types: typesOf("users") });
    const users = existing.objects.filter(({ type }) => type === "genesyscloud_user");
    expect(new Set(users.map(({ id }) => id)).size).toBe(users.length);
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

test("every type of object names its place in the API, and arguments of the provider", () => {
  expect(OBJECT_TYPES.length).toBeGreaterThanOrEqual(15);
  expect(new FakeOrganization().size).toBe(0);
  expect([...KNOWN_TYPES.values()].map(({ plural }) => plural)).toEqual([
    ...new Set([...KNOWN_TYPES.values()].map(({ plural }) => plural)),
  ]);
});

class Died extends Error {}

/** Lists that the fake does not have, like an organisation without a licence for them. */
const UNKNOWN_HERE = /prompts|credentials\/listing/;
