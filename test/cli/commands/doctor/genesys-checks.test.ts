import { PlatformApi } from "../../../../lib/genesys/platform-api";
import { ROLE_ID, ROLES_OF_CLIENTS, STACK_WITH_CLIENTS } from "../../../support/stack-with-clients";
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

test("a Genesys Cloud that does not answer", async () => {
  await begin({ genesys: { fault: () => "no request" } });
  expect(await look()).toMatchObject({
    code: 1,
    "genesys planner":
      "failed: POST /oauth/token: no answer (UND_ERR_SOCKET) (2 attempts); fix: make sure that Genesys Cloud in us-east-1 is reachable from here (its allow-list of addresses also applies to the API)",
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
    "genesys master grants": "not checked: the clients could not be listed",
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

describe("the roles that a credential must grant", () => {
  const lack = (credential: string, what: string) =>
    `failed: the ${credential} lacks roles that it must grant: ${what}; fix: deploy org-na-prod, so that the roles exist, then run \`genesys-orgs grant na-prod\` as an administrator`;

  test("are those of the clients in the stack", async () => {
    await begin({ stack: STACK_WITH_CLIENTS });
    expect(await look()).toMatchObject({
      code: 1,
      "genesys master grants": lack(
        "master",
        `Production-CrmSync (for Production-CrmSync), ${ROLE_ID} (for Production-CrmSync)`,
      ),
      "genesys deployer grants": lack(
        "deployer",
        "Production-Wallboard (for Production-Wallboard)",
      ),
    });
  });

  test.each(["home", "*"])("are found by name, in the division %s", async (divisionId) => {
    await begin({ stack: STACK_WITH_CLIENTS });
    world.genesys.grants.roles.push(...ROLES_OF_CLIENTS);
    const give = (client: keyof typeof world.clients, ...roles: object[]) => {
      const { fields } = world.clients[client];
      fields.roleDivisions = [...(fields.roleDivisions as object[]), ...roles];
    };
    const wallboard = { roleId: "role-wallboard", divisionId };
    give("deployer", wallboard);
    give("master", wallboard, { roleId: "role-crm", divisionId });
    give("master", { roleId: ROLE_ID, divisionId: "*" });
    expect(await look()).toMatchObject({
      code: 0,
      "genesys master grants": "ok: the master has every role that it grants",
      "genesys deployer grants": "ok: the deployer has every role that it grants",
    });
  });

  test.each(["deployer", "planner"] as const)(
    "include those of the %s for the master",
    async (who) => {
      await begin();
      world.clients[who].fields.roleDivisions = [{ roleId: "more", divisionId: "home" }];
      expect(await look()).toMatchObject({
        code: 1,
        "genesys master grants": lack("master", `more (for the ${who})`),
      });
    },
  );

  test("in one division are not those in another", async () => {
    await begin();
    world.clients.master.fields.roleDivisions = [
      { roleId: "edit", divisionId: "sales" },
      { roleId: "view", divisionId: "*" },
    ];
    expect(await look()).toMatchObject({
      "genesys master grants": lack("master", "edit (for the deployer)"),
    });
  });

  test("need not be those of clients with the marks of ours, whatever they may do", async () => {
    await begin();
    const { description } = world.clients.rotated.fields;
    const powerful = [{ roleId: "everything", divisionId: "*" }];
    world.genesys.seed({ name: "Production-CrmSync#9", description, roleDivisions: powerful });
    world.genesys.seed({
      name: "CI deployer#9",
      description: `vault:https://vault.example.com/secret/${world.org.vault.deployer}`,
      roleDivisions: powerful,
    });
    expect(await look()).toMatchObject({
      code: 0,
      "genesys master grants": "ok: the master has every role that it grants",
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

describe("the permission to write integration credentials", () => {
  const CLIENTS = "Production-CrmSync";
  const parameter = STACK_WITH_CLIENTS.resource.aws_ssm_parameter.crm;
  const value = { ...JSON.parse(parameter.value), integrationCredentials: [{ id: "x" }] };
  const crm = { ...parameter, value: JSON.stringify(value) };
  const stack = {
    ...STACK_WITH_CLIENTS,
    resource: { ...STACK_WITH_CLIENTS.resource, aws_ssm_parameter: { crm } },
  };
  const policy = (domain: string, entityName: string, ...actions: string[]) => ({
    domain,
    entityName,
    actions,
  });
  const failure = `failed: the master lacks integrations:integration:edit, so no new credential reaches the integrations of ${CLIENTS}; fix: give it a role with integrations:integration:edit`;
  const success = "ok: the master may write integration credentials";

  test.each([
    [policy("integrations", "integration", "view", "edit"), success],
    [policy("integrations", "*", "*"), success],
    [policy("*", "*", "*"), success],
    [policy("integrations", "integration", "view", "add"), failure],
    [policy("integrations", "action", "edit"), failure],
    [policy("routing", "integration", "edit"), failure],
  ])("of a master with the permissions %j", async (held, expected) => {
    await begin({ stack });
    for (const id of ["view", "clients", "crm"]) {
      world.genesys.grants.roles.push({ id, name: id, policies: [] });
    }
    world.genesys.grants.roles.push({ id: "edit", name: "edit", policies: [held] });
    expect(await look()).toMatchObject({ "genesys master integrations": expected });
  });

  test("is not checked if Genesys Cloud does not show what roles permit", async () => {
    await begin({ stack });
    expect(await look()).toMatchObject({
      "genesys master integrations":
        "not checked: Genesys Cloud does not show what the master's roles permit",
    });
  });

  test("is not needed without an integration credential", async () => {
    await begin({ stack: STACK_WITH_CLIENTS });
    expect(await look()).not.toHaveProperty(["genesys master integrations"]);
  });
});

describe("the address of this machine", () => {
  const allowedAddresses = ["203.0.113.0/24", "2001:db8::/32"];
  const lookFrom = async (answer: string | undefined, status = 200) => {
    await begin({ org: { allowedAddresses } });
    const routed = globalThis.fetch;
    globalThis.fetch = (async (url, init) => {
      if (!String(url).startsWith("https://checkip.amazonaws.com")) return routed(url, init);
      if (answer === undefined) throw new TypeError("fetch failed");
      return new Response(answer, { status });
    }) as typeof fetch;
    try {
      const { code, ...lines } = await look();
      return { address: (lines as Record<string, unknown>)["genesys address"], code };
    } finally {
      globalThis.fetch = routed;
    }
  };

  test.each(["203.0.113.9\n", "2001:db8::7\n"])("%j is one of the allowed", async (answer) => {
    expect(await lookFrom(answer)).toEqual({
      code: 0,
      address: `ok: calls from here arrive from ${answer.trim()}, which allowedAddresses has`,
    });
  });

  test("is none of the allowed", async () => {
    expect(await lookFrom("192.0.2.1\n")).toEqual({
      code: 1,
      address:
        "failed: calls from here arrive from 192.0.2.1, and allowedAddresses has only 203.0.113.0/24, 2001:db8::/32; fix: run from an allowed address, or add this one to allowedAddresses and to the clients of the deployer and the planner",
    });
  });

  test.each([
    ["nobody", undefined, 200],
    ["a page of a proxy", "<html>", 200],
    ["an error", "203.0.113.9", 503],
  ])("is not known when %s answers", async (_, answer, status) => {
    expect((await lookFrom(answer, status)).address).toBe(
      "not checked: https://checkip.amazonaws.com/ did not answer with the address of this machine",
    );
  });

  test("is not asked for where every address is allowed", async () => {
    await begin();
    expect(await look()).not.toHaveProperty("genesys address");
  });
});
