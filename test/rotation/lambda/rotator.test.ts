import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { createRotator } from "../../../lib/rotation/lambda/rotator";
import { type AwsHttp, startAwsHttp } from "../../support/fakes/aws-http";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeGenesys, type Fault } from "../../support/fakes/fake-genesys";
import { FakeSecretsManager } from "../../support/fakes/fake-secrets-manager";
import { STEPS } from "../rotation-world";
import { eventOf, specificationOf, tokenOf } from "./deployed-org";

const ORG_ID = "11111111-1111-4111-8111-111111111111";
const NAMES = "/genesys/production/na-prod/";
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Returns a rotator with its own clock, and a Genesys Cloud that lags behind. */
async function setUp(fault: (call: string) => Fault = () => "none") {
  jest.spyOn(process, "emitWarning").mockImplementation(() => {});
  const clock = new FakeClock();
  const genesys = new FakeGenesys({ clock, orgId: ORG_ID, lag: 20_000, fault });
  const secrets = new FakeSecretsManager({ clock });
  const parameters = new Map<string, string>();
  const aws: AwsHttp = await startAwsHttp({ secrets, parameters });
  const { id, secret: clientSecret } = genesys.seed({
    name: "Production-Rotator",
    roleDivisions: [{ roleId: "role-1", divisionId: "*" }],
  });
  const master = secrets.create(`${NAMES}_master`);
  const value = { client_id: id, client_secret: clientSecret, org_id: ORG_ID };
  master.put(tokenOf(1), JSON.stringify(value), ["AWSCURRENT"]);
  const secret = secrets.create(`${NAMES}crm-sync`);
  secret.rotation = { functionArn: "rotator", enabled: true };
  parameters.set(`${secret.name}/specification`, JSON.stringify(specificationOf(secret)));
  const aim = {
    endpoint: aws.url,
    region: "us-east-1",
    credentials: { accessKeyId: "TEST", secretAccessKey: "test-secret-of-aws" },
  };
  const clients = { secrets: new SecretsManagerClient(aim), parameters: new SSMClient(aim) };
  const printed: string[] = [];
  const rotator = createRotator({
    ...clients,
    clock,
    fetch: genesys.fetch,
    print: (line) => printed.push(line),
    configuration: {
      org: "na-prod",
      organizationId: ORG_ID,
      region: "us-east-1",
      secretArnPrefix: `arn:aws:secretsmanager:us-east-1:111111111111:secret:${NAMES}`,
      masterArn: master.arn,
      mostClients: 500,
      warnClients: 50,
      dryRun: false,
      windows: [],
      propagation: 60_000,
    },
  });
  closing.push(
    aws.stop,
    () => clients.secrets.destroy(),
    () => clients.parameters.destroy(),
  );
  const token = tokenOf(2);
  secret.rotate(token);
  const step = (name: (typeof STEPS)[number]) => rotator(eventOf(secret, token, name));
  return { clock, genesys, secrets, secret, parameters, token, printed, step };
}

test("the rotator waits until all of Genesys Cloud knows a new client, and that is not a failure", async () => {
  const { clock, secret, token, printed, step } = await setUp();
  const before = clock.now();
  for (const name of STEPS) await step(name);
  expect(clock.now() - before).toBe(80_000);
  expect(secret.idOf("AWSCURRENT")).toBe(token);
  expect(printed.map((line) => JSON.parse(line).message)).toEqual(Array(4).fill("done"));
});

test("a call that is refused again and again is given up, with a correlation id, and counted", async () => {
  const { printed, step } = await setUp((call) =>
    call === "GET /api/v2/oauth/clients" ? "429" : "none",
  );
  await expect(step("createSecret")).rejects.toThrow(
    /^na-prod: GET \/api\/v2\/oauth\/clients: HTTP 429 too\.many.* \(4 attempts, correlation id correlation-of-429\)$/,
  );
  const [line, metrics, ...others] = printed.map((text) => JSON.parse(text));
  expect(line).toMatchObject({ level: "error", step: "createSecret" });
  expect(metrics).toMatchObject({ Org: "na-prod", GiveUps: 1 });
  expect(others).toEqual([]);
});

test("the rotator waits after a refusal, and creates no second client", async () => {
  let refusals = 2;
  const { genesys, secret, step } = await setUp((call) =>
    call === "POST /api/v2/oauth/clients" && refusals-- > 0 ? "429" : "none",
  );
  for (const name of STEPS) await step(name);
  const ours = [...genesys.clients.values()].filter(
    ({ fields }) => fields.description === secret.arn,
  );
  expect(ours).toHaveLength(1);
});

test.each([
  [
    "retires the credential",
    "is being retired",
    (name: string, all: Map<string, string>) => all.set(`${name}/retirement`, "{}"),
  ],
  [
    "destroys it",
    /the parameter \S+ does not exist/,
    (name: string, all: Map<string, string>) => all.delete(`${name}/specification`),
  ],
])(
  "no client is created when somebody %s while the rotator waits for the list",
  async (_, message, meanwhile) => {
    const { clock, genesys, secret, parameters, step } = await setUp();
    const before = clock.now();
    const going = step("createSecret");
    jest.spyOn(clock, "sleep").mockImplementationOnce(async (milliseconds) => {
      clock.advance(milliseconds);
      meanwhile(secret.name, parameters);
    });
    await expect(going).rejects.toThrow(message);
    expect(clock.now() - before).toBe(60_000);
    expect(genesys.clients.size).toBe(1);
  },
);

test("when two invocations create a client for the same version, one client stays", async () => {
  const { genesys, secret, token, step } = await setUp();
  const ended = await Promise.allSettled([step("createSecret"), step("createSecret")]);
  expect(ended.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  for (const name of STEPS) await step(name);
  const { clientId } = JSON.parse(secret.get(token, "AWSCURRENT"));
  const ours = [...genesys.clients.values()].filter(
    ({ fields }) => fields.description === secret.arn,
  );
  expect(ours.map(({ id }) => id)).toEqual([clientId]);
});
