import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { InventoryEntry } from "../../../lib/inventory/inventory";
import type { OrgReport, SecretReport } from "../../../lib/registry/report";
import { orgReport } from "../../rehearsal/reports";
import { type AwsHttp, startAwsHttp } from "../../support/fakes/aws-http";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeAwsError, FakeSecretsManager } from "../../support/fakes/fake-secrets-manager";
import { fakeProject } from "../../support/project";
import { run } from "../run";

const DAY = 24 * 3_600_000;
const TEST_SECRET = "test-secret-of-the-inventory";
const PREFIX = "/genesys/production/na-prod/";
const secret = (name: string, patch: Partial<SecretReport> = {}): SecretReport => ({
  name,
  secretName: `${PREFIX}${name}`,
  kind: "genesys-admin",
  sensitivity: "critical",
  rotationDays: 90,
  owner: "crm-team",
  consumers: ["arn:aws:iam::111111111111:role/crm-sync"],
  rotation: "automatic",
  ...patch,
});
const SECRETS = [
  secret("crm-sync"),
  secret("exporter", { kind: "genesys-read-only", sensitivity: "high", rotationDays: 180 }),
  secret("crm-key", {
    secretName: "/crm/production/na-prod/crm-key",
    kind: "third-party-api-key",
    sensitivity: "medium",
    rotationDays: 180,
    rotation: "by hand",
  }),
  secret("mesh", {
    kind: "certificate",
    sensitivity: "low",
    rotation: "elsewhere",
    rotatedBy: "Istio",
  }),
];
const projectOf = (...orgs: OrgReport[]) => fakeProject({ orgs });
const naProd = (patch: Partial<OrgReport> = {}) =>
  orgReport("na-prod", {}, { secrets: SECRETS, ...patch });

describe("offline", () => {
  test("the plan of all credentials is listed, without AWS", async () => {
    const { code, stdout } = await run(projectOf(naProd()), ["secrets"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/crm-sync +│ genesys-admin +│ critical │ crm-team │ every 90 days +│ 1/);
    expect(stdout).toMatch(
      /crm-key +│ third-party-api-key │ medium +│ crm-team │ every 180 days, by hand/,
    );
    expect(stdout).toMatch(/mesh +│ certificate +│ low +│ crm-team │ by Istio/);
  });

  test("a retired organisation, and one that was not asked for, are left out", async () => {
    const folder = projectOf(naProd(), orgReport("eu-prod", {}, { secrets: [secret("eu-key")] }));
    expect((await run(folder, ["secrets", "eu-prod"])).stdout).not.toContain("crm-sync");
    const retired = projectOf(naProd({ retired: true }));
    expect((await run(retired, ["secrets"])).stdout).toBe("no credentials\n");
  });

  test.each([["--check"], ["--readers", "7"], ["--role", "auditor"]])(
    "%s needs --live",
    async (...option) => {
      const { code, stderr } = await run(projectOf(naProd()), ["secrets", ...option]);
      expect([code, stderr]).toEqual([1, `${option[0]} needs --live\n`]);
    },
  );

  test("an unknown organisation is refused", async () => {
    const { code, stderr } = await run(projectOf(naProd()), ["secrets", "na-prd"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("did you mean na-prod?")]);
  });
});

describe("with --live", () => {
  const saved = { ...process.env };
  let clock: FakeClock;
  let aws: AwsHttp;
  let parameters: Map<string, string>;
  let secrets: FakeSecretsManager;
  const events: { EventName: string; EventTime: number; text: string }[] = [];

  const read = (principal: string, secretId: string, daysAgo: number, more: object = {}) => {
    const at = clock.now() - daysAgo * DAY;
    const text = JSON.stringify({
      userIdentity: { sessionContext: { sessionIssuer: { arn: principal } } },
      requestParameters: { secretId },
      ...more,
    });
    events.push({ EventName: "GetSecretValue", EventTime: at / 1000, text });
  };
  const role = (name: string) => `arn:aws:iam::111111111111:role/${name}`;
  const make = (name: string, ...labels: string[]) => {
    const made = secrets.create(name);
    if (labels.length > 0) made.put(`${name.slice(1)}-1`.padEnd(32, "0"), TEST_SECRET, labels);
    return made;
  };
  /** The notes that the reconciler keeps. */
  const note = (name: string, days: number, patch: object = {}) => {
    const since = clock.now() - days * DAY;
    const rotationDays = SECRETS.find((each) => each.name === name)?.rotationDays;
    const set = (kind: string, value: object) =>
      parameters.set(`${PREFIX}${name}/${kind}`, JSON.stringify(value));
    set("specification", { secretArn: "arn:x", rotationDays });
    set("status", {
      versions: { v1: "client-1" },
      clients: {},
      findings: {
        current: { version: "v1", since },
        startsAt: since + 85 * DAY,
        rotates: true,
        clients: [
          { id: "client-1", state: "active", version: "v1" },
          { id: "client-0", state: "inactive", version: "v0" },
        ],
        consumedOn: "2026-11-27",
      },
      ...patch,
    });
  };

  beforeEach(async () => {
    clock = new FakeClock();
    secrets = new FakeSecretsManager({ clock });
    parameters = new Map();
    events.length = 0;
    aws = await startAwsHttp({ secrets, parameters, events, pageSize: 2 });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: "TEST",
      AWS_SECRET_ACCESS_KEY: "test-secret-of-aws",
      AWS_MAX_ATTEMPTS: "1",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    for (const name of ["crm-sync", "exporter"]) {
      const made = make(`${PREFIX}${name}`, "AWSCURRENT");
      made.rotation = { functionArn: "arn:rotator", rules: {}, enabled: true };
      note(name, 10);
    }
    make("/crm/production/na-prod/crm-key", "AWSCURRENT");
  });
  afterEach(async () => {
    process.env = { ...saved };
    await aws.stop();
  });
  const list = (...options: string[]) =>
    run(projectOf(naProd()), ["secrets", "--live", ...options], {}, () => clock.now());
  const entriesOf = async (...options: string[]) => {
    const { stdout, ...rest } = await list("--json", ...options);
    const document = JSON.parse(stdout);
    const entries = document.secrets as { name: string; verdict: string; reason: string }[];
    return {
      ...rest,
      document,
      entries,
      of: (name: string) => entries.find((each) => each.name === name),
    };
  };

  test("each credential has its six answers", async () => {
    const { code, of } = await entriesOf();
    expect(code).toBe(0);
    expect(of("crm-sync")).toMatchObject({
      verdict: "ok",
      sensitivity: "critical",
      owner: "crm-team",
      live: {
        rotatedAt: clock.now() - 10 * DAY,
        deadline: clock.now() + 80 * DAY,
        startsAt: clock.now() + 75 * DAY,
        lastAttempt: { result: "succeeded" },
        clients: [
          { id: "client-1", state: "active", current: true },
          { id: "client-0", state: "inactive", current: false },
        ],
        lastAccessedOn: "2026-11-27",
      },
    });
  });

  test("the table says them in words, and counts what needs attention", async () => {
    make(`${PREFIX}other-orgs-secret`);
    note("exporter", 200);
    const { code, stdout } = await list();
    expect(code).toBe(0);
    expect(stdout).toMatch(/overdue: 20 days older than its class allows/);
    expect(stdout).toMatch(/1 active, 1 inactive/);
    expect(stdout).not.toContain("other-orgs-secret");
    expect(stdout).toContain("4 credentials, 1 of them needs attention");
    expect(stdout.indexOf("exporter")).toBeLessThan(stdout.indexOf("crm-sync"));
  });

  test("a credential that a person rotates has the age of its value", async () => {
    await clock.sleep(170 * DAY);
    for (const name of ["crm-sync", "exporter"]) note(name, 10);
    const { of } = await entriesOf();
    expect(of("crm-key")).toMatchObject({
      verdict: "due",
      live: { rotatedAt: clock.now() - 170 * DAY },
    });
  });

  test.each<[string, string, () => void]>([
    [
      "off",
      "switched off",
      () => Object.assign(secrets.find(`${PREFIX}crm-sync`), { rotation: undefined }),
    ],
    [
      "missing",
      "scheduled for deletion: restore it",
      () => secrets.find(`${PREFIX}crm-sync`).delete(),
    ],
    ["refused", "has not worked since", () => note("crm-sync", 10, { refusedSince: 1 })],
  ])("%s: %s", async (verdict, reason, change) => {
    change();
    expect((await entriesOf()).of("crm-sync")).toMatchObject({
      verdict,
      reason: expect.stringContaining(reason),
    });
  });

  test("missing: a secret that was never applied", async () => {
    const folder = projectOf(naProd({ secrets: [secret("never-applied")] }));
    const { stdout } = await run(folder, ["secrets", "--live", "--json"], {}, () => clock.now());
    expect(JSON.parse(stdout).secrets[0]).toMatchObject({
      verdict: "missing",
      reason: "the secret does not exist: apply the stack",
    });
  });

  test("a webhook's secret that rotates by itself has the age of its value", async () => {
    const hook = secret("call-hooks", { kind: "webhook-secret", sensitivity: "medium" });
    const made = make(hook.secretName, "AWSCURRENT");
    made.rotation = { functionArn: "arn:rotator", rules: {}, enabled: true };
    const folder = projectOf(naProd({ secrets: [hook] }));
    const { code, stdout } = await run(
      folder,
      ["secrets", "--live", "--check", "--json"],
      {},
      () => clock.now() + 10 * DAY,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).secrets[0]).toMatchObject({
      verdict: "ok",
      live: { rotatedAt: clock.now() },
    });
  });

  test("--check exits with 1 and names each credential that needs attention", async () => {
    expect((await list("--check")).code).toBe(0);
    note("crm-sync", 10, { refusedSince: clock.now() - DAY });
    const { code, stderr } = await list("--check");
    expect(code).toBe(1);
    expect(stderr).toContain("na-prod: crm-sync is refused: its value has not worked since");
  });

  test("--readers names who read each secret, without the rotation's own reads and refused ones", async () => {
    const name = `${PREFIX}crm-sync`;
    read(role("crm-sync"), name, 1);
    read(role("crm-sync"), secrets.find(name).arn, 3);
    read(role("genesys-na-prod-reconciler"), name, 0.1);
    read(role("intruder"), name, 2, { errorCode: "AccessDenied" });
    read(role("long-ago"), name, 20);
    const { of } = await entriesOf("--readers", "14");
    expect(of("crm-sync")).toMatchObject({
      live: {
        readers: [{ principal: role("crm-sync"), lastAt: clock.now() - DAY, reads: 2 }],
      },
    });
    expect(of("exporter")).toMatchObject({ live: { readers: [] } });
    const { stdout } = await list("--readers", "14");
    expect(stdout).toContain("role/crm-sync on");
  });

  test("says when CloudTrail has more reads than it looks at", async () => {
    for (let count = 0; count < 2_001; count += 1) read(role("crm-sync"), `${PREFIX}crm-sync`, 1);
    const { code, stderr } = await list("--readers", "14");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        "na-prod: CloudTrail has more reads than were looked at: take fewer days",
      ),
    ]);
  });

  test("an organisation that cannot be read does not hide the others", async () => {
    const { find: real } = secrets;
    jest.spyOn(secrets, "find").mockImplementation((id) => {
      if (!id.includes("eu-prod")) return real.call(secrets, id);
      throw new FakeAwsError(
        "AccessDeniedException",
        "no permission for secretsmanager:DescribeSecret",
      );
    });
    const euProd = orgReport(
      "eu-prod",
      {},
      {
        secrets: [secret("eu-key", { secretName: "/genesys/production/eu-prod/eu-key" })],
      },
    );
    const folder = projectOf(naProd(), euProd);
    const { code, stdout, stderr } = await run(folder, ["secrets", "--live"], {}, () =>
      clock.now(),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/crm-sync[\s\S]*ok/);
    expect(stdout).toContain("eu-key");
    expect(stderr).toContain(
      "eu-prod: looking at /genesys/production/eu-prod/eu-key: AccessDeniedException: no permission for secretsmanager:DescribeSecret",
    );
    expect(stderr).not.toContain("na-prod:");
  });

  test("with credentials for another account, no secret is said to be missing", async () => {
    const aws = { account: "222222222222", region: "us-east-1" };
    const { code, stdout, stderr } = await run(
      projectOf(naProd({ aws })),
      ["secrets", "--live", "--json"],
      {},
      () => clock.now(),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/na-prod: looking at \S+na-prod\S+: AccessDeniedException/);
    const verdicts = JSON.parse(stdout).secrets.map(({ verdict }: InventoryEntry) => verdict);
    expect(new Set(verdicts)).toEqual(new Set(["planned", "elsewhere"]));
  });

  test("no secret but the organisation's own is named in a request", async () => {
    make(`${PREFIX}other-orgs-secret`);
    await list();
    const asked = aws.calls.flatMap(({ parameters }) => parameters.SecretId ?? []);
    expect(asked).toHaveLength(4);
    for (const each of asked) expect(each).toMatch(/(crm-sync|exporter|crm-key)(-Fake\d\d)?$/);
  });

  describe("reads each organisation's account", () => {
    const planRole = role("genesys-na-prod-plan");
    const own = { account: "111111111111", region: "us-east-1" };
    const roles = { ...own, deployRole: role("genesys-na-prod-deploy"), planRole };
    const readAs = (patch: Partial<OrgReport>, ...options: string[]) =>
      run(projectOf(naProd(patch)), ["secrets", "--live", "--check", ...options], {}, () =>
        clock.now(),
      );
    const signers = () => {
      const [assumed, ...others] = aws.calls;
      expect(assumed).toMatchObject({ operation: "sts.AssumeRole", signedBy: "TEST" });
      return [...new Set(others.map(({ signedBy }) => signedBy))];
    };

    test("with its planRole, as Terraform plans", async () => {
      expect(await readAs({ aws: roles })).toMatchObject({ code: 0 });
      expect(signers()).toEqual([planRole]);
    });

    test("with --role in its place", async () => {
      expect(await readAs({ aws: roles }, "--role", "auditor")).toMatchObject({ code: 0 });
      expect(signers()).toEqual([role("auditor")]);
    });

    test("with the operator's own credentials, if it has neither", async () => {
      expect(await readAs({ aws: own })).toMatchObject({ code: 0 });
      expect(new Set(aws.calls.map(({ signedBy }) => signedBy))).toEqual(new Set(["TEST"]));
    });

    test("and says which role it could not assume", async () => {
      aws.refuse((operation) => operation === "sts.AssumeRole");
      expect(await readAs({ aws: roles })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(
          `\nna-prod: assuming ${planRole}: AccessDenied: not authorized. To read its secrets without --role, use the credentials of the org's reader, which aws.planRole must trust (docs/rotation.md, "Permissions")\n`,
        ),
      });
    });
  });

  test("no value is ever asked for, nor shown", async () => {
    const { stdout } = await list("--json", "--readers", "14");
    expect(stdout).not.toContain(TEST_SECRET);
    const operations = new Set(aws.calls.map(({ operation }) => operation));
    expect([...operations].sort()).toEqual([
      "AmazonSSM.GetParametersByPath",
      "CloudTrail_20131101.LookupEvents",
      "secretsmanager.DescribeSecret",
      "secretsmanager.ListSecretVersionIds",
    ]);
  });

  test("--html writes one page without external assets, the most urgent first", async () => {
    note("exporter", 200);
    const folder = projectOf(naProd({ owner: "<script>" }));
    await run(folder, ["secrets", "--live", "--html", "secrets.html"], {}, () => clock.now());
    const page = readFileSync(join(folder, "secrets.html"), "utf8");
    expect(page).not.toMatch(/(src|href)=|url\(|@import/);
    expect(page).toContain("default-src 'none'");
    expect(page.indexOf(">exporter<")).toBeLessThan(page.indexOf(">crm-sync<"));
    expect(page).not.toContain(TEST_SECRET);
  });

  test("the page shows foreign text as text", async () => {
    const folder = projectOf(naProd({ secrets: [secret("crm-sync", { owner: "<img src=x>&" })] }));
    await run(folder, ["secrets", "--html", "secrets.html"]);
    expect(readFileSync(join(folder, "secrets.html"), "utf8")).toContain("&lt;img src=x&gt;&amp;");
  });
});
