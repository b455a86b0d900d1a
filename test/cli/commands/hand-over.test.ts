import type { OrgReport, SecretReport } from "../../../lib/registry/report";
import { orgReport } from "../../rehearsal/reports";
import { type AwsHttp, startAwsHttp } from "../../support/fakes/aws-http";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeGenesys, type Fault, type Unknowns } from "../../support/fakes/fake-genesys";
import { FakeSecretsManager } from "../../support/fakes/fake-secrets-manager";
import type { UsageAnswer } from "../../support/fakes/fake-usage";
import { FakeVault, VAULT_TOKEN } from "../../support/fakes/fake-vault";
import { mockHosts } from "../../support/fakes/host-fetch";
import { type LoopbackStore, startLoopbackStore } from "../../support/loopback-store";
import { fakeProject } from "../../support/project";
import { run } from "../run";
import { backendIn } from "../stored-orgs";

const DAY = 24 * 3_600_000;
const PREFIX = "/genesys/production/na-prod/";
const SECRET = `${PREFIX}crm-sync`;
const ARN = `arn:aws:secretsmanager:us-east-1:111111111111:secret:${SECRET}-AbCdEf`;
const [CRM, REPORTS] = [
  "55555555-5555-4555-8555-555555555501",
  "55555555-5555-4555-8555-555555555502",
];
const ROLE = { roleId: CRM, divisionId: "home" };

let store: LoopbackStore;
let aws: AwsHttp;
const saved = { ...process.env };
beforeAll(async () => {
  store = await startLoopbackStore();
});
afterAll(() => store.stop());
afterEach(async () => {
  jest.restoreAllMocks();
  await aws.stop();
  process.env = { ...saved };
});

interface World {
  readonly unknowns?: Unknowns;
  readonly unheldRoles?: "refused" | "allowed" | "dropped";
  readonly fault?: (call: string) => Fault;
  /** Grants of the client made by hand. */
  readonly grants?: readonly object[];
  /** Grants of its successor. */
  readonly newGrants?: readonly object[];
  /** @default true */
  readonly isRotated?: boolean;
  readonly more?: readonly Partial<SecretReport>[];
  /** Id of an OAuth client that Terraform manages. */
  readonly inState?: "old";
}

/** An organisation whose client `CRM Integration` was made by hand, and whose `crm-sync` replaces it. */
async function startWorld(world: World = {}) {
  const { grants = [ROLE], newGrants = grants, isRotated = true } = world;
  const clock = new FakeClock(Date.parse("2026-11-29T12:00:00Z"));
  const org = orgReport("na-prod");
  const genesys = new FakeGenesys({ ...world, clock, orgId: org.organizationId });
  genesys.grants.roles.push({
    id: CRM,
    name: "CRM",
    policies: [{ domain: "externalContacts", entityName: "contact", actions: ["view", "edit"] }],
  });
  const vault = new FakeVault({ clock });
  for (const credential of ["deployer", "planner", "master"] as const) {
    const roleDivisions = credential === "master" ? [...grants, ...newGrants] : [];
    const { id, secret } = genesys.seed({ name: `CI ${credential}`, roleDivisions });
    const value = { client_id: id, client_secret: secret, org_id: org.organizationId };
    vault.write(org.vault[credential], value);
  }
  const old = genesys.seed({
    name: "CRM Integration",
    description: "by Ann",
    accessTokenValiditySeconds: 3600,
    roleDivisions: grants,
    unknownField: ["kept"],
  });
  const successor = genesys.seed({
    name: `Production-CrmSync#${"a".repeat(36)}`,
    description: ARN,
    roleDivisions: newGrants,
  });
  const secrets = new FakeSecretsManager({ clock });
  const parameters = new Map<string, string>();
  if (isRotated) {
    secrets.create(SECRET).put("a".repeat(36), "test-secret-value", ["AWSCURRENT"]);
    const version = "a".repeat(36);
    const set = (kind: string, value: object) =>
      parameters.set(`${SECRET}/${kind}`, JSON.stringify(value));
    set("specification", { secretArn: ARN, rotationDays: 90 });
    set("status", {
      versions: { [version]: successor.id },
      clients: {},
      findings: {
        current: { version, since: clock.now() - DAY },
        clients: [{ id: successor.id, state: "active", version }],
      },
    });
  }
  aws = await startAwsHttp({ secrets, parameters });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "TEST",
    AWS_SECRET_ACCESS_KEY: "test-secret-of-aws",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_MAX_ATTEMPTS: "1",
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    AWS_ENDPOINT_URL_SSM: aws.url,
  });
  mockHosts({
    "vault.example.com": vault.fetch,
    "api.mypurecloud.com": genesys.fetch,
    "login.mypurecloud.com": genesys.fetch,
  });
  const secret: SecretReport = {
    name: "crm-sync",
    secretName: SECRET,
    kind: "genesys-admin",
    sensitivity: "critical",
    rotationDays: 90,
    owner: "crm-team",
    consumers: [],
    rotation: "automatic",
    replaces: old.id,
  };
  const more = (world.more ?? []).map((patch) => ({ ...secret, ...patch }));
  const withSecrets: OrgReport = { ...org, secrets: [secret, ...more], oauthClients: ["crm-sync"] };
  await store.putObject(
    org.stateKey,
    JSON.stringify({
      version: 4,
      terraform_version: "1.11.0",
      serial: 1,
      lineage: "a",
      outputs: {},
      resources: world.inState
        ? [
            {
              mode: "managed",
              type: "genesyscloud_oauth_client",
              name: "crm",
              provider: 'provider["registry.terraform.io/mypurecloud/genesyscloud"]',
              instances: [{ schema_version: 1, attributes: { id: old.id } }],
            },
          ]
        : [],
    }),
  );
  const folder = fakeProject({
    orgs: [withSecrets],
    stackOf: () => ({ terraform: { backend: { s3: backendIn(store, org.stateKey) } } }),
  });
  const handOver = async (...args: string[]) => {
    const ran = await run(
      folder,
      ["hand-over", "na-prod", ...args],
      { VAULT_TOKEN },
      () => clock.now(),
      { sleep: (milliseconds) => clock.sleep(milliseconds) },
    );
    expect(`${ran.stdout}${ran.stderr}`).not.toContain("test-secret");
    return ran;
  };
  const changes = () => genesys.calls.filter((call) => /^(POST|PUT|DELETE) \/api/.test(call));
  const used = (answer: UsageAnswer, calls = {}) => {
    genesys.usage.answer = answer;
    genesys.usage.calls.set(old.id, calls);
  };
  return {
    clock,
    genesys,
    vault,
    org,
    old,
    successor,
    secrets,
    parameters,
    handOver,
    changes,
    used,
  };
}

describe("without a credential", () => {
  test("it says whose each client is, and prints an entry for those made by hand", async () => {
    const { genesys, handOver, changes } = await startWorld();
    genesys.grants.roles.push({ id: REPORTS, name: "Reports" });
    const roleDivisions = [
      { roleId: REPORTS, divisionId: "home" },
      { roleId: CRM, divisionId: "*" },
    ];
    const nightly = genesys.seed({ name: "Nightly Reports 2", roleDivisions });
    genesys.seed({ name: "A web page", authorizedGrantType: "CODE" });
    const { code, stdout } = await handOver();
    expect(code).toBe(0);
    expect(stdout).toMatch(/CI planner +│ active +│ it is a client of the organisation's planner/);
    expect(stdout).toMatch(/Production-CrmSync#a+ │ active +│ it is a client of crm-sync/);
    expect(stdout).toMatch(/CRM Integration +│ active +│ made by hand; crm-sync replaces it/);
    expect(stdout).not.toContain("A web page");
    expect(stdout.split("\n\n").at(-2)).toBe(
      [
        "Nightly Reports 2, for oauthClients of na-prod; the name is a suggestion:",
        "note: it has its roles in different divisions: the entry grants each role in all of them",
        "  {",
        '    name: "nightly-reports-2",',
        "    roles: [",
        `      "${REPORTS}", // Reports`,
        `      "${CRM}", // CRM`,
        "    ],",
        "    divisions: [",
        '      "*",',
        "    ],",
        "    accessTokenValiditySeconds: 86400,",
        `    replaces: "${nightly.id}",`,
        "  },",
      ].join("\n"),
    );
    expect(changes()).toEqual([]);
  });

  test.each([
    ["vault-agent-assist#r0011", "vault:accessor:instance:agent-assist:r0011"],
    ["vault-master#m0011", "vault:accessor:instance:-master:m0011"],
  ])("a client of Vault's engine is not made by hand: %s", async (name, description) => {
    const { genesys, handOver } = await startWorld();
    const { id } = genesys.seed({ name, description, roleDivisions: [ROLE] });
    genesys.seed({ name: `${name} 2`, description });
    const { clients } = JSON.parse((await handOver("--json")).stdout);
    expect(clients).toContainEqual({
      id,
      name,
      state: "active",
      madeByHand: false,
      reason: "Vault's secrets engine created it",
    });
    expect(clients.at(-1)).toMatchObject({ name: `${name} 2`, madeByHand: true });
  });

  test("what the registry cannot be asked for needs a credential", async () => {
    const { handOver, genesys } = await startWorld();
    const { code, stderr } = await handOver("--yes");
    expect([code, stderr.trim().split("\n").at(-1)]).toEqual([
      1,
      "na-prod: name the credential whose client is to be changed",
    ]);
    expect(genesys.calls).toEqual([]);
  });

  test("an incomplete list is an error, and names nothing", async () => {
    const { handOver } = await startWorld({
      fault: (call) => (call === "GET /api/v2/oauth/clients" ? "partial list" : "none"),
    });
    const { code, stdout, stderr } = await handOver();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("na-prod: GET /api/v2/oauth/clients: the list is incomplete");
  });

  test("--json has the same", async () => {
    const { handOver, genesys } = await startWorld();
    const { id } = genesys.seed({ name: "Übersicht", roleDivisions: [ROLE] });
    const document = JSON.parse((await handOver("--json")).stdout);
    expect(document.clients.at(-1)).toEqual({
      id,
      name: "Übersicht",
      state: "active",
      madeByHand: true,
      entry: {
        name: "ubersicht",
        roles: [CRM],
        divisions: ["home"],
        accessTokenValiditySeconds: 86_400,
        replaces: id,
      },
      notes: [],
    });
  });
});

describe("a handover", () => {
  test("a dry run says how far it is, and what comes next", async () => {
    const { handOver, changes, old, successor } = await startWorld();
    const { code, stdout } = await handOver("crm-sync");
    expect([code, stdout]).toEqual([
      0,
      [
        `na-prod crm-sync: takes over from CRM Integration (${old.id})`,
        `  new client:  ${successor.id}, which works`,
        "  permissions: the new client has all of them",
        "  use:         no calls in the 7 days until yesterday",
        "  old client:  active",
        "na-prod: the old client would be made inactive",
        "next: run `genesys-orgs hand-over na-prod crm-sync --yes`",
        "dry run: nothing was changed; add --yes to make the changes",
        "",
      ].join("\n"),
    ]);
    expect(changes()).toEqual([]);
  });

  test.each<[string, Unknowns]>([
    ["dates of modification move", { creators: true, modifies: true }],
    ["dates of modification stay", { creators: false, modifies: false }],
    ["deleted clients stay listed", { creators: true, modifies: true, afterDelete: "deleted" }],
    [
      "deleted clients stay listed as inactive",
      { creators: false, modifies: true, afterDelete: "inactive" },
    ],
  ])("goes from active to inactive to deleted, where %s", async (_, unknowns) => {
    const { handOver, changes, genesys, old, clock } = await startWorld({ unknowns });
    const first = await handOver("crm-sync", "--yes");
    expect([first.code, first.stdout]).toEqual([
      0,
      expect.stringContaining(
        "na-prod: the old client was made inactive\nnext: after 2026-12-01T12:15:02.000Z, run",
      ),
    ]);
    expect(old.fields).toMatchObject({
      state: "inactive",
      description: "by Ann (handed over to crm-sync on 2026-11-29T12:00:02Z)",
      unknownField: ["kept"],
      roleDivisions: [ROLE],
    });
    // The same command again changes nothing.
    const again = await handOver("crm-sync", "--yes");
    expect(again.stdout).toContain("na-prod: the old client is inactive already\n");
    const early = await handOver("crm-sync", "--delete", "--yes");
    expect([early.code, early.stderr]).toEqual([
      1,
      expect.stringContaining("  its tokens may work until 2026-12-01T12:15:02.000Z"),
    ]);
    expect(changes()).toEqual([`PUT /api/v2/oauth/clients/${old.id}`]);
    clock.advance(2 * DAY + 15 * 60_000);
    const ready = await handOver("crm-sync", "--yes");
    expect(ready.stdout).toContain(
      "next: run `genesys-orgs hand-over na-prod crm-sync --delete --yes`\n",
    );
    const last = await handOver("crm-sync", "--delete", "--yes");
    expect([last.code, last.stdout]).toEqual([
      0,
      expect.stringContaining(
        "na-prod: the old client was deleted\nnext: remove replaces from the registry entry of crm-sync\n",
      ),
    ]);
    expect(changes()).toEqual([
      `PUT /api/v2/oauth/clients/${old.id}`,
      `DELETE /api/v2/oauth/clients/${old.id}`,
    ]);
    expect(genesys.cutOff).toEqual([]);
    expect((await handOver("crm-sync", "--delete", "--yes")).code).toBe(0);
  });

  test("--undo makes the client as it was", async () => {
    const { handOver, old } = await startWorld();
    const before = { ...old.fields };
    await handOver("crm-sync", "--yes");
    const undone = await handOver("crm-sync", "--undo", "--yes");
    expect([undone.code, undone.stdout]).toEqual([
      0,
      expect.stringContaining("na-prod: the old client was made active again\n"),
    ]);
    expect(old.fields).toEqual(before);
    expect((await handOver("crm-sync", "--undo", "--yes")).stdout).toContain("is active already");
  });

  test.each(["no answer", "no request"] as const)(
    "a run that was stopped at any change (%s) is continued by the same command",
    async (fault) => {
      let broken = true;
      const { handOver, genesys, old, clock } = await startWorld({
        fault: (call) => (broken && /^(PUT|DELETE)/.test(call) ? fault : "none"),
      });
      const twice = async (...args: string[]) => {
        broken = true;
        await handOver("crm-sync", ...args);
        broken = false;
        const { code } = await handOver("crm-sync", ...args);
        expect(code).toBe(0);
      };
      await twice("--yes");
      expect(old.fields.state).toBe("inactive");
      expect(old.fields.description).toMatch(/^by Ann \(handed over to crm-sync on \S+\)$/);
      clock.advance(3 * DAY);
      await twice("--delete", "--yes");
      expect([...genesys.clients.keys()]).not.toContain(old.id);
    },
  );

  test("a role of its own covers the old one's by what it permits", async () => {
    const own = "66666666-6666-4666-8666-666666666666";
    const { handOver, genesys, old } = await startWorld({
      newGrants: [{ roleId: own, divisionId: "*" }],
    });
    const policy = { domain: "externalContacts", entityName: "contact" };
    genesys.grants.roles.push({
      id: own,
      name: "Crm",
      policies: [{ ...policy, actions: ["view"] }],
    });
    const refused = await handOver("crm-sync", "--yes");
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(
        "the new client lacks role CRM in division Home: externalContacts:contact:edit: add it, or accept it with --fewer-permissions",
      ),
    ]);
    genesys.grants.roles.pop();
    genesys.grants.roles.push({ id: own, name: "Crm", policies: [{ ...policy, actions: ["*"] }] });
    expect(await handOver("crm-sync", "--yes")).toMatchObject({ code: 0 });
    expect(old.fields.state).toBe("inactive");
  });
});

describe("refused, with nothing changed:", () => {
  const refused = async (
    world: Awaited<ReturnType<typeof startWorld>>,
    message: string,
    ...args: string[]
  ) => {
    const { code, stderr } = await world.handOver(
      ...(args.length > 0 ? args : ["crm-sync", "--yes"]),
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(world.changes()).toEqual([]);
  };

  test.each<[UsageAnswer, object, string]>([
    [
      "documented",
      { "2026-11-27": 2, "2026-11-28": 3 },
      "it is still used: 5 calls in the 7 days until yesterday, the last ones on 2026-11-28",
    ],
    [
      "without days",
      { "2026-11-28": 1 },
      "it is still used: 1 call in the 7 days until yesterday. Move",
    ],
    ["forbidden", {}, "nobody knows whether it is still used (GET /api/v2/oauth/clients/"],
    ["missing", {}, "nobody knows whether it is still used (GET /api/v2/oauth/clients/"],
    [
      "endless",
      {},
      "nobody knows whether it is still used (the query did not end within a minute)",
    ],
    ["part", {}, "nobody knows whether it is still used (the answer is only a part)"],
  ])("a client whose use is %s, unless --even-if-used", async (answer, calls, message) => {
    const world = await startWorld();
    world.used(answer, calls);
    await refused(world, message);
    expect(await world.handOver("crm-sync", "--yes", "--even-if-used")).toMatchObject({ code: 0 });
    expect(world.old.fields.state).toBe("inactive");
    world.clock.advance(3 * DAY);
    const { code, stderr } = await world.handOver("crm-sync", "--delete", "--yes");
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  test("before the first rotation", async () => {
    const world = await startWorld({ isRotated: false });
    await refused(world, `there is no new client that works: the secret ${SECRET} does not exist`);
  });

  test("a secret that is scheduled for deletion", async () => {
    const world = await startWorld();
    world.secrets.find(SECRET).delete();
    await refused(world, `the secret ${SECRET} is scheduled for deletion`);
  });

  test("a new client that is not active", async () => {
    const world = await startWorld();
    world.successor.fields.state = "inactive";
    await refused(world, `there is no new client that works: ${world.successor.id} is inactive`);
  });

  test("a new value that was refused", async () => {
    const world = await startWorld();
    const status = JSON.parse(world.parameters.get(`${SECRET}/status`) ?? "");
    const refusedSince = world.clock.now() - DAY;
    world.parameters.set(`${SECRET}/status`, JSON.stringify({ ...status, refusedSince }));
    await refused(world, `the value of ${SECRET} has not worked since 2026-11-28`);
  });

  test("a client that another command's credential uses", async () => {
    const world = await startWorld();
    world.vault.write(world.org.vault.planner, {
      client_id: world.old.id,
      client_secret: world.old.secret,
      org_id: world.org.organizationId,
    });
    const another = world.genesys.seed({ name: "CI planner 2" });
    world.vault.write(world.org.vault.planner, {
      client_id: another.id,
      client_secret: another.secret,
      org_id: world.org.organizationId,
    });
    // In an earlier version of the entry.
    await refused(world, "it is a client of the organisation's planner, and was not made by hand");
  });

  test("a client that has the rotator's marks", async () => {
    const world = await startWorld();
    world.old.fields.name = "Production-Other#b";
    world.old.fields.description = ARN.replace("crm-sync", "other");
    await refused(
      world,
      "it has the marks of arn:aws:secretsmanager:us-east-1:111111111111:secret:",
    );
  });

  test("the client of a value, which somebody wrote by hand", async () => {
    const world = await startWorld();
    const text = world.parameters.get(`${SECRET}/status`) ?? "";
    world.parameters.set(`${SECRET}/status`, text.replaceAll(world.successor.id, world.old.id));
    await refused(world, "it is a client of crm-sync, and was not made by hand");
  });

  test("a client that Terraform manages", async () => {
    const world = await startWorld({ inState: "old" });
    await refused(world, "Terraform manages it as genesyscloud_oauth_client.crm");
  });

  test("a client that the master created", async () => {
    const world = await startWorld();
    world.old.createdBy = `${world.vault.at(world.org.vault.master)?.client_id}`;
    await refused(world, "the organisation's master created it");
  });

  test("a client of another grant", async () => {
    const world = await startWorld();
    world.old.fields.authorizedGrantType = "CODE";
    await refused(world, "its grant is CODE: only a client for client credentials");
  });

  test("a client that two credentials replace", async () => {
    const world = await startWorld({ more: [{ name: "crm-b", secretName: `${PREFIX}crm-b` }] });
    await refused(world, "crm-b replaces it as well: name it in one credential");
  });

  test.each([["--yes"], ["--undo", "--yes"], ["--delete", "--yes"]])(
    "a client that somebody else made inactive (%s)",
    async (...args) => {
      const world = await startWorld();
      world.old.fields.state = "inactive";
      await refused(world, "somebody else made it inactive", "crm-sync", ...args);
    },
  );

  test("the deletion of an active client", async () => {
    await refused(await startWorld(), "it is active", "crm-sync", "--delete", "--yes");
  });

  test("a client that Genesys' support disabled", async () => {
    const world = await startWorld();
    world.old.fields.state = "disabled";
    await refused(world, "it is disabled, which only Genesys' support changes");
  });

  test("a credential that replaces nothing, and one that does not exist", async () => {
    const more = [{ name: "exporter", secretName: `${PREFIX}exporter`, replaces: undefined }];
    const world = await startWorld({ more });
    await refused(world, "exporter replaces no client: set replaces", "exporter", "--yes");
    await refused(
      world,
      "has no credential crm: those that replace a client are crm-sync",
      "crm",
      "--yes",
    );
  });

  test("a master of another organisation", async () => {
    const world = await startWorld();
    world.genesys.orgId = "22222222-2222-4222-8222-222222222222";
    await refused(
      world,
      "belongs to organisation 22222222-2222-4222-8222-222222222222, but the registry says",
    );
  });

  test("AWS refuses to show the secrets", async () => {
    const world = await startWorld();
    aws.refuse((operation) => operation.includes("DescribeSecret"));
    await refused(world, `looking at ${SECRET}`);
  });
});

test.each(["refused", "allowed", "dropped"] as const)(
  "a master without the old client's roles changes nothing, were it %s",
  async (unheldRoles) => {
    const { handOver, changes, genesys, vault, org, old } = await startWorld({ unheldRoles });
    const master = genesys.clients.get(`${vault.at(org.vault.master)?.client_id}`);
    if (master) master.fields.roleDivisions = [];
    const { code, stderr } = await handOver("crm-sync", "--yes");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        `na-prod: the master lacks the role ${CRM} in division home of ${old.id}, and Genesys Cloud lets`,
      ),
    ]);
    expect(changes()).toEqual([]);
  },
);

test("a master that may not change clients gets Genesys' answer", async () => {
  const { handOver, genesys, old } = await startWorld();
  genesys.refusing.add(old.id);
  const { code, stderr } = await handOver("crm-sync", "--yes");
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining("The master needs oauth:client:edit and oauth:client:delete"),
  ]);
});
