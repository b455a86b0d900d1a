import { type AwsHttp, startAwsHttp } from "./aws-http";
import { FakeClock } from "./fake-clock";
import { FakeSecretsManager } from "./fake-secrets-manager";
import { holdParametersAgainstContract } from "./parameters-contract";

const parameters = new Map<string, string>();
const secrets = new FakeSecretsManager({ clock: new FakeClock() });
let aws: AwsHttp;

beforeAll(async () => {
  aws = await startAwsHttp({ secrets, parameters });
});
afterAll(() => aws.stop());
beforeEach(() => {
  parameters.clear();
  aws.calls.length = 0;
});

const SIGNED = { authorization: "AWS4-HMAC-SHA256 Credential=TEST" };

async function call(target: string, input: object, headers: Record<string, string> = SIGNED) {
  const response = await fetch(aws.url, {
    method: "POST",
    headers: { ...headers, "x-amz-target": target },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: await response.json() };
}

test("calls are recorded without the values of secrets", async () => {
  const { arn } = secrets.create("/genesys/production/org/recorded");
  const token = "00000000-0000-4000-8000-000000000001";
  await call("secretsmanager.PutSecretValue", {
    SecretId: arn,
    ClientRequestToken: token,
    SecretString: "test-secret-1",
    RotationToken: "rotation-token",
  });
  expect(aws.calls).toEqual([
    {
      operation: "secretsmanager.PutSecretValue",
      signedBy: expect.any(String),
      parameters: { SecretId: arn, ClientRequestToken: token, RotationToken: "rotation-token" },
    },
  ]);
});

test("parameters are listed ten at a time, and recursively on request", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `/genesys/prod/org/c${index + 10}`);
  for (const name of names) {
    await call("AmazonSSM.PutParameter", { Name: name, Value: "{}", Type: "String" });
  }
  parameters.set("/genesys/prod/org/c10/specification", "{}");
  parameters.set("/genesys/prod/organisation", "{}");
  const list = async (input: object) => {
    const { body } = await call("AmazonSSM.GetParametersByPath", {
      Path: "/genesys/prod/org/",
      ...input,
    });
    const found = body as { Parameters: { Name: string }[]; NextToken?: string };
    return { names: found.Parameters.map(({ Name }) => Name), next: found.NextToken };
  };
  const first = await list({});
  const second = await list({ NextToken: first.next });
  expect(first.names).toHaveLength(10);
  expect([...first.names, ...second.names]).toEqual(names);
  expect(second.next).toBeUndefined();
  const all = await list({ Recursive: true });
  expect(all.names[1]).toBe("/genesys/prod/org/c10/specification");
});

test("a parameter is overwritten only on request", async () => {
  const put = (more: object) =>
    call("AmazonSSM.PutParameter", { Name: "/a", Value: "1", Type: "String", ...more });
  await put({});
  expect(await put({ Value: "2" })).toMatchObject({
    status: 400,
    body: { __type: "ParameterAlreadyExists" },
  });
  await put({ Value: "3", Overwrite: true });
  const { body } = await call("AmazonSSM.GetParameter", { Name: "/a" });
  expect(body).toMatchObject({ Parameter: { Name: "/a", Value: "3" } });
});

test.each(["GetParameter", "DeleteParameter"])("%s says when there is none", async (operation) => {
  parameters.set("/a", "1");
  expect((await call(`AmazonSSM.${operation}`, { Name: "/a" })).status).toBe(200);
  expect(await call(`AmazonSSM.${operation}`, { Name: "/b" })).toMatchObject({
    status: 400,
    body: { __type: "ParameterNotFound" },
  });
});

test.each([
  ["is not signed", "secretsmanager.DescribeSecret", {}, "MissingAuthenticationTokenException"],
  ["names no operation", "secretsmanager.Describe", SIGNED, "UnknownOperationException"],
])("a request that %s is refused", async (_, target, headers, type) => {
  expect(await call(target, { SecretId: "any" }, headers)).toMatchObject({
    status: 400,
    body: { __type: type },
  });
  expect(aws.calls).toEqual([]);
});

describe("the contract of parameters", () => {
  const start = () => startAwsHttp({ secrets });
  holdParametersAgainstContract(start, false);
});
