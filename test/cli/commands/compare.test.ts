import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ExistingObject, ExistingOrg } from "../../../lib/existing/model";
import { writeSnapshot } from "../../../lib/existing/snapshot";
import { GROUP, QUEUE, ROLE, SKILL, USER } from "../../../lib/existing/types/names";
import { SYSTEM_CLOCK } from "../../../lib/http/clock";
import type { IgnoredDifferenceEntry } from "../../../lib/registry/model";
import type { VaultOrgReport } from "../../../lib/registry/report";
import { orgReport } from "../../rehearsal/reports";
import {
  generateOrganization,
  shuffled,
  withDifferences,
} from "../../support/existing/generated-organization";
import { readOrganization } from "../../support/existing/read-organization";
import { stackJsonOf } from "../../support/existing/stack-json";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeGenesys } from "../../support/fakes/fake-genesys";
import type { FakeOrganization } from "../../support/fakes/fake-organization";
import { FakeVault, VAULT_TOKEN } from "../../support/fakes/fake-vault";
import { mockHosts } from "../../support/fakes/host-fetch";
import { temporaryFolder } from "../../support/folders";
import { type FakeProject, fakeProject } from "../../support/project";
import { type Ran, run } from "../run";

const NOW = Date.parse("2026-11-28T12:00:00Z");

const object = (
  type: string,
  name: string,
  more: ExistingObject["arguments"] = {},
): ExistingObject => ({ type, path: [name], arguments: { name, ...more } });

const HERE: readonly ExistingObject[] = [
  object(SKILL, "German"),
  object(SKILL, "French"),
  object(USER, "agent@x", { manager: { $ref: USER, path: ["boss@x"] } }),
  object(GROUP, "Team", { owner_ids: ["a", "b"] }),
  object(QUEUE, "Support", { description: "old", members: [{ user_id: "a", ring_num: 1 }] }),
];
const THERE: readonly ExistingObject[] = [
  object(SKILL, "French"),
  object(SKILL, "Spanish"),
  object(USER, "agent@x", { manager: { $ref: USER, path: ["chief@x"] } }),
  object(GROUP, "Team", { owner_ids: ["b", "a"] }),
  object(QUEUE, "Support", { description: "new", members: [] }),
];
const TYPES = [SKILL, USER, GROUP, QUEUE];

/** Writes snapshots into a folder. */
function snapshots(folder: string, all: Record<string, Partial<ExistingOrg>>): string {
  for (const [name, org] of Object.entries(all)) {
    writeSnapshot(join(folder, name), { name, types: TYPES, objects: [], ...org });
  }
  return folder;
}

const before = { before: { objects: HERE }, after: { objects: THERE } };

const compare = (folder: string, ...args: string[]): Promise<Ran> =>
  run(folder, ["compare", ...args], {}, () => NOW);

afterEach(() => jest.restoreAllMocks());

describe("two snapshots, outside of a project", () => {
  test("are compared by type, object and argument, numbers first", async () => {
    const { code, stdout, stderr } = await compare(
      snapshots(temporaryFolder(), before),
      "before",
      "after",
      "skills",
      "users",
      "groups",
      "queues",
    );
    expect([code, stderr]).toEqual([2, ""]);
    expect(
      stdout,
    ).toBe(`before and after: 6 differences: 1 object only in before, 1 only in after, 4 arguments of 3 objects
  skills: 2 differences in 2 objects, of 2 and 2
  users: 1 difference in 1 object, of 1 and 1
  groups: 1 difference in 1 object, of 1 and 1
  queues: 2 differences in 1 object, of 1 and 1
skills:
  German: only in before
  Spanish: only in after
users:
  agent@x:
      manager: boss@x → chief@x
groups:
  Team:
      owner_ids: another order: ["a", "b"] → ["b", "a"]
queues:
  Support:
      description: "old" → "new"
      members[a]: only in before
`);
  });

  test("that are the same end with 0, and types that one of them lacks are named", async () => {
    const folder = snapshots(temporaryFolder(), {
      here: { objects: HERE },
      there: { objects: [...HERE].reverse(), types: [SKILL, QUEUE] },
    });
    const { code, stdout } = await compare(folder, "here", "./there");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "here and ./there: no differences\n  the same: skills (2), queues (1)\n",
    );
    expect(stdout).toMatch(
      /types that were not compared:\n {2}not in here and \.\/there: divisions, .*\n {2}not in \.\/there: users, groups\n/,
    );
    const asked = await compare(folder, "here", "there", "queues", "users");
    expect([asked.code, asked.stderr]).toEqual([
      1,
      "there has no users: write a snapshot that has them\n",
    ]);
  });

  test("long lists are cut, with a hint", async () => {
    const skills = Array.from({ length: 30 }, (_, index) => object(SKILL, `s${index}`));
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`a${index}`, index]));
    const folder = snapshots(temporaryFolder(), {
      here: { objects: [...skills, object(QUEUE, "q")] },
      there: { objects: [object(QUEUE, "q", many)] },
    });
    const { stdout } = await compare(folder, "here", "there");
    expect(stdout).toContain("  … and 10 further objects: --json and --html have all\n");
    expect(stdout).toContain("      … and 4 further differences\n");
  });

  test("--json has all of it in one document", async () => {
    const folder = snapshots(temporaryFolder(), before);
    const { code, stdout } = await compare(folder, "before", "after", "queues", "skills", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      here: { kind: "snapshot", name: "before" },
      there: { kind: "snapshot", name: "after" },
      counts: { differences: 4, onlyHere: 1, onlyThere: 1, arguments: 2, changed: 1 },
      types: [
        { type: "skills", here: 2, there: 2, differences: 2 },
        { type: "queues", here: 1, there: 1, differences: 2 },
      ],
      notCompared: [],
      notComparable: { computed: 0, leftOut: 0, notFound: 0, secret: 0, unnamed: [] },
      ignored: [],
      unusedRules: [],
      differences: [
        { kind: "only here", type: "skills", path: ["German"], name: "German" },
        { kind: "only there", type: "skills", path: ["Spanish"], name: "Spanish" },
        {
          kind: "different",
          type: "queues",
          path: ["Support"],
          name: "Support",
          argument: "description",
          here: "old",
          there: "new",
        },
        {
          kind: "only here",
          type: "queues",
          path: ["Support"],
          name: "Support",
          argument: "members[a]",
          here: { user_id: "a", ring_num: 1 },
        },
      ],
    });
  });

  test("foreign text controls neither a terminal, nor Markdown, nor a page", async () => {
    const evil = "</td><script>x</script> `code` \u001b[31m\n# Heading | cell";
    const folder = snapshots(temporaryFolder(), {
      here: { objects: [object(QUEUE, "Support"), object(SKILL, evil)] },
      there: { objects: [object(QUEUE, "Support", { description: evil })] },
    });
    const { stdout } = await compare(folder, "here", "there", "--html", "page.html");
    expect(stdout).not.toContain("\u001b");
    expect(stdout).not.toMatch(/^# Heading/m);
    const { stdout: markdown } = await compare(folder, "here", "there", "--markdown");
    expect(markdown).toContain(
      "- `</td><script>x</script> 'code' ?[31m # Heading | cell`: only in `here`\n",
    );
    for (const line of markdown.split("\n")) {
      expect((line.match(/`/g)?.length ?? 0) % 2).toBe(0);
    }
    const page = readFileSync(join(folder, "page.html"), "utf8");
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).toContain("&lt;script&gt;x&lt;/script&gt;");
    expect(page).not.toContain("\u001b");
  });

  test("--html writes a page without external assets, for the user alone", async () => {
    const folder = snapshots(temporaryFolder(), before);
    const { stderr } = await compare(folder, "before", "after", "--html", "page.html");
    expect(stderr).toBe("page.html was written\n");
    expect(statSync(join(folder, "page.html")).mode & 0o777).toBe(0o600);
    const page = readFileSync(join(folder, "page.html"), "utf8");
    expect(page).toContain("<title>before and after: 6 differences</title>");
    expect(page).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
    expect(page).not.toMatch(/\b(?:src|href)=|@import|url\(|https?:/);
    expect(page.match(/<tr data-kind/g)).toHaveLength(6);
    expect(page).toContain(
      '<td class="path" data-sort="description"><code>description</code></td><td class="value" data-sort="&quot;old&quot;"><div>&quot;old&quot;</div></td>',
    );
    const nowhere = await compare(folder, "before", "after", "--html", "nowhere/page.html");
    expect(nowhere.stderr).toBe(
      "nowhere/page.html cannot be written (ENOENT): give another file\n",
    );
  });

  test("an object with a secret in its settings is compared by its existence alone", async () => {
    const secret = ["ghp", "x0Yc9sT5kQ2wE8rU1iO4pA7dF3gH6jKlZbNm"].join("_");
    const integration = (properties: string) =>
      object("genesyscloud_integration", "CRM", { config: { properties } });
    const types = ["genesyscloud_integration"];
    const folder = snapshots(temporaryFolder(), {
      here: { types, objects: [integration(JSON.stringify({ token: secret }))] },
      there: { types, objects: [integration('{"token":"${x}"}')] },
    });
    const { code, stdout, stderr } = await compare(folder, "here", "there", "--json");
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`).not.toContain(secret);
  });
});

describe("a source", () => {
  const project = () =>
    snapshots(fakeProject({ orgs: [orgReport("na-prod"), orgReport("eu-prod")] }), {
      ...before,
      "na-prod": {},
    });

  test.each([
    [["before"], "before alone cannot be compared: give another organisation"],
    [["before", "eu-prd"], "unknown organisation: eu-prd (did you mean eu-prod?)"],
    [["before", "./nowhere"], "./nowhere is not a folder with a snapshot: give one that"],
    [
      ["na-prod", "before"],
      "na-prod is an organisation, and a folder with a snapshot: write ./na-prod",
    ],
    [["eu-prod", "eu-prod"], "eu-prod is on both sides: give another organisation"],
    [["before", "after", "skils"], "no type of object is called skils (did you mean skills?)"],
    [
      ["before", "--configuration"],
      "before is a snapshot of an organisation that the registry does not have",
    ],
  ])("%j is refused, with the fix", async (args, message) => {
    const { code, stdout, stderr } = await compare(project(), ...args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  test("outside of a project can only be a snapshot", async () => {
    const folder = snapshots(temporaryFolder(), before);
    const { code, stderr } = await compare(folder, "before", "na-prod");
    expect(code).toBe(1);
    expect(stderr).toContain("na-prod is not a folder with a snapshot, and ");
  });
});

/** A copy of an organisation is another one. */
const OTHER_ID = "22222222-2222-4222-8222-222222222222";

const REGIONS = { "na-prod": "us-east-1", "eu-prod": "eu-west-1" } as const;
const HOSTS = { "na-prod": "mypurecloud.com", "eu-prod": "mypurecloud.ie" } as const;
type Name = keyof typeof REGIONS;

/** Two organisations that can be read over HTTP, as planners that a Vault has the credentials of. */
function startWorld(
  organizations: Partial<Record<Name, FakeOrganization>>,
  rules: Partial<Record<Name, readonly IgnoredDifferenceEntry[]>> = {},
  more: Partial<FakeProject> = {},
) {
  const vault = new FakeVault({ clock: new FakeClock(NOW) });
  const hosts: Record<string, typeof fetch> = { "vault.example.com": vault.fetch };
  const genesys: Partial<Record<Name, FakeGenesys>> = {};
  const orgs = (Object.keys(organizations) as Name[]).map((name): VaultOrgReport => {
    const organization = organizations[name];
    const org = orgReport(
      name,
      {},
      {
        organizationId: name === "eu-prod" ? OTHER_ID : organization?.id,
        genesysRegion: REGIONS[name],
        ignoredDifferences: rules[name] ?? [],
      },
    );
    const { organizationId: orgId } = org;
    const fake = new FakeGenesys({ clock: SYSTEM_CLOCK, organization, orgId });
    const { id, secret } = fake.seed({ name: "planner" });
    vault.write(org.vault.planner, {
      client_id: id,
      client_secret: secret,
      org_id: org.organizationId,
    });
    hosts[`api.${HOSTS[name]}`] = fake.fetch;
    hosts[`login.${HOSTS[name]}`] = fake.fetch;
    genesys[name] = fake;
    return org;
  });
  mockHosts(hosts);
  return { folder: fakeProject({ orgs, ...more }), genesys };
}

async function compareLive(folder: string, ...args: string[]): Promise<Ran> {
  const ran = await run(
    folder,
    ["compare", ...args],
    { VAULT_TOKEN, XDG_CACHE_HOME: temporaryFolder() },
    Date.now,
    { sleep: async () => {} },
  );
  expect(`${ran.stdout}${ran.stderr}`).not.toContain("test-secret");
  return ran;
}

describe("organisations that are read over HTTP", () => {
  const organization = generateOrganization({ seed: 41, objects: 60 });
  const { organization: changed, planted } = withDifferences(organization, 10, 42);

  test("differ in what differs, not in their ids and not in their order", async () => {
    const same = startWorld({ "na-prod": organization, "eu-prod": shuffled(organization, 43) });
    const { code, stdout } = await compareLive(same.folder, "na-prod", "eu-prod");
    expect([stdout.split("\n")[0], code]).toEqual(["na-prod and eu-prod: no differences", 0]);
    const other = startWorld({ "na-prod": organization, "eu-prod": shuffled(changed, 44) });
    const found = await compareLive(other.folder, "na-prod", "eu-prod", "--json");
    expect(found.code).toBe(2);
    expect(JSON.parse(found.stdout).counts.differences).toBe(planted.length);
    expect(other.genesys["eu-prod"]?.calls.every((call) => !/^(PUT|PATCH|DELETE)/.test(call))).toBe(
      true,
    );
  });

  test("are compared with a snapshot, of which only the types are read", async () => {
    const { existing } = await readOrganization(organization);
    const { folder, genesys } = startWorld({ "na-prod": changed });
    const types = [SKILL, USER];
    const objects = existing.objects.filter(({ type }) => types.includes(type));
    snapshots(folder, { "snapshots/na-prod": { ...existing, types, objects } });
    const { stdout, code } = await compareLive(folder, "snapshots/na-prod", "na-prod", "--json");
    const expected = planted.filter(({ type }) => types.includes(type));
    expect(JSON.parse(stdout).differences).toHaveLength(expected.length);
    expect(code).toBe(expected.length > 0 ? 2 : 0);
    const calls = genesys["na-prod"]?.calls.join("\n");
    expect(calls).toContain("/api/v2/users");
    expect(calls).not.toContain("/api/v2/routing/queues");
  });

  test("if one cannot be read, its error is the answer", async () => {
    const { folder } = startWorld({ "na-prod": organization, "eu-prod": changed });
    changed.denied.add("user");
    const { code, stdout, stderr } = await compareLive(folder, "na-prod", "eu-prod", "users");
    changed.denied.delete("user");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("eu-prod: ");
    expect(stderr).toContain("give the planner a role with the permission to view these objects");
  });
});

describe("the registry's ignoredDifferences", () => {
  test("of both organisations leave differences out, and are counted", async () => {
    const organization = generateOrganization({ seed: 51, objects: 60 });
    const { organization: changed, planted } = withDifferences(organization, 10, 52);
    const { type } = planted.find(({ kind }) => kind === "only here") as { type: string };
    const { existing } = await readOrganization(organization);
    const world = (rules: Parameters<typeof startWorld>[1]) => {
      const { folder } = startWorld({ "na-prod": organization, "eu-prod": changed }, rules);
      return compareLive(folder, "na-prod", "eu-prod", "--json");
    };
    const plain = JSON.parse((await world({})).stdout);
    const ofType = plain.differences.filter(
      (each: { type: string }) => each.type === plain.differences[0].type,
    );
    expect(existing.objects.some((each) => each.type === type)).toBe(true);
    const rule = { type: plain.differences[0].type, reason: "because of the test" };
    const unused = { type: "queues", name: "No such queue", reason: "because of the test" };
    const unknown = { type: "cues", reason: "because of the test" };
    const ignored = JSON.parse(
      (await world({ "na-prod": [rule], "eu-prod": [rule, unused, unknown] })).stdout,
    );
    expect(ignored.ignored).toEqual([{ org: "na-prod", ...rule, count: ofType.length }]);
    expect(ignored.unusedRules).toEqual([
      { org: "eu-prod", ...unused },
      { org: "eu-prod", ...unknown },
    ]);
    expect(ignored.counts.differences).toBe(plain.counts.differences - ofType.length);
  });

  test("hold for the snapshots of an organisation, and are in the text", async () => {
    const org = orgReport(
      "na-prod",
      {},
      {
        ignoredDifferences: [
          { type: "queues", attribute: "description", reason: "supervisors write into it" },
          { type: "queues", attribute: "peer_id", reason: "supervisors write into it" },
          { type: "divisions", reason: "not compared here" },
        ],
      },
    );
    const { organizationId } = org;
    const folder = snapshots(fakeProject({ orgs: [org] }), {
      before: { objects: HERE, organizationId },
      after: { objects: THERE, organizationId },
    });
    const { code, stdout } = await compare(folder, "before", "after", "queues");
    expect(code).toBe(2);
    expect(stdout).toContain("before and after: 1 difference: ");
    expect(stdout).toContain(
      "not counted, 1 ignored difference:\n  na-prod: queues, description: 1 (supervisors write into it)\n",
    );
    expect(stdout).toContain(
      "1 entry of ignoredDifferences without such a difference, which can be removed:\n  na-prod: queues, peer_id\n",
    );
  });
});

describe("--configuration", () => {
  const organization = generateOrganization({ seed: 61, objects: 60 });

  test("compares an organisation with its code, of which only the types are read", async () => {
    const { existing } = await readOrganization(organization);
    const stack = stackJsonOf(existing);
    const skills = Object.keys(stack.resource?.[SKILL] ?? {});
    const users = stack.resource?.[USER];
    const [first = ""] = skills;
    const firstName = Object(stack.resource?.[SKILL]?.[first]).name;
    const changedStack = {
      data: stack.data,
      resource: {
        [SKILL]: {
          ...stack.resource?.[SKILL],
          extra: { name: "Only in code" },
          odd: { name: "${var.x}" },
        },
        [USER]: users,
      },
    };
    delete (changedStack.resource[SKILL] as Record<string, unknown>)[first];
    const { folder, genesys } = startWorld(
      { "na-prod": organization },
      {},
      { stackOf: () => changedStack },
    );
    const { code, stdout } = await compareLive(folder, "na-prod", "--configuration", "--json");
    const found = JSON.parse(stdout);
    expect(code).toBe(2);
    expect(found.there).toEqual({
      kind: "code",
      name: "the code of na-prod",
      organizationId: organization.id,
    });
    expect(found.differences.map(({ kind, name }: Record<string, string>) => [kind, name])).toEqual(
      expect.arrayContaining([
        ["only there", "Only in code"],
        ["only here", firstName],
      ]),
    );
    expect(found.counts.differences).toBe(2);
    expect(found.notComparable.unnamed).toEqual([`${SKILL}.odd`]);
    expect(found.types.map(({ type }: { type: string }) => type)).toEqual(["skills", "users"]);
    const calls = genesys["na-prod"]?.calls.join("\n");
    expect(calls).not.toContain("/individuals");
  });

  test("compares a snapshot with the code of its organisation, without a network", async () => {
    const org = orgReport("na-prod");
    const { organizationId } = org;
    const stackOf = () => ({ resource: { [SKILL]: { s: { name: "French" } }, [ROLE]: { r: {} } } });
    const folder = snapshots(fakeProject({ orgs: [org], stackOf }), {
      before: { objects: HERE, organizationId },
    });
    const { code, stdout } = await compare(folder, "before", "--configuration");
    expect(code).toBe(2);
    expect(stdout).toContain("skills:\n  German: only in before\n");
    expect(stdout).toContain("  not in before: roles\n");
    const named = await compare(folder, "before", "--configuration", "roles");
    expect(named.stderr).toContain("before has no roles: write a snapshot that has them\n");
  });

  test("names types of which there is no code, and misses them only if they are named", async () => {
    const { folder } = startWorld({ "na-prod": organization }, {}, { stackOf: () => ({}) });
    const none = await compareLive(folder, "na-prod", "--configuration");
    expect([none.code, none.stderr.split("\n").at(-2)]).toEqual([
      1,
      "the code of na-prod has no objects of these types. `genesys-orgs adopt na-prod` writes code for what it has",
    ]);
    const { code, stdout } = await compareLive(folder, "na-prod", "--configuration", "skills");
    expect(code).toBe(2);
    expect(stdout).toContain(": only in na-prod\n");
  });
});
