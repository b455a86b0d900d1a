import { PlatformApi } from "../../../../lib/genesys/platform-api";
import { type DoctorWorld, linesOf, startDoctorWorld, type WorldProps } from "./doctor-world";

let world: DoctorWorld;
afterEach(() => world?.stop());
const begin = async (props: WorldProps = {}) => {
  world = await startDoctorWorld(props);
};
const look = async () => {
  const ran = await world.doctor(["--only", "genesys"]);
  return { ...linesOf(ran), code: ran.code };
};

test("only what was asked for is shown, though Vault was read for it", async () => {
  await begin();
  const { code, ...lines } = await look();
  expect(code).toBe(0);
  expect(Object.keys(lines).every((check) => check.startsWith("genesys "))).toBe(true);
});

test.each([
  [
    "deployer",
    "run `genesys-orgs rotate na-prod deployer`, or write a working client to the entry",
  ],
  ["master", "create a client and write it to the entry (docs/rotation.md)"],
] as const)("a %s that Genesys Cloud does not take", async (credential, fix) => {
  await begin();
  const { id } = world.clients[credential];
  world.genesys.clients.delete(id);
  expect(await look()).toMatchObject({
    code: 1,
    [`genesys ${credential}`]: `failed: Genesys Cloud in us-east-1 refuses client ${id} with the secret in version 1 of genesys/production/na-prod/${credential}: the client was deleted or deactivated, has another secret, or belongs to another region; fix: ${fix}`,
  });
});

test("a client that is another organisation's, whatever its entry says", async () => {
  await begin({ genesys: { orgId: "22222222-2222-4222-8222-222222222222" } });
  const { id } = world.clients.planner;
  expect(await look()).toMatchObject({
    code: 1,
    "genesys planner": `failed: client ${id} belongs to organisation 22222222-2222-4222-8222-222222222222, but the registry says ${world.org.organizationId}; fix: write a client of na-prod to genesys/production/na-prod/planner, or correct organizationId in the registry`,
    "genesys clients": "not checked: the master has no token of this organisation",
  });
});

describe("roles that a credential gives to the clients of the stack", () => {
  const stack = {
    resource: {
      genesyscloud_auth_role: { crm: { name: "Production-CrmSync" } },
      aws_ssm_parameter: {
        crm: {
          name: "/genesys/production/na-prod/crm-sync/specification",
          value: JSON.stringify({
            clientName: "Production-CrmSync",
            roleDivisions: [
              {
                roleId: "${genesyscloud_auth_role.crm.id}",
                divisionId: "${data.genesyscloud_auth_division_home.home.id}",
              },
            ],
          }),
        },
      },
    },
  };

  test("must be its own", async () => {
    await begin({ stack });
    expect(await look()).toMatchObject({
      code: 1,
      "genesys master grants":
        "failed: the master lacks roles that it must grant: Production-CrmSync; fix: deploy org-na-prod, so that the roles exist, then run `genesys-orgs grant na-prod` as an administrator",
    });
  });

  test.each(["home", "*"])("are found by name, in the division %s", async (divisionId) => {
    await begin({ stack });
    world.genesys.grants.roles.push({ id: "role-crm", name: "Production-CrmSync" });
    const { fields } = world.clients.master;
    const held = fields.roleDivisions as object[];
    fields.roleDivisions = [...held, { roleId: "role-crm", divisionId }];
    expect(await look()).toMatchObject({
      code: 0,
      "genesys master grants":
        "ok: the master has every role that it grants to clients of the stack",
    });
  });
});

test("a Genesys Cloud that does not answer", async () => {
  await begin({ genesys: { fault: () => "no request" } });
  expect(await look()).toMatchObject({
    code: 1,
    "genesys planner":
      "failed: POST /oauth/token: no answer (TypeError) (2 attempts); fix: make sure that Genesys Cloud in us-east-1 is reachable from here (its allow-list of addresses also applies to the API)",
  });
});

test.each([null, { organization: null }])(
  "an answer that is not Genesys Cloud's: %j",
  async (answer) => {
    await begin();
    const asked = jest
      .spyOn(PlatformApi.prototype, "tokenOwner")
      .mockResolvedValue(answer as never);
    const found = await look();
    asked.mockRestore();
    expect(found).toMatchObject({
      code: 1,
      "genesys planner": `failed: Genesys Cloud in us-east-1 did not name the organisation of client ${world.clients.planner.id}; fix: make sure that Genesys Cloud answers, and not a proxy in front of it`,
    });
  },
);

test("a master that may not see OAuth clients", async () => {
  await begin();
  world.genesys.powerless.add(world.clients.master.id);
  expect(await look()).toMatchObject({
    code: 1,
    "genesys master": expect.stringMatching(/^ok/),
    "genesys clients": `failed: the master, client ${world.clients.master.id}, may not list OAuth clients (HTTP 403): it lacks oauth:client:view; fix: give it a role with oauth:client:add, :view, :edit, :delete and authorization:grant:add, :view`,
    "genesys master roles": "not checked: the clients could not be listed",
  });
});

test("an organisation with as many clients as it may have", async () => {
  await begin({ org: { rotation: { masterVersion: 1, mostClients: 5 } } });
  expect(await look()).toMatchObject({
    code: 1,
    "genesys clients":
      "failed: na-prod has 5 OAuth clients; with 5 or more, no client is created; fix: delete clients that nobody uses, or raise rotation.mostClients",
  });
});

describe("the master's roles", () => {
  const lack = (master: string, what: string) =>
    `failed: the master, client ${master}, cannot grant these roles of its clients, since it lacks them: ${what}; fix: give it these roles, in these divisions or in all divisions`;

  test.each([
    ["a rotated client", "rotated", "Production-CrmSync#1"],
    ["the planner", "planner", "CI planner"],
  ] as const)("must include all roles of %s", async (_, who, name) => {
    await begin();
    world.clients[who].fields.roleDivisions = [{ roleId: "more", divisionId: "home" }];
    expect(await look()).toMatchObject({
      code: 1,
      "genesys master roles": lack(world.clients.master.id, `${name}: role more in division home`),
    });
  });

  test("in one division are not those in another", async () => {
    await begin();
    const { master } = world.clients;
    master.fields.roleDivisions = [
      { roleId: "edit", divisionId: "*" },
      { roleId: "view", divisionId: "*" },
      { roleId: "crm", divisionId: "sales" },
    ];
    expect(await look()).toMatchObject({
      "genesys master roles": lack(master.id, "Production-CrmSync#1: role crm in division home"),
    });
  });

  test("need not be those of others' clients, or of other accounts'", async () => {
    await begin();
    const { description } = world.clients.rotated.fields;
    world.genesys.seed({
      name: "Production-CrmSync#9",
      description: `${description}`.replace("111111111111", "999999999999"),
      roleDivisions: [{ roleId: "more", divisionId: "*" }],
    });
    expect(await look()).toMatchObject({
      code: 0,
      "genesys master roles": "ok: the master has every role of the 3 clients that it manages",
    });
  });
});

describe("a planner that could change the organisation:", () => {
  const fix = "give the planner a client of its own, with view-only roles";

  test("with all roles of the deployer", async () => {
    await begin();
    const { planner, deployer } = world.clients;
    planner.fields.roleDivisions = deployer.fields.roleDivisions;
    expect(await look()).toMatchObject({
      code: 1,
      "genesys planner roles": `failed: the planner has every role of the deployer, so a pull request can change the organisation; fix: ${fix}`,
    });
  });

  test("with the deployer's client", async () => {
    await begin();
    const { deployer } = world.clients;
    const entry = world.vault.at(world.org.vault.deployer);
    world.vault.write(world.org.vault.planner, entry ?? {});
    expect(await look()).toMatchObject({
      code: 1,
      "genesys planner roles": `failed: planner and deployer have the same client, ${deployer.id}, so a pull request can change the organisation; fix: ${fix}`,
    });
  });
});
