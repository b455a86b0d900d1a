import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SYSTEM_CLOCK } from "../../../lib/http/clock";
import { orgReport } from "../../rehearsal/reports";
import { buildCommands, startCommand } from "../../support/built-command";
import { generateOrganization } from "../../support/existing/generated-organization";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeGenesys } from "../../support/fakes/fake-genesys";
import { FakeVault, VAULT_TOKEN } from "../../support/fakes/fake-vault";
import { type GenesysHttp, startGenesysHttp } from "../../support/fakes/genesys-http";
import { temporaryFolder } from "../../support/folders";
import { noting } from "../../support/killed-command";
import { serve } from "../../support/loopback-front";
import { fakeProject } from "../../support/project";

// Every call: minutes. Else some of them.
const ALL = process.env.KILLS === "all";
const MOMENTS = ["before", "started", "after"] as const;

jest.setTimeout(ALL ? 1_200_000 : 180_000);

const organization = generateOrganization({ seed: 61, objects: 45 });
const org = orgReport("na-prod", {}, { organizationId: organization.id });
let genesys: FakeGenesys;
let http: GenesysHttp;
let vault: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  buildCommands();
  genesys = new FakeGenesys({ clock: SYSTEM_CLOCK, organization });
  const { id, secret } = genesys.seed({ name: "planner" });
  const fake = new FakeVault({ clock: new FakeClock() });
  fake.write(org.vault.planner, { client_id: id, client_secret: secret, org_id: organization.id });
  http = await startGenesysHttp(genesys);
  vault = await serve(async ({ method, url, headers, body }) => {
    const text = body.toString();
    const answer = await fake.fetch(`https://vault.example.com${url}`, {
      method,
      headers: headers as Record<string, string>,
      ...(text === "" ? {} : { body: text }),
    });
    return { status: answer.status, headers: {}, body: Buffer.from(await answer.text()) };
  });
});
afterAll(() => Promise.all([http.stop(), vault.stop()]));

/** A folder of a project, with an empty cache. */
const project = () => ({ folder: fakeProject({ orgs: [org] }), cache: temporaryFolder() });

async function snapshot({ folder, cache }: ReturnType<typeof project>, point = {}) {
  const notes = noting(point, "no file counts");
  const routes = {
    "https://vault.example.com": vault.url,
    ...http.routesOf("mypurecloud.com"),
  };
  const before = genesys.calls.length;
  const { ended } = startCommand(
    folder,
    ["snapshot", "na-prod"],
    { ...notes.env, FETCH_ROUTES: JSON.stringify(routes), VAULT_TOKEN, XDG_CACHE_HOME: cache },
    ["--require", join(__dirname, "../../support/routed-fetch.cjs"), ...notes.node],
  );
  const { code, stdout, stderr } = await ended;
  expect(`${stdout}${stderr}`).not.toContain("test-secret");
  const asked = genesys.calls.slice(before).filter((call) => call.startsWith("GET /api/v2/"));
  return { code, stderr, asked, noted: notes.read() };
}

const filesIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );

test("a snapshot that was killed at a call goes on, gives the same bytes, and repeats at most what was under way", async () => {
  const whole = project();
  const { code, stderr, asked, noted } = await snapshot(whole);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  const expected = filesIn(join(whole.folder, "snapshots/na-prod"));
  const calls = noted.calls.filter((call) => call.startsWith("ask "));
  expect(calls.length).toBeGreaterThan(30);

  const points = noted.calls.flatMap((call, index) =>
    call.startsWith("ask ") ? MOMENTS.map((when) => ({ at: index + 1, when })) : [],
  );
  const chosen = ALL ? points : points.filter((_, index) => index % 16 === 5);
  let most = 0;
  for (const point of chosen) {
    const killed = project();
    const first = await snapshot(killed, point);
    expect([point, first.code]).toEqual([point, -1]);
    const second = await snapshot(killed);
    expect([point, second.code, second.code === 0 ? "" : second.stderr]).toEqual([point, 0, ""]);
    expect(filesIn(join(killed.folder, "snapshots/na-prod"))).toEqual(expected);
    expect(readdirSync(join(killed.cache, "genesys-orgs/answers"))).toEqual([]);
    most = Math.max(most, first.asked.length + second.asked.length - asked.length);
  }
  // Five objects are read at the same time; the organisation itself, and lists that it does not have, are asked for again.
  expect(most).toBeLessThanOrEqual(5 + 4);
  if (ALL)
    process.stdout.write(
      `${chosen.length} kill points: all went on, at most ${most} calls again\n`,
    );
});
