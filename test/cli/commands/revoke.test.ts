import { orgReport } from "../../rehearsal/reports";
import { prepareAws } from "../../support/fakes/prepared-aws";
import { fakeProject } from "../../support/project";
import { run } from "../run";

const { calls, answers } = prepareAws();
const INVOCATION =
  "/2015-03-31/functions/arn:aws:lambda:us-east-1:111111111111:function:genesys-na-prod-reconciler/invocations";
const ROTATION = "secretsmanager.RotateSecret";
const SECRET = `${orgReport("na-prod").secretPrefix}crm-sync`;

const revoke = (...args: string[]) =>
  run(fakeProject({ orgs: [orgReport("na-prod")] }), ["revoke", "na-prod", "crm-sync", ...args]);

const two = [
  { id: "client-1", state: "inactive" },
  { id: "client-2", state: "active" },
];
const found = (patch: object = {}) => ({
  body: { retiring: false, clients: two, failures: [], ...patch },
});
const asked = () => calls.map(({ path, request }) => [path, request]);

test("without --yes shows the clients that would be ended, and changes nothing", async () => {
  answers.push(found());
  const { code, stdout } = await revoke();
  expect(code).toBe(0);
  expect(stdout).toMatch(/client-1.*inactive[\s\S]*client-2.*active/);
  expect(stdout).toContain(
    "na-prod: 2 clients of crm-sync would be ended, and the credential rotated\ndry run: nothing was changed",
  );
  expect(asked()).toEqual([[INVOCATION, { revoke: "crm-sync" }]]);
});

test("of a client that Vault brokers, it says where the leases are ended", async () => {
  answers.push(found({ clients: [] }));
  const report = orgReport("na-prod");
  const broker = { mount: "genesyscloud/na-prod", entry: "broker", mostClients: 80 };
  const org = {
    ...report,
    brokeredClients: [{ name: "crm", consumers: [], tokenPath: `${broker.mount}/token/crm` }],
    vault: { ...report.vault, broker },
  };
  const { stderr } = await run(fakeProject({ orgs: [org] }), ["revoke", "na-prod", "crm"]);
  expect(stderr).toContain(
    "na-prod: Vault brokers crm, so only OAuth clients that the rotator made for it before are found here; `vault lease revoke -prefix genesyscloud/na-prod/token/crm` ends what Vault gave out\n",
  );
  expect(stderr).not.toContain("did you mean");
});

test("with --yes begins the rotation, then ends the clients that existed before", async () => {
  answers.push(found(), { body: {} }, found({ clients: [] }));
  const { code, stdout } = await revoke("--yes");
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining("na-prod: 2 clients of crm-sync ended; the rotation has begun"),
  });
  expect(asked()).toEqual([
    [INVOCATION, { revoke: "crm-sync" }],
    [ROTATION, expect.objectContaining({ SecretId: SECRET })],
    [INVOCATION, { revoke: "crm-sync", clients: ["client-1", "client-2"] }],
  ]);
});

test("ends nothing if the rotation cannot begin", async () => {
  const body = {
    __type: "InvalidRequestException",
    message: "A previous rotation isn't complete.",
  };
  answers.push(found(), { status: 400, body });
  const { code, stderr } = await revoke("--yes");
  expect(code).toBe(1);
  expect(stderr).toContain(
    `rotating ${SECRET}: InvalidRequestException: A previous rotation isn't complete. No client was ended`,
  );
  expect(calls).toHaveLength(2);
});

test("with --no-rotate only ends the clients, also of a credential that is being retired", async () => {
  answers.push(found({ retiring: true }));
  expect(await revoke("--yes")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("crm-sync is being retired, so it cannot rotate"),
  });
  calls.length = 0;
  answers.push(found({ retiring: true }), found({ retiring: true, clients: [] }));
  const { code, stdout } = await revoke("--yes", "--no-rotate");
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining("na-prod: 2 clients of crm-sync ended\n"),
  });
  expect(calls.map(({ path }) => path)).toEqual([INVOCATION, INVOCATION]);
});

describe("a client that could not be ended is an error", () => {
  const again = "run: genesys-orgs revoke na-prod crm-sync --no-rotate --client client-2 --yes\n";

  test("that names the reason, and the command that ends no client of the rotation that has begun", async () => {
    const failures = ["client-2: HTTP 403"];
    answers.push(found(), { body: {} }, found({ clients: two.slice(1), failures }));
    const { code, stderr } = await revoke("--yes");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `na-prod: 1 of 2 clients of crm-sync were not ended:\n  client-2: HTTP 403\nThe rotation has begun. Delete them in Genesys Cloud, or ${again}`,
    });
  });

  test("also if the call itself fails", async () => {
    answers.push(found({ clients: two.slice(1) }), { body: {} }, { status: 503, body: {} });
    expect((await revoke("--yes")).stderr).toMatch(
      /could not be called.*The rotation has begun\. To end the clients, run: .*--client client-2 --yes/,
    );
  });

  test("which ends only that one, although the rotation has made another client since", async () => {
    const clients = [...two, { id: "client-3", state: "active" }];
    answers.push(found({ clients }), found({ clients: clients.slice(2) }));
    const { stdout } = await revoke("--yes", "--no-rotate", "--client", "client-2");
    expect(stdout).toContain("na-prod: 1 client of crm-sync ended\n");
    expect(calls[1]?.request).toEqual({ revoke: "crm-sync", clients: ["client-2"] });
  });

  test("unless it is gone: the first of two calls ended it, and its answer was lost", async () => {
    answers.push(found(), { body: {} }, found({ clients: [] }));
    expect((await revoke("--yes")).code).toBe(0);
  });
});

test("a client that nothing proves to be the rotator's is for a person", async () => {
  const clients = [...two, { id: "client-9", state: "active", unproven: true }];
  answers.push(found({ clients }));
  expect((await revoke()).stdout).toContain("delete by hand, unless you know them: client-9\n");
});

test("a credential in Vault is rotated with another command", async () => {
  const { code, stderr } = await run(fakeProject({ orgs: [] }), ["revoke", "na-prod", "deployer"]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining(
      "the deployer is one of the organisation's own credentials, and has no such command",
    ),
  });
  expect(calls).toEqual([]);
});

test("--json is one document", async () => {
  answers.push(found());
  const { stdout } = await revoke("--json");
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    org: "na-prod",
    credential: "crm-sync",
    done: false,
    rotating: false,
    retiring: false,
    clients: two,
    ended: [],
  });
});
