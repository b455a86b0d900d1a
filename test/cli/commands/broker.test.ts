import { orgReport } from "../../rehearsal/reports";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeEngine } from "../../support/fakes/fake-engine";
import { FakeVault, VAULT_TOKEN } from "../../support/fakes/fake-vault";
import { mockHosts } from "../../support/fakes/host-fetch";
import { fakeProject } from "../../support/project";
import { run } from "../run";

const ENTRY = "genesys/production/na-prod/broker";
const MOUNT = "genesyscloud/na-prod";
const org = orgReport(
  "na-prod",
  { broker: { mount: MOUNT, entry: ENTRY, mostClients: 400 } },
  {
    brokeredClients: [{ name: "crm-sync", consumers: [], tokenPath: `${MOUNT}/token/crm-sync` }],
    vaultAccess: { stack: "vault-access-na-prod", stateKey: "key", status: "not selected" },
  },
);
const GIVEN = {
  client_id: "given",
  client_secret: "test-secret-given",
  org_id: org.organizationId,
};
const SETTINGS = { org: "na-prod", most_clients: 400, address_field: "" };

afterEach(() => jest.restoreAllMocks());

function startWorld({ mounted = true, of = org } = {}) {
  const engine = new FakeEngine(MOUNT);
  const vault = new FakeVault({
    clock: new FakeClock(Date.now()),
    engines: mounted ? [engine] : [],
  });
  vault.write(ENTRY, GIVEN);
  mockHosts({ "vault.example.com": vault.fetch });
  const project = fakeProject({ orgs: [of] });
  const configure = async (...args: string[]) => {
    const ran = await run(project, ["broker", "configure", "na-prod", ...args], { VAULT_TOKEN });
    expect(`${ran.stdout}${ran.stderr}`).not.toContain("test-secret");
    return ran;
  };
  return { engine, vault, configure };
}

test("it writes the organisation and the entry's client, and gives the engine a master of its own", async () => {
  const { engine, configure } = startWorld();
  expect(await configure()).toEqual({
    code: 0,
    stdout:
      "na-prod: write the organisation and client given as master to genesyscloud/na-prod/config, with at most 400 OAuth clients\n" +
      "na-prod: give the engine client engine-master-1 of its own as master\n" +
      "next: delete client given in Genesys Cloud if nothing else uses it\n",
    stderr: "",
  });
  expect(engine.calls).toEqual([
    [
      "config",
      {
        ...SETTINGS,
        client_id: "given",
        client_secret: "test-secret-given",
        org_id: org.organizationId,
        region: "us-east-1",
      },
    ],
    ["config/rotate-root", { retire_given: false }],
  ]);
});

test("it waits as long as the engine does for a new client to be known everywhere", async () => {
  const timeouts = jest.spyOn(AbortSignal, "timeout");
  const { configure } = startWorld();
  await configure("--keep-given");
  timeouts.mockClear();
  await configure();
  // The configuration is read and written, and the master replaced.
  expect(timeouts.mock.calls).toEqual([[100_000], [100_000], [100_000]]);
});

test("again, it writes the settings only: the master stays, and the entry may be gone", async () => {
  const { engine, vault, configure } = startWorld();
  await configure();
  vault.delete(ENTRY);
  const { code, stdout } = await configure();
  expect([code, stdout]).toEqual([
    0,
    "na-prod: write the settings to genesyscloud/na-prod/config, with at most 400 OAuth clients; the master engine-master-1 stays\n",
  ]);
  expect(engine.calls.at(-1)).toEqual(["config", SETTINGS]);
  expect((await configure("--retire-given")).stdout).toContain(
    "next: delete the client of the entry in Genesys Cloud yourself, if it is still there:",
  );
});

test("after a run that stopped in between, the next one goes on", async () => {
  const { engine, configure } = startWorld();
  await configure("--keep-given");
  expect(engine.calls.map(([path]) => path)).toEqual(["config"]);
  const { stdout } = await configure("--retire-given");
  expect(stdout).toContain(
    "give the engine client engine-master-1 of its own as master, and retire client given\n",
  );
  expect(stdout).not.toContain("next:");
  expect(engine.calls.at(-1)).toEqual(["config/rotate-root", { retire_given: true }]);
});

test("--replace-master writes the entry's client although the engine has a master", async () => {
  const { engine, configure } = startWorld();
  await configure();
  const { stdout } = await configure("--replace-master");
  expect(stdout).toContain("client given as master");
  expect(engine.calls.slice(2).map(([path]) => path)).toEqual(["config", "config/rotate-root"]);
});

test("a dry run changes nothing", async () => {
  const { engine, configure } = startWorld();
  const { stdout } = await configure("--dry-run");
  expect(stdout).toBe(
    "na-prod: would write the organisation and client given as master to genesyscloud/na-prod/config, with at most 400 OAuth clients\n" +
      "na-prod: would give the engine a client of its own as master\n" +
      "dry run: nothing was changed\n",
  );
  const json = JSON.parse((await configure("--dry-run", "--json")).stdout);
  expect(json).toEqual({
    version: 1,
    org: "na-prod",
    dryRun: true,
    mount: MOUNT,
    steps: [{ kind: "write master", clientId: "given", mostClients: 400 }, { kind: "rotate root" }],
    next: [],
  });
  expect(engine.calls).toEqual([]);
});

test("the engine's own words say what is wrong", async () => {
  const { engine, configure } = startWorld();
  engine.refusal =
    "org na-prod: client_id given belongs to the organisation b, but org_id is a: nothing was stored";
  expect(await configure()).toEqual({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(
      /^na-prod: PUT genesyscloud\/na-prod\/config of https:\/\/vault\.example\.com: HTTP 400 org na-prod: client_id given belongs to the organisation b, but org_id is a: nothing was stored\b/,
    ),
  });
  expect(engine.stored).toBeUndefined();
});

test("without a mount it names the stack to deploy", async () => {
  const { configure } = startWorld({ mounted: false });
  expect((await configure()).stderr).toBe(
    "na-prod: nothing is mounted at genesyscloud/na-prod of https://vault.example.com: deploy vault-access-na-prod first\n",
  );
});

test("without an entry it says what to write", async () => {
  const { vault, configure } = startWorld();
  vault.delete(ENTRY);
  expect((await configure()).stderr).toMatch(
    /^na-prod: the Vault entry genesys\/production\/na-prod\/broker below secret at \S+ does not exist: create an OAuth client that nothing else uses, and write its client_id/,
  );
});

test("an entry of another organisation is refused before the engine hears of it", async () => {
  const { vault, engine, configure } = startWorld();
  vault.write(ENTRY, { ...GIVEN, org_id: "22222222-1111-4111-8111-111111111111" });
  expect((await configure()).stderr).toContain("belongs to organisation 22222222");
  expect(engine.calls).toEqual([]);
});

test("an engine of another organisation is left alone", async () => {
  const { engine, configure } = startWorld();
  engine.stored = { org_id: "22222222-1111-4111-8111-111111111111", client_id: "other" };
  expect((await configure("--replace-master")).stderr).toMatch(
    /^na-prod: the engine at genesyscloud\/na-prod has the organisation 22222222\S+, but the registry says/,
  );
  expect(engine.calls).toEqual([]);
});

test.each([
  ["without a brokered client", { ...org, brokeredClients: [] }, /no OAuth client with broker/],
  ["without Vault", { ...org, vault: undefined as never }, /na-prod has no Vault/],
  ["that is retired", { ...org, retired: true }, /na-prod is retired/],
])("an organisation %s is refused", async (_, of, message) => {
  const { code, stderr } = await startWorld({ of }).configure();
  expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
});
