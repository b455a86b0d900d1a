import { setTimeout as sleep } from "node:timers/promises";
import { orgReport } from "../../rehearsal/reports";
import { prepareAws } from "../../support/fakes/prepared-aws";
import { fakeProject } from "../../support/project";
import { run } from "../run";

jest.mock("node:timers/promises", () => ({ setTimeout: jest.fn() }));

const ARN = "arn:aws:lambda:us-east-1:111111111111:function:genesys-na-prod-reconciler";

const { calls, answers } = prepareAws();

const project = () =>
  fakeProject({ orgs: [orgReport("na-prod", {}, { oauthClients: ["crm-sync"] })] });
const alive = (patch: object = {}) => ({
  credentials: [
    {
      name: "crm-sync",
      retiring: true,
      clients: [{ id: "client-1", state: "inactive", deletedFrom: "2026-11-21T13:15:00.000Z" }],
      ...patch,
    },
  ],
});

const retire = (...args: string[]) => run(project(), ["retire", ...args]);

test("without --yes shows the clients that would be retired, and changes nothing", async () => {
  const clients = [{ id: "client-1", state: "active" }];
  answers.push({ body: alive({ retiring: false, clients }) });
  const { code, stdout } = await retire("na-prod", "crm-sync");
  expect(code).toBe(0);
  expect(stdout).toMatch(/crm-sync.*client-1.*active/);
  expect(stdout).toContain(
    "na-prod: 1 client would be retired\ndry run: nothing was changed; add --yes to make the changes\n",
  );
  expect(calls).toEqual([
    {
      path: `/2015-03-31/functions/${ARN}/invocations`,
      request: { retire: ["crm-sync"], dryRun: true },
    },
  ]);
});

test("with --yes asks the org's reconciler, and says from when on nothing is left", async () => {
  answers.push({ body: alive() });
  const { code, stdout } = await retire("na-prod", "--yes");
  expect(code).toBe(0);
  expect(calls.map(({ request }) => request)).toEqual([{ retire: [], dryRun: false }]);
  expect(stdout).toMatch(/crm-sync.*client-1.*inactive.*2026-11-21T13:15/);
  expect(stdout).toContain(
    "na-prod: 1 client is alive; the reconciler deletes each client when all its tokens have expired\n",
  );
});

test("says when everything can be destroyed", async () => {
  answers.push({ body: alive({ clients: [] }) });
  const { stdout } = await retire("na-prod", "--yes", "--wait");
  expect(stdout).toBe("na-prod: no client is alive; the retired credentials can be destroyed\n");
});

describe("with --wait", () => {
  beforeEach(() => {
    jest.mocked(sleep).mockReset().mockResolvedValue(undefined);
  });

  test("asks once a minute until nothing is left, and does not retire again", async () => {
    answers.push({ body: alive() }, { body: {} }, { body: alive() }, { body: {} });
    answers.push({ body: alive({ clients: [] }) });
    const { code, stdout, stderr } = await retire("na-prod", "crm-sync", "--yes", "--wait");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "na-prod: no client is alive; the retired credentials can be destroyed\n",
    });
    expect(stderr).toBe("na-prod: 1 client is alive, waiting\n".repeat(2));
    expect(jest.mocked(sleep).mock.calls.map(([milliseconds]) => milliseconds)).toEqual([
      60_000, 60_000,
    ]);
    const question = { retire: ["crm-sync"], dryRun: true };
    expect(calls.map(({ request }) => request)).toEqual([
      { retire: ["crm-sync"], dryRun: false },
      {},
      question,
      {},
      question,
    ]);
  });

  test("a call that fails is said and made again, ten times at most", async () => {
    const failed = { status: 503, body: { Message: "try later" } };
    const nothing = { body: { credentials: [] } };
    const args = ["na-prod", "crm-sync", "--yes", "--wait"];
    answers.push({ body: alive() }, failed, { body: {} }, failed, { body: {} }, nothing);
    const { code, stderr } = await retire(...args);
    expect(code).toBe(0);
    expect(stderr.match(/could not be called: try later/g)).toHaveLength(2);

    calls.length = 0;
    answers.push({ body: alive() }, ...Array(20).fill(failed));
    expect(await retire(...args)).toMatchObject({ code: 1, stdout: "" });
    expect(calls).toHaveLength(11);
  });

  test("ends when somebody takes it back", async () => {
    answers.push({ body: alive() }, { body: {} }, { body: alive({ retiring: false }) });
    expect(await retire("na-prod", "crm-sync", "--yes", "--wait")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(
        "na-prod: somebody undid the retirement of crm-sync in the meantime\n",
      ),
    });
  });
});

test("takes it back with --undo", async () => {
  answers.push({
    body: alive({ retiring: false, clients: [{ id: "client-1", state: "active" }] }),
  });
  const { stdout } = await retire("na-prod", "crm-sync", "--undo", "--yes");
  expect(calls[0]?.request).toEqual({ retire: ["crm-sync"], undo: true, dryRun: false });
  expect(stdout).toContain("na-prod: the retirement was undone; 1 client is alive\n");
});

test("--json prints one document", async () => {
  answers.push({ body: alive() });
  const { stdout } = await retire("na-prod", "--yes", "--json");
  expect(JSON.parse(stdout)).toEqual({ version: 1, org: "na-prod", done: true, ...alive() });
});

describe("tells in one line that", () => {
  test.each([
    [
      "the function failed",
      {
        headers: { "X-Amz-Function-Error": "Unhandled" },
        body: { errorType: "Error", errorMessage: "na-prod has no credential crm-snyc" },
      },
      "genesys-na-prod-reconciler failed: na-prod has no credential crm-snyc\n",
    ],
    [
      "there is no such function",
      {
        status: 404,
        headers: { "x-amzn-errortype": "ResourceNotFoundException" },
        body: { Message: "Function not found" },
      },
      `genesys-na-prod-reconciler could not be called: ${ARN} does not exist; deploy the org's stack first\n`,
    ],
    [
      "AWS denies the call",
      {
        status: 403,
        headers: { "x-amzn-errortype": "AccessDeniedException" },
        body: { Message: "not authorized" },
      },
      `genesys-na-prod-reconciler could not be called: lambda:InvokeFunction on ${ARN} is denied; use the credentials of the org's writer, in the org's AWS account\n`,
    ],
  ])("%s", async (_, answer, message) => {
    answers.push(answer);
    expect(await retire("na-prod")).toEqual({ code: 1, stdout: "", stderr: message });
  });

  test("there is no such org", async () => {
    const { code, stderr } = await retire("na-prd");
    expect(code).toBe(1);
    expect(stderr).toContain("unknown organisation: na-prd (did you mean na-prod?)");
    expect(calls).toEqual([]);
  });

  test("a credential's name has another form", async () => {
    expect((await retire("na-prod", "CRM Sync")).stderr).toBe(
      "CRM Sync is not the name of a credential: names are lower-case words joined by single hyphens\n",
    );
    expect(calls).toEqual([]);
  });

  test("--wait needs something to wait for", async () => {
    expect((await retire("na-prod", "--wait")).stderr).toBe(
      "--wait needs --yes, and cannot be used with --undo\n",
    );
  });
});

test("clients that nothing proves to be the rotator's are for a person, and nobody waits for them", async () => {
  const clients = [{ id: "client-9", state: "active", unproven: true }];
  answers.push({ body: alive({ clients }) });
  const { code, stdout } = await retire("na-prod", "--yes", "--wait");
  expect(code).toBe(0);
  expect(stdout).toMatch(/client-9.*active.*delete by hand/);
  expect(stdout).toContain("nothing proves that the rotator created client-9: delete them in");
});

describe("with --free-names", () => {
  const SECRET = "/genesys/production/na-prod/crm-sync";
  const deleted = { body: { Name: SECRET, DeletedDate: 1_795_000_000 } };
  const unknown = { status: 400, body: { __type: "ResourceNotFoundException", message: "none" } };
  const noSpecification = { body: { Parameters: [] } };
  const noneAlive = { body: {} };
  const noFunction = {
    status: 404,
    headers: { "x-amzn-errortype": "ResourceNotFoundException" },
    body: { Message: "Function not found" },
  };
  const operations = () => calls.map(({ path }) => path.split(".").at(-1)?.split("/").at(-1));

  test("shows which names are reserved, and changes nothing", async () => {
    answers.push(deleted, noSpecification, noneAlive);
    const { code, stdout } = await retire("na-prod", "--free-names");
    expect(code).toBe(0);
    expect(stdout).toMatch(/crm-sync.*\/genesys\/production\/na-prod\/crm-sync.*reserved/);
    expect(stdout).toContain("na-prod: 1 name would be freed; a secret whose name is freed");
    expect(stdout).toContain("dry run: nothing was changed");
    expect(operations()).toEqual(["DescribeSecret", "GetParameters", "invocations"]);
    expect(calls[2]?.request).toEqual({ credential: "crm-sync", tf: { action: "delete" } });
  });

  test("and --yes deletes the notes and the secret for good", async () => {
    answers.push(deleted, noSpecification, noneAlive, { body: {} }, { body: {} });
    const { code, stdout } = await retire("na-prod", "crm-sync", "--free-names", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain("na-prod: 1 name was freed");
    expect(calls.slice(-2).map(({ request }) => request)).toEqual([
      { Names: ["attempt", "reminded", "retirement", "status"].map((kind) => `${SECRET}/${kind}`) },
      { SecretId: SECRET, ForceDeleteWithoutRecovery: true },
    ]);
  });

  test("refuses a secret that is no OAuth client's, and that the stack still has", async () => {
    const managed = { body: { Parameters: [{ Name: `${SECRET}/managed`, Value: "{}" }] } };
    answers.push(deleted, managed);
    const { code, stderr } = await retire("na-prod", "crm-sync", "--free-names", "--yes");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("the org's stack still has the credential, so no name was freed"),
    ]);
    expect(calls[1]?.request).toEqual({
      Names: [`${SECRET}/specification`, `${SECRET}/managed`],
    });
    expect(operations()).toEqual(["DescribeSecret", "GetParameters"]);
  });

  test("works after the whole stack is gone: Terraform asked before it destroyed the reconciler", async () => {
    answers.push(deleted, noSpecification, noFunction, { body: {} }, { body: {} });
    const { stdout } = await retire("na-prod", "crm-sync", "--free-names", "--yes");
    expect(stdout).toContain("na-prod: 1 name was freed");
  });

  test("takes a credential that is no longer in the registry, and knows a name that is free", async () => {
    answers.push(unknown);
    const { code, stdout } = await retire("na-prod", "old-export", "--free-names", "--yes");
    expect(code).toBe(0);
    expect(stdout).toMatch(/old-export.*free/);
    expect(operations()).toEqual(["DescribeSecret"]);
  });

  test("leaves a secret that exists", async () => {
    answers.push({ body: { Name: SECRET } }, { body: { Name: SECRET } });
    const { stderr, code } = await retire("na-prod", "crm-sync", "--free-names", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain("retire the credential and destroy it first");
    const all = await retire("na-prod", "--free-names", "--yes");
    expect(all.stdout).toMatch(/crm-sync.*in use/);
    expect(operations()).toEqual(["DescribeSecret", "DescribeSecret"]);
  });

  test("refuses while a client is alive", async () => {
    const errorMessage = "na-prod: 1 OAuth client of crm-sync is alive";
    const headers = { "x-amz-function-error": "Unhandled" };
    answers.push(deleted, noSpecification, { headers, body: { errorMessage } });
    const { code, stderr } = await retire("na-prod", "crm-sync", "--free-names", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain(errorMessage);
    expect(operations()).toEqual(["DescribeSecret", "GetParameters", "invocations"]);
  });

  test("refuses while the stack still has the credential", async () => {
    answers.push(deleted, { body: { Parameters: [{ Name: "x", Value: "{}" }] } });
    const { code, stderr } = await retire("na-prod", "crm-sync", "--free-names", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain("restore the secret, or retire and destroy the credential");
  });

  test.each(["--undo", "--wait"])("cannot be combined with %s", async (option) => {
    const { code, stderr } = await retire("na-prod", "--free-names", "--yes", option);
    expect(code).toBe(1);
    expect(stderr).toContain("--free-names cannot be used with --undo or --wait");
    expect(calls).toEqual([]);
  });
});
