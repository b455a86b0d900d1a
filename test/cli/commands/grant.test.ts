import { orgReport } from "../../rehearsal/reports";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeEngine } from "../../support/fakes/fake-engine";
import { FakeGenesys } from "../../support/fakes/fake-genesys";
import { FakeVault, VAULT_TOKEN } from "../../support/fakes/fake-vault";
import { mockHosts } from "../../support/fakes/host-fetch";
import { fakeProject } from "../../support/project";
import { ROLE_ID, ROLES_OF_CLIENTS, STACK_WITH_CLIENTS } from "../../support/stack-with-clients";
import { run } from "../run";

const org = orgReport("na-prod");
const { deployer, planner, master } = org.vault;

afterEach(() => jest.restoreAllMocks());

function startWorld(
  stack: object = STACK_WITH_CLIENTS,
  orgId = org.organizationId,
  of = org,
  engines: readonly FakeEngine[] = [],
) {
  const clock = new FakeClock(Date.now());
  const genesys = new FakeGenesys({ clock, orgId });
  const vault = new FakeVault({ clock, engines });
  const clients = {
    deployer: genesys.seed({ name: "CI deployer" }),
    master: genesys.seed({ name: "CI master" }),
    planner: genesys.seed({ name: "CI planner" }),
  };
  for (const [path, { id, secret }] of [
    [deployer, clients.deployer],
    [master, clients.master],
    [planner, clients.planner],
  ] as const) {
    vault.write(path, { client_id: id, client_secret: secret, org_id: org.organizationId });
  }
  genesys.grants.roles.push(
    ...ROLES_OF_CLIENTS,
    // Found by a filter for the name as well.
    { id: "role-crm-2", name: "Production-CrmSync2" },
    { id: "role-queues", name: "Queue Administrator" },
  );
  mockHosts({
    "vault.example.com": vault.fetch,
    "api.mypurecloud.com": genesys.fetch,
    "login.mypurecloud.com": genesys.fetch,
  });
  const project = fakeProject({ orgs: [of], stackOf: () => stack });
  const administrator = { GENESYSCLOUD_ACCESS_TOKEN: genesys.grants.administratorToken };
  const grant = async (args: string[] = [], env: Record<string, string> = administrator) => {
    const ran = await run(project, ["grant", "na-prod", ...args], { VAULT_TOKEN, ...env });
    expect(`${ran.stdout}${ran.stderr}`).not.toContain("test-secret");
    return ran;
  };
  const held = () => ({
    deployer: genesys.grants.heldBy(clients.deployer.id),
    master: genesys.grants.heldBy(clients.master.id),
  });
  return { genesys, vault, clients, grant, held };
}

const GRANTED = {
  deployer: [{ roleId: "role-wallboard", divisionId: "home" }],
  master: [
    { roleId: "role-crm", divisionId: "home" },
    { roleId: ROLE_ID, divisionId: "*" },
    // Of the deployer, which it rotates.
    { roleId: "role-wallboard", divisionId: "home" },
  ],
};

const FIRST_ROTATION =
  "na-prod: start the first rotation of each secret that has no value yet\n" +
  "next: aws secretsmanager rotate-secret --region us-east-1 --secret-id /genesys/production/na-prod/crm-sync\n";

test("without --yes, it shows the roles that deployer and master lack, and grants nothing", async () => {
  const { grant, held } = startWorld();
  const { code, stdout } = await grant();
  expect(code).toBe(0);
  expect(stdout).toMatch(/master +│ client-2 │ Production-CrmSync +│ Home +│ Production-CrmSync/);
  expect(stdout).toMatch(
    /deployer +│ client-1 │ Production-Wallboard +│ Home +│ Production-Wallboard/,
  );
  expect(stdout).toMatch(
    /na-prod: 4 roles would be granted\ndry run: nothing was changed; add --yes/,
  );
  expect(held()).toEqual({ deployer: [], master: [] });
});

test("with --yes, it grants them, and names the rotations that can start", async () => {
  const { grant, held } = startWorld();
  const { code, stdout } = await grant(["--yes"]);
  expect(code).toBe(0);
  expect(held()).toEqual(GRANTED);
  expect(stdout).toContain("na-prod: granted 4 roles\n");
  expect(stdout).toMatch(new RegExp(`\n${FIRST_ROTATION}$`));
});

test("a second run grants nothing, and names the rotations again", async () => {
  const { grant, held } = startWorld();
  await grant(["--yes"]);
  const { code, stdout } = await grant(["--yes"]);
  expect([code, stdout]).toEqual([
    0,
    `na-prod: its own credentials have every role that they grant\n${FIRST_ROTATION}`,
  ]);
  expect(held()).toEqual(GRANTED);
});

test("after an answer that was lost, the next run names the rotations that can start", async () => {
  const { grant, clients, held } = startWorld();
  clients.deployer.fields.roleDivisions = GRANTED.deployer;
  clients.master.fields.roleDivisions = GRANTED.master;
  const { stdout } = await grant(["--yes", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    grants: [],
    next: [expect.stringContaining("crm-sync")],
  });
  expect(held()).toEqual(GRANTED);
});

describe("the master of Vault's engine", () => {
  const MOUNT = "genesyscloud/na-prod";
  const broker = { mount: MOUNT, entry: "genesys/production/na-prod/broker", mostClients: 400 };
  const vaultAccess = {
    stack: "vault-access-na-prod",
    stateKey: "key",
    status: "not selected",
  } as const;
  const withBroker = orgReport(
    "na-prod",
    { broker },
    {
      brokeredClients: [{ name: "crm-sync", consumers: [], tokenPath: `${MOUNT}/token/crm-sync` }],
      vaultAccess,
    },
  );
  const stack = {
    ...STACK_WITH_CLIENTS,
    resource: {
      genesyscloud_auth_role: STACK_WITH_CLIENTS.resource.genesyscloud_auth_role,
      vault_generic_endpoint: {
        crm: {
          path: `${MOUNT}/roles/crm-sync`,
          data_json: JSON.stringify({
            role_divisions: [
              "${genesyscloud_auth_role.crm.id}:${data.genesyscloud_auth_division_home.home.id}",
              `${ROLE_ID}:*`,
            ],
          }),
        },
        // Of somebody else, and written as an expression.
        other: { path: "transit/keys/x", data_json: "${jsonencode({})}" },
        own: { path: `${MOUNT}/roles/own`, data_json: "${jsonencode({})}" },
      },
    },
  };

  test("gets the roles of brokered clients: the entry's client before the engine has one", async () => {
    const engine = new FakeEngine(MOUNT);
    const { genesys, vault, grant } = startWorld(stack, org.organizationId, withBroker, [engine]);
    const given = genesys.seed({ name: "CI broker" });
    vault.write(broker.entry, {
      client_id: given.id,
      client_secret: given.secret,
      org_id: org.organizationId,
    });
    const { stdout } = await grant(["--yes"]);
    expect(stdout).toMatch(
      new RegExp(`broker +│ ${given.id} │ Production-CrmSync +│ Home +│ crm-sync`),
    );
    const wanted = [
      { roleId: "role-crm", divisionId: "home" },
      { roleId: ROLE_ID, divisionId: "*" },
    ];
    expect(genesys.grants.heldBy(given.id)).toEqual(wanted);
    const own = genesys.seed({ name: "vault-master#m1" });
    engine.stored = { client_id: own.id, org_id: org.organizationId };
    expect((await grant(["--yes"])).code).toBe(0);
    expect(genesys.grants.heldBy(own.id)).toEqual(wanted);
  });

  test("is not found before the engine is mounted, and the stack with the mount is named", async () => {
    const { grant } = startWorld(stack, org.organizationId, withBroker);
    expect((await grant(["--yes"])).stderr).toBe(
      `na-prod: nothing is mounted at ${MOUNT} of https://vault.example.com: deploy vault-access-na-prod first\n`,
    );
  });
});

test("a role in all divisions covers each of them", async () => {
  const { grant, clients } = startWorld();
  clients.master.fields.roleDivisions = ["role-crm", ROLE_ID, "role-wallboard"].map((roleId) => ({
    roleId,
    divisionId: "*",
  }));
  const { stdout } = await grant();
  expect(stdout).toContain("na-prod: 1 role would be granted");
});

test("the master gets the roles of deployer and planner, since it rotates them", async () => {
  const { grant, held, clients } = startWorld({});
  const [edit, view] = [
    { roleId: "role-queues", divisionId: "*" },
    { roleId: ROLE_ID, divisionId: "home" },
  ];
  clients.deployer.fields.roleDivisions = [edit, view];
  clients.planner.fields.roleDivisions = [view];
  const { stdout } = await grant(["--yes"]);
  expect(stdout).toMatch(/master +│ client-2 │ Queue Administrator +│ all +│ the deployer +│/);
  expect(stdout).toMatch(/│ Supervisor +│ Home +│ the deployer, the planner +│/);
  expect(held().master).toEqual([edit, view]);
});

test("a client that is deployer and master gets each role once", async () => {
  const { grant, vault, held } = startWorld();
  vault.write(master, vault.at(deployer) ?? {});
  await grant(["--yes"]);
  expect(held().deployer).toHaveLength(3);
});

test("the master that the rotator still has gets the roles as well as the newest one", async () => {
  const { grant, genesys, vault } = startWorld();
  const { id, secret } = genesys.seed({ name: "CI master#2" });
  vault.write(master, { client_id: id, client_secret: secret, org_id: org.organizationId });
  await grant(["--yes"]);
  expect(genesys.grants.heldBy(id)).toEqual(GRANTED.master);
  expect(genesys.grants.heldBy("client-2")).toEqual(GRANTED.master);
});

test("--json has the grants by id and name", async () => {
  const { grant } = startWorld();
  const { stdout } = await grant(["--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    org: "na-prod",
    done: false,
    grants: expect.arrayContaining([
      {
        credential: "deployer",
        clientId: "client-1",
        role: { id: "role-wallboard", name: "Production-Wallboard" },
        division: { id: "home", name: "Home" },
        clients: ["Production-Wallboard"],
      },
    ]),
    unresolved: [],
    next: [],
  });
});

test("a client works in place of a person, and needs the same permissions", async () => {
  const { grant, genesys } = startWorld();
  const { id, secret } = genesys.seed({ name: "administrator" });
  const env = { GENESYSCLOUD_OAUTHCLIENT_ID: id, GENESYSCLOUD_OAUTHCLIENT_SECRET: secret };
  const { code, stderr } = await grant([], env);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(
      /^na-prod: GET \/api\/v2\/authorization\/roles: HTTP 403 .*\. The administrator needs authorization:role:view, /,
    ),
  ]);
});

describe("before anything is granted, it refuses", () => {
  test("a role that does not exist yet", async () => {
    const { grant, genesys, held } = startWorld();
    genesys.grants.roles.length = 0;
    const { code, stderr } = await grant(["--yes"]);
    expect([code, stderr]).toEqual([
      1,
      'na-prod has no role Production-CrmSync, no role Production-Wallboard yet: deploy org-na-prod first. Its apply creates them, even if it ends with "You cannot grant roles that you do not have"\n',
    ]);
    expect(held()).toEqual({ deployer: [], master: [] });
  });

  test("to work without an administrator's credential", async () => {
    const { grant } = startWorld();
    const { code, stderr } = await grant(["--yes"], {});
    expect([code, stderr]).toEqual([
      1,
      "na-prod: the administrator's credential is missing: set GENESYSCLOUD_ACCESS_TOKEN, or GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET\n",
    ]);
  });

  test("an administrator of another organisation", async () => {
    const other = "22222222-2222-4222-8222-222222222222";
    const { grant, held } = startWorld(STACK_WITH_CLIENTS, other);
    const { code, stderr } = await grant(["--yes"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`the administrator's credential belongs to organisation ${other}`),
    ]);
    expect(held()).toEqual({ deployer: [], master: [] });
  });

  test("an expired token", async () => {
    const { grant } = startWorld();
    const { stderr } = await grant([], { GENESYSCLOUD_ACCESS_TOKEN: "test-secret-expired" });
    expect(stderr).toMatch(
      /HTTP 401.*\. The administrator's credential has expired or is wrong\n$/,
    );
  });
});

test("a role whose name is known only while Terraform runs is reported, and the others are granted", async () => {
  const stack = structuredClone(STACK_WITH_CLIENTS);
  stack.resource.genesyscloud_oauth_client.wallboard.roles = [{ role_id: "${var.role}" }];
  const { grant, held } = startWorld(stack);
  const { code, stdout } = await grant(["--yes"]);
  expect(code).toBe(0);
  expect(stdout).toContain(
    "na-prod: the roles of Production-Wallboard refer to ${var.role}, which has a value only while Terraform runs. Make sure that the deployer has the role\n",
  );
  expect(held()).toEqual({ deployer: [], master: GRANTED.master.slice(0, 2) });
});

test("an org without OAuth clients needs no roles for them", async () => {
  const { grant } = startWorld({});
  const { code, stdout } = await grant();
  expect([code, stdout]).toEqual([
    0,
    "na-prod: its own credentials have every role that they grant\n",
  ]);
});
