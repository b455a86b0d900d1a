import { Testing } from "cdktf";
import { OAuthClientWithOffloadedSecret, type OrgEntry, OrgStack } from "../../lib";
import { QUOTAS } from "../../lib/state/quotas";
import { temporaryFolder } from "../support/folders";
import { pageText } from "../support/pages";
import { entry, sampleOrg, testApp } from "../support/sample-org";
import {
  accessStack,
  homeRegistry,
  homeStack,
  resources,
  type Synthesized,
} from "../support/state-stacks";

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];
const clients = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `client-${index}`, permissions }));
const orgs = (count: number, patch: Partial<OrgEntry> = {}): OrgEntry[] =>
  Array.from({ length: count }, (_, index) =>
    entry(`customer-${index}`, 1, {
      organizationId: `11111111-1111-4111-8111-${String(index).padStart(12, "0")}`,
      ...patch,
    }),
  );
const warnings = (entries: OrgEntry[]) => homeStack(homeRegistry(entries)).warnings;
const aws = (account: string, region = "us-east-1") => ({ aws: { account, region } });

const lastWord = (text: string) => text.split(" ").at(-1) ?? "";

/** The stack of an org with a number of OAuth clients. */
function stackWith(count: number, patch: Partial<OrgEntry> = {}): Synthesized {
  const org = sampleOrg("na-prod", { oauthClients: clients(count), ...patch });
  const stack = new OrgStack(testApp(temporaryFolder()), org);
  for (const client of org.oauthClients) {
    new OAuthClientWithOffloadedSecret(stack, client.name, client);
  }
  return JSON.parse(Testing.synth(stack));
}

test("every number of the table is what synth creates", () => {
  const access = accessStack(homeRegistry([entry("na-prod", 1)]).get("na-prod"));
  const [none, one, three] = [0, 1, 3].map((count) => stackWith(count)) as [
    Synthesized,
    Synthesized,
    Synthesized,
  ];
  for (const quota of QUOTAS) {
    const numbers = [access, none, one, three].map(
      (stack) => resources(stack as Synthesized, quota.type).length,
    );
    const { access: inHome = 0, rotation = 0, client = 0, type } = quota;
    expect([type, ...numbers]).toEqual([type, inHome, 0, rotation + client, rotation + 3 * client]);
  }
});

test("so is every number of an org with alerts", () => {
  const [alerts, trail] = [{}, { trailLogGroup: "trail" }].map((monitoring) =>
    stackWith(0, { monitoring }),
  ) as [Synthesized, Synthesized];
  for (const { type, monitoring = 0, trail: more = 0 } of QUOTAS) {
    const numbers = [alerts, trail].map((stack) => resources(stack, type).length);
    expect([type, ...numbers]).toEqual([type, monitoring, monitoring + more]);
  }
});

test("docs/quotas.md has the numbers of the table", () => {
  const rows = pageText("docs/quotas.md")
    .split("\n")
    .filter((line) => line.endsWith("| yes |"))
    .map((line) => line.replace(/[*,]/g, "").split("|"));
  for (const quota of QUOTAS) {
    const { access = 0, rotation = 0, notes = 0, most, service, what } = quota;
    const client = (quota.client ?? 0) + notes;
    const alerts = (quota.monitoring ?? 0) + (quota.trail ?? 0);
    const row = rows.find(([, name]) => new RegExp(`${lastWord(what)}$`).test(name?.trim() ?? ""));
    const [, , ...numbers] = row ?? [];
    expect([service, ...numbers.slice(0, 6).map((cell) => Number.parseInt(cell, 10))]).toEqual([
      service,
      access,
      rotation,
      client,
      alerts,
      400 * (access + rotation + 3 * client),
      most,
    ]);
  }
});

describe("roles of an account, of which AWS allows 1,000", () => {
  test("are no concern up to 266 orgs", () => {
    expect(warnings(orgs(266))).toEqual([]);
  });

  test("are warned of from 267 orgs on, before a deploy meets the limit", () => {
    expect(warnings(orgs(267))).toEqual([
      "Account 111111111111 has 801 roles of orgs, and AWS allows 1000 by default. Raise the quota of IAM for roles, or use another account for further orgs. docs/quotas.md has the numbers for each org.",
    ]);
  });

  test("are three more for each org whose clients rotate in the account", () => {
    const oauthClients = clients(1);
    expect(warnings(orgs(133, { oauthClients }))).toEqual([]);
    expect(warnings(orgs(134, { oauthClients }))).toEqual([
      expect.stringMatching(/^Account 111111111111 has 804 roles of orgs/),
    ]);
    expect(warnings(orgs(134, { oauthClients, ...aws("222222222222") }))).toEqual([]);
  });

  test("are not counted for orgs that are retired", () => {
    expect(warnings(orgs(300, { retired: true }))).toEqual([]);
  });
});

describe("EventBridge rules of a region, of which AWS allows 300", () => {
  const rotating = { oauthClients: clients(1) };
  const rules = (entries: OrgEntry[]) => warnings(entries).filter((text) => / rules /.test(text));

  test("are warned of in the account and region of the secrets, also if no home is there", () => {
    expect(rules(orgs(239, { ...rotating, ...aws("222222222222") }))).toEqual([]);
    expect(rules(orgs(240, { ...rotating, ...aws("222222222222") }))).toEqual([
      "Account 222222222222 has 240 rules of orgs in us-east-1, and AWS allows 300 by default. Raise the quota of EventBridge for rules, or use another account for further orgs. docs/quotas.md has the numbers for each org.",
    ]);
  });

  test("of two regions are counted apart", () => {
    const [here, there] = ["us-east-1", "eu-west-1"].map((region) => aws("222222222222", region));
    const all = orgs(240, rotating).map((each, index) => ({
      ...each,
      ...(index % 2 === 0 ? here : there),
    }));
    expect(rules(all)).toEqual([]);
  });

  test("are 100 in af-south-1", () => {
    const capeTown = aws("222222222222", "af-south-1");
    expect(rules(orgs(80, { ...rotating, ...capeTown }))).toEqual([
      expect.stringContaining("has 80 rules of orgs in af-south-1, and AWS allows 100 by default"),
    ]);
  });
});

test("parameters are counted with the notes that the functions write", () => {
  const parameters = (count: number) =>
    warnings(orgs(30, { oauthClients: clients(count), ...aws("222222222222") })).filter((text) =>
      / parameters /.test(text),
    );
  expect(parameters(88)).toEqual([]);
  expect(parameters(89)).toEqual([expect.stringContaining("has 8010 standard parameters of orgs")]);
});

test("orgs with alerts meet the quota of rules at 27 of them, and of metric filters at 40", () => {
  const found = (count: number, trailLogGroup?: string) =>
    warnings(orgs(count, { oauthClients: clients(1), monitoring: { trailLogGroup } })).map(
      (text) => /has (\d+ \w+( filters)?)/.exec(text)?.[1],
    );
  expect(found(26)).toEqual([]);
  expect(found(27)).toEqual(["243 rules"]);
  expect(found(39, "trail")).toEqual(["351 rules"]);
  expect(found(40, "trail")).toEqual(["360 rules", "80 metric filters"]);
});

test("400 orgs with three OAuth clients each in one account meet three quotas", () => {
  const found = warnings(orgs(400, { oauthClients: clients(3) }));
  expect(found.map((text) => /has (\d+ \w+) .* allows (\d+)/.exec(text)?.slice(1))).toEqual([
    ["2400 roles", "1000"],
    ["400 rules", "300"],
    ["4000 alarms", "5000"],
  ]);
});
