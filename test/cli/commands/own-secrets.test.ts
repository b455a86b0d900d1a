import { SYSTEM_CLOCK } from "../../../lib/http/clock";
import { homeReport, orgReport } from "../../rehearsal/reports";
import { type AwsHttp, startAwsHttp } from "../../support/fakes/aws-http";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeGenesys } from "../../support/fakes/fake-genesys";
import { FakeSecretsManager } from "../../support/fakes/fake-secrets-manager";
import { mockHosts } from "../../support/fakes/host-fetch";
import { fakeProject } from "../../support/project";
import { STACK_WITH_CLIENTS } from "../../support/stack-with-clients";
import { run } from "../run";

// The commands of an organisation whose own credentials are in Secrets Manager, not in Vault.

const DAY = 24 * 3_600_000;
const names = {
  deployer: "/genesys/production/na-prod/_deployer",
  planner: "/genesys/production/na-prod/_planner",
  master: "/genesys/production/na-prod/_master",
} as const;
const credentials = { source: "aws-secrets-manager", ...names } as const;
const org = orgReport("na-prod", {}, { vault: undefined, credentials });

let aws: AwsHttp | undefined;
const saved = { ...process.env };
afterEach(async () => {
  jest.restoreAllMocks();
  await aws?.stop();
  aws = undefined;
  process.env = { ...saved };
});

/** @param account the account that the caller is logged in to */
async function startWorld(account = "111111111111") {
  const clock = new FakeClock(Date.now() - 3 * DAY);
  const arnPrefix = `arn:aws:secretsmanager:us-east-1:${account}:secret:`;
  const secrets = new FakeSecretsManager({ clock, arnPrefix });
  const genesys = new FakeGenesys({ clock: SYSTEM_CLOCK, orgId: org.organizationId });
  for (const [credential, name] of Object.entries(names)) {
    const { id, secret } = genesys.seed({ name: `CI ${credential}` });
    const value = { client_id: id, client_secret: secret, org_id: org.organizationId };
    secrets.create(name).put("a".repeat(32), JSON.stringify(value), ["AWSCURRENT"]);
  }
  aws = await startAwsHttp({ secrets });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "TEST",
    AWS_SECRET_ACCESS_KEY: "test-secret-of-aws",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
  });
  mockHosts({ "api.mypurecloud.com": genesys.fetch, "login.mypurecloud.com": genesys.fetch });
  const credentialIn = (credential: keyof typeof names) => {
    const secret = secrets.find(names[credential]);
    return JSON.parse(secret.get(secret.idOf("AWSCURRENT") ?? ""));
  };
  const command = async (...args: string[]) => {
    const stackOf = () => STACK_WITH_CLIENTS;
    const ran = await run(
      fakeProject({
        homes: [homeReport("home", { status: "not selected" })],
        orgs: [org],
        stackOf,
      }),
      args,
    );
    expect(`${ran.stdout}${ran.stderr}`).not.toContain("test-secret");
    return ran;
  };
  return { clock, secrets, genesys, command, credentialIn };
}

test("rotate writes another client to the secret, and says so", async () => {
  const { genesys, credentialIn, command, secrets } = await startWorld();
  const before = credentialIn("deployer");
  const { code, stdout, stderr } = await command("rotate", "na-prod", "deployer");
  const { client_id: id, client_secret: secret } = credentialIn("deployer");
  expect([code, stdout]).toEqual([
    0,
    `na-prod deployer: version 1 -> 2, with client CI deployer#2 (${id})\n`,
  ]);
  expect(stderr).toContain("reading Secrets Manager\n");
  expect(stderr).toContain("writing version 2 to Secrets Manager\n");
  expect(genesys.works(id, secret)).toBe(true);
  expect(genesys.clients.get(id)?.fields.description).toBe(
    `arn:aws:secretsmanager:us-east-1:111111111111:secret:${names.deployer}`,
  );
  const { versions } = secrets.find(names.deployer);
  expect([...versions.values()].map(({ stages }) => [...stages].sort())).toEqual([
    ["AWSPREVIOUS", "v1"],
    ["AWSCURRENT", "v2", "written"],
  ]);
  expect(JSON.parse([...versions.values()][0]?.value ?? "")).toEqual(before);
});

test("the rotator reads a new master by itself: nothing is to be done in the registry", async () => {
  const { command } = await startWorld();
  const { code, stdout } = await command("rotate", "na-prod", "master");
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^na-prod master: version 1 -> 2, with client CI master#2 \(\S+\)\n$/),
  ]);
});

test("the previous client is retired a day later, the master's too", async () => {
  const { clock, command, genesys, credentialIn } = await startWorld();
  const { client_id: first } = credentialIn("master");
  clock.advance(3 * DAY);
  await command("rotate", "na-prod", "master");
  const fresh = await command("rotate", "na-prod", "master", "--retire-only");
  expect(fresh.stdout).toMatch(
    /^keep CI master \(\S+\): version 2 replaced it less than 24 hours/m,
  );
  jest.spyOn(Date, "now").mockReturnValue(Date.now() + 2 * DAY);
  const later = await command("rotate", "na-prod", "master", "--retire-only");
  expect(later.stdout).toMatch(/^deactivate CI master \(\S+\): a newer version has replaced it$/m);
  expect(genesys.clients.get(first)?.fields.state).toBe("inactive");
});

test("a dry run only reads", async () => {
  const { command } = await startWorld();
  const { code, stdout } = await command("rotate", "na-prod", "planner", "--dry-run", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    entry: { path: names.planner, before: 1, version: 1 },
    rotated: true,
  });
  const writes = aws?.calls.filter(({ operation }) => /Put|Update|Rotate|Create/.test(operation));
  expect(writes).toEqual([]);
});

test.each([
  ["AccessDeniedException", (each: string) => each.includes("PutSecretValue")],
  ["AccessDeniedException", (each: string) => each.includes("UpdateSecretVersionStage")],
])(
  "a caller who may not write gets AWS's words, and leaves no client (%s)",
  async (code, denies) => {
    const { command, genesys, credentialIn } = await startWorld();
    const before = credentialIn("deployer");
    const clients = genesys.clients.size;
    aws?.refuse(denies);
    const ran = await command("rotate", "na-prod", "deployer");
    expect([ran.code, ran.stdout]).toEqual([1, ""]);
    expect(ran.stderr).toContain(`na-prod deployer: `);
    expect(ran.stderr).toContain(code);
    expect(credentialIn("deployer")).toEqual(before);
    expect(genesys.clients.size).toBe(clients);
  },
);

test("a secret of the same name in another account is neither read nor written", async () => {
  const { command, credentialIn } = await startWorld("222222222222");
  const before = credentialIn("deployer");
  const { code, stderr } = await command("rotate", "na-prod", "deployer");
  expect(code).toBe(1);
  expect(stderr).toContain(
    `arn:aws:secretsmanager:us-east-1:111111111111:secret:${names.master} because no resource-based policy`,
  );
  expect(stderr).toContain(
    "(the secret is in account 111111111111 and region us-east-1: log in to that account, as one of credentials.operators)",
  );
  expect(credentialIn("deployer")).toEqual(before);
});

test("a secret without a value is named, with what to write", async () => {
  const { command, secrets } = await startWorld();
  secrets.find(names.planner).versions.clear();
  const { code, stderr } = await command("rotate", "na-prod", "planner");
  expect(code).toBe(1);
  expect(stderr).toContain(
    `there is no entry ${names.planner} in account 111111111111 and region us-east-1, or its newest version was deleted: write the first planner by hand`,
  );
});

test("doctor reads the secrets, and tries the credentials", async () => {
  const { command, secrets, credentialIn } = await startWorld();
  const other = { ...credentialIn("planner"), org_id: "22222222-2222-4222-8222-222222222222" };
  secrets.find(names.planner).put("b".repeat(32), JSON.stringify(other), ["AWSCURRENT"]);
  const { code, stdout } = await command(
    "doctor",
    "na-prod",
    "--only",
    "secrets,genesys",
    "--json",
  );
  expect(code).toBe(1);
  const [{ checks }] = JSON.parse(stdout).orgs;
  const of = (group: string, check: string) =>
    checks.find(
      (each: { group: string; check: string }) => each.group === group && each.check === check,
    );
  expect(of("secrets", "deployer")).toMatchObject({
    status: "ok",
    detail: `version 1 of ${names.deployer}`,
  });
  expect(of("secrets", "planner")).toMatchObject({
    status: "failed",
    detail: expect.stringMatching(
      /^version 2 of the secret \S+_planner belongs to organisation 2222/,
    ),
    fix: "put na-prod's own planner there",
  });
  expect(of("genesys", "deployer")).toMatchObject({ status: "ok" });
  expect(of("genesys", "planner")).toMatchObject({
    status: "not checked",
    detail: "its entry in Secrets Manager could not be read",
  });
});

test("doctor takes further fields of any type, and never quotes an org_id that is none", async () => {
  const { command, secrets, credentialIn } = await startWorld();
  const write = (credential: keyof typeof names, fields: object) => {
    const value = JSON.stringify({ ...credentialIn(credential), ...fields });
    secrets.find(names[credential]).put("b".repeat(32), value, ["AWSCURRENT"]);
  };
  write("deployer", { owner: { team: "cc" }, tickets: [1] });
  write("planner", { client_secret: 5, note: 6 });
  const { client_secret, org_id } = credentialIn("master");
  write("master", { client_secret: org_id, org_id: client_secret });
  const { stdout } = await command("doctor", "na-prod", "--only", "secrets", "--json");
  const [{ checks }] = JSON.parse(stdout).orgs;
  expect(checks.map(({ detail }: { detail: string }) => detail)).toEqual([
    `version 2 of ${names.deployer}`,
    `version 2 of the secret ${names.planner} has fields that are not text: client_secret (number)`,
    `the org_id of version 2 of the secret ${names.master} is not an organisation's id`,
  ]);
  expect(stdout).not.toContain(client_secret);
});

test("doctor does not count a secret that the caller rightly may not read", async () => {
  const { command } = await startWorld();
  aws?.refuse((operation) => operation.includes("GetSecretValue"));
  const { stdout } = await command("doctor", "na-prod", "--only", "secrets", "--json");
  const [{ checks }] = JSON.parse(stdout).orgs;
  expect(checks.map(({ status }: { status: string }) => status)).toEqual(
    Array(3).fill("not checked"),
  );
});

test("grant finds the clients in Secrets Manager", async () => {
  const { genesys } = await startWorld();
  const { grants } = genesys;
  grants.roles.push(
    { id: "role-crm", name: "Production-CrmSync" },
    { id: "role-w", name: "Production-Wallboard" },
  );
  const env = { GENESYSCLOUD_ACCESS_TOKEN: grants.administratorToken };
  const project = fakeProject({ orgs: [org], stackOf: () => STACK_WITH_CLIENTS });
  const { code, stdout } = await run(project, ["grant", "na-prod"], env);
  expect(code).toBe(0);
  expect(stdout).toMatch(/master +│ client-3 │ Production-CrmSync/);
  expect(stdout).toMatch(/deployer +│ client-1 │ Production-Wallboard/);
});
