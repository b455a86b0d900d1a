import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SYSTEM_CLOCK } from "../../../lib/http/clock";
import { orgReport } from "../../rehearsal/reports";
import { withAwsKeys } from "../../support/fakes/aws-login-contract";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeGenesys } from "../../support/fakes/fake-genesys";
import { FakeVault, VAULT_TOKEN } from "../../support/fakes/fake-vault";
import { mockHosts } from "../../support/fakes/host-fetch";
import { temporaryFolder } from "../../support/folders";
import { fakeProject } from "../../support/project";
import { run } from "../run";

const DAY = 24 * 3_600_000;
const org = orgReport("na-prod");
const { deployer, planner, master } = org.vault;
const paths = { deployer, planner, master };
const project = () =>
  fakeProject({
    orgs: [org, orgReport("mixed-up", org.vault), orgReport("gone", {}, { retired: true })],
  });

afterEach(() => jest.restoreAllMocks());

/** An organisation and its Vault, whose entries are three days old. */
function startWorld() {
  const genesys = new FakeGenesys({ clock: SYSTEM_CLOCK, orgId: org.organizationId });
  const clock = new FakeClock(Date.now() - 3 * DAY);
  const vault = new FakeVault({ clock });
  for (const [credential, path] of Object.entries(paths)) {
    const { id, secret } = genesys.seed({ name: `CI ${credential}` });
    vault.write(path, { client_id: id, client_secret: secret, org_id: org.organizationId });
  }
  mockHosts({
    "vault.example.com": vault.fetch,
    "api.mypurecloud.com": genesys.fetch,
    "login.mypurecloud.com": genesys.fetch,
  });
  return { genesys, vault, clock };
}

async function rotate(...args: string[]) {
  const ran = await run(project(), ["rotate", ...args], { VAULT_TOKEN });
  expect(`${ran.stdout}${ran.stderr}`).not.toContain("test-secret");
  return ran;
}

test("by the login aws, rotate prefers a token that the caller has set to the caller's AWS credentials", async () => {
  const { vault } = startWorld();
  const auth = { method: "aws" } as const;
  const awsProject = fakeProject({ orgs: [orgReport("na-prod", { auth })] });
  const keys = {
    AWS_ACCESS_KEY_ID: "ASIA-other",
    AWS_SECRET_ACCESS_KEY: "test-secret-key",
    AWS_SESSION_TOKEN: "test-secret-session",
  };
  const rotateWith = (env: NodeJS.ProcessEnv) =>
    withAwsKeys(keys, () => run(awsProject, ["rotate", "na-prod", "deployer"], env));
  expect(await rotateWith({ VAULT_TOKEN })).toMatchObject({ code: 0 });
  expect(vault.calls).not.toContain("POST auth/aws/login");
  const refused = await rotateWith({ VAULT_TOKEN: "" });
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining("refuses a login at auth/aws/login as genesys-na-prod-rotate"),
  ]);
  expect(`${refused.stdout}${refused.stderr}`).not.toContain("test-secret");
});

test("by the login aws, rotate without AWS credentials takes the token of `vault login`, or names what is missing", async () => {
  startWorld();
  const auth = { method: "aws" } as const;
  const awsProject = fakeProject({ orgs: [orgReport("na-prod", { auth })] });
  const HOME = temporaryFolder();
  const rotateThere = () =>
    withAwsKeys(undefined, () =>
      run(awsProject, ["rotate", "na-prod", "deployer"], { HOME, VAULT_TOKEN: "" }),
    );
  const missing = await rotateThere();
  expect([missing.code, missing.stderr]).toEqual([
    1,
    expect.stringContaining("the login to Vault is by aws, and there are no AWS credentials"),
  ]);
  writeFileSync(join(HOME, ".vault-token"), VAULT_TOKEN);
  expect(await rotateThere()).toMatchObject({ code: 0 });
});

test("rotate gives an entry another client, and says on stderr how far it is", async () => {
  const { vault, genesys } = startWorld();
  const { code, stdout, stderr } = await rotate("na-prod", "deployer");
  const { client_id: id, client_secret: secret } = vault.at(paths.deployer) ?? {};
  expect(genesys.works(`${id}`, `${secret}`)).toBe(true);
  expect([code, stdout]).toEqual([
    0,
    `na-prod deployer: version 1 -> 2, with client CI deployer#2 (${id})\n`,
  ]);
  expect(stderr.split("\n")).toEqual([
    "reading Vault",
    "listing the organisation's clients",
    "creating another client for deployer",
    "testing CI deployer#2",
    "writing version 2 to Vault",
    "",
  ]);
});

test("for the master it says what the registry is to say now, and what comes next", async () => {
  startWorld();
  const { code, stdout } = await rotate("na-prod", "master");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^na-prod master: version 1 -> 2, with client CI master#2 \(client-\d+\)$/m,
  );
  expect(stdout.split("\n").slice(-4)).toEqual([
    "next: set rotation.masterVersion to 2 in the registry entry of na-prod (it is 1 now)",
    "then: run `genesys-orgs deploy na-prod`; until then the rotator uses the previous master",
    "then: run `genesys-orgs rotate na-prod master --retire-only`",
    "",
  ]);
});

test("it warns of an entry whose versions Vault deletes by itself", async () => {
  const { vault, clock } = startWorld();
  vault.configure(paths.deployer, { deleteAfter: 30 * DAY });
  vault.write(paths.deployer, vault.at(paths.deployer) ?? {});
  const { code, stderr } = await rotate("na-prod", "deployer");
  expect([code, vault.newest(paths.deployer)]).toEqual([0, 3]);
  expect(stderr).toContain(
    `warning: na-prod: Vault deletes the versions of secret/${paths.deployer} by itself (delete_version_after), version 2 on ${new Date(clock.now() + 30 * DAY).toISOString()}: set it to 0`,
  );
});

test("it names a VAULT_NAMESPACE that it does not use", async () => {
  const { vault } = startWorld();
  const namespaced = fakeProject({ orgs: [orgReport("na-prod", { namespace: "team" })] });
  const env = { VAULT_TOKEN, VAULT_NAMESPACE: "other" };
  const { stderr } = await run(namespaced, ["rotate", "na-prod", "deployer"], env);
  expect(stderr).toContain(
    "warning: na-prod: VAULT_NAMESPACE is other, but vault.namespace in the registry is team",
  );
  expect(vault.headers[0]).toMatchObject({ "x-vault-namespace": "team" });
});

test("--json prints one document, without a secret", async () => {
  const { vault } = startWorld();
  const { stdout } = await rotate("na-prod", "master", "--json");
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    org: "na-prod",
    credential: "master",
    dryRun: false,
    entry: { path: paths.master, before: 1, version: 2, since: expect.stringMatching(/^\d{4}-/) },
    rotated: true,
    client: { id: vault.at(paths.master)?.client_id, name: "CI master#2" },
    actions: [],
    waiting: [],
    unproven: [],
    next: [expect.stringContaining("masterVersion to 2"), expect.any(String), expect.any(String)],
  });
});

test("--dry-run changes nothing", async () => {
  const { vault, genesys } = startWorld();
  const { code, stdout } = await rotate("na-prod", "deployer", "--dry-run");
  expect([code, stdout]).toEqual([
    0,
    "na-prod deployer: would replace version 1, whose credential is 3 days old\ndry run: nothing was changed\n",
  ]);
  expect(vault.newest(paths.deployer)).toBe(1);
  expect(genesys.calls.filter((call) => /^(POST|PUT|DELETE) \/api/.test(call))).toEqual([]);
});

test.each([
  ["3", 2],
  ["4", 1],
])("--if-older-than %s leaves version %d", async (days, version) => {
  const { vault } = startWorld();
  const { code } = await rotate("na-prod", "deployer", "--if-older-than", days);
  expect([code, vault.newest(paths.deployer)]).toEqual([0, version]);
});

test("--retire-only creates no client, retires earlier ones, and says why others stay", async () => {
  const { vault, genesys, clock } = startWorld();
  const createdBy = `${vault.at(paths.master)?.client_id}`;
  const description = `vault:https://vault.example.com/secret/${paths.deployer}`;
  const [second, third] = ["CI deployer#2", "CI deployer#3"].map((name) =>
    Object.assign(genesys.seed({ name, description }), { createdBy }),
  );
  // Somebody else's copy.
  genesys.seed({ name: "CI deployer#2", description });
  clock.advance(DAY);
  const entryOf = (client: typeof second) => ({
    client_id: client?.id,
    client_secret: client?.secret,
    org_id: org.organizationId,
  });
  vault.write(paths.deployer, entryOf(second));
  const { code, stdout } = await rotate("na-prod", "deployer", "--retire-only");
  expect(code).toBe(0);
  expect(stdout.split("\n")).toEqual([
    expect.stringMatching(/^deactivate CI deployer \(\S+\): a newer version has replaced it$/),
    expect.stringMatching(/^keep CI deployer#2 \(\S+\): it has the name .* Delete it, unless/),
    "na-prod deployer: kept version 2, whose credential is 2 days old",
    "",
  ]);
  clock.advance(2 * DAY);
  vault.write(paths.deployer, entryOf(third));
  const fresh = await rotate("na-prod", "deployer", "--retire-only");
  expect(fresh.stdout).toMatch(/^keep CI deployer#2 \(\S+\): version 3 replaced it less than 24/m);
  expect(fresh.stdout).toMatch(
    /^next: run `genesys-orgs rotate na-prod deployer --retire-only` in a day$/m,
  );
});

describe("rotate refuses, and changes nothing:", () => {
  const refused = async (args: string[], message: string | RegExp, env = { VAULT_TOKEN }) => {
    const { vault, genesys } = startWorld();
    const clients = genesys.clients.size;
    const { code, stdout, stderr } = await run(project(), ["rotate", ...args], env);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("test-secret");
    expect(Object.values(paths).map((path) => vault.newest(path))).toEqual([1, 1, 1]);
    expect(genesys.clients.size).toBe(clients);
  };

  test("an org that is not in the registry", () =>
    refused(["na-pord", "master"], /^unknown organisation: na-pord \(did you mean na-prod\?\)/));

  test("an org that has left", () =>
    refused(["gone", "master"], "gone is retired: its credentials are not rotated\n"));

  test("another credential", () =>
    refused(["na-prod", "admin"], /Allowed choices are deployer, planner, master/));

  test.each(["0", "1.5", "soon"])("an age of %s", (days) =>
    refused(["na-prod", "master", "--if-older-than", days], /whole number, 1 or more/),
  );

  test("an age together with --retire-only", () =>
    refused(
      ["na-prod", "master", "--if-older-than", "3", "--retire-only"],
      /'--retire-only' cannot be used with option '--if-older-than/,
    ));

  test("a person without a token", () => {
    const HOME = temporaryFolder();
    return refused(
      ["na-prod", "master"],
      /^na-prod master: there is no Vault token: set VAULT_TOKEN/,
      {
        HOME,
        VAULT_TOKEN: "",
      } as never,
    );
  });

  test("a token that Vault does not take; it is not shown", async () => {
    const HOME = temporaryFolder();
    writeFileSync(join(HOME, ".vault-token"), "test-secret-of-nobody");
    await refused(
      ["na-prod", "master"],
      /na-prod master: GET secret\/data\/\S+ of https:\/\/vault\.example\.com: HTTP 403 the token has expired, was revoked, or belongs to another server or namespace: log in again\n$/,
      { HOME, VAULT_TOKEN: "" } as never,
    );
  });

  test("entries that are another organisation's", () =>
    refused(
      ["mixed-up", "deployer"],
      /mixed-up deployer: version 1 of the Vault entry \S+ belongs to organis/,
    ));
});
