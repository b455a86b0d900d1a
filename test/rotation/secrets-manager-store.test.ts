import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SecretsManagerStore } from "../../lib/rotation/secrets-manager-store";
import { type AwsHttp, startAwsHttp } from "../support/fakes/aws-http";
import { FakeClock } from "../support/fakes/fake-clock";
import { type FakeSecret, FakeSecretsManager } from "../support/fakes/fake-secrets-manager";

const clock = new FakeClock();
const secrets = new FakeSecretsManager({ clock });
const [V1, V2, V3] = ["1", "2", "3"].map((digit) => digit.repeat(32)) as [string, string, string];
let aws: AwsHttp;
let client: SecretsManagerClient;
let store: SecretsManagerStore;
let secret: FakeSecret;
let number = 0;

beforeAll(async () => {
  jest.spyOn(process, "emitWarning").mockImplementation(() => {});
  aws = await startAwsHttp({ secrets, pageSize: 1 });
  client = new SecretsManagerClient({
    endpoint: aws.url,
    region: "us-east-1",
    credentials: { accessKeyId: "TEST", secretAccessKey: "test-secret-of-aws" },
  });
  store = new SecretsManagerStore(client);
});
afterAll(async () => {
  client.destroy();
  await aws.stop();
});
beforeEach(() => {
  aws.calls.length = 0;
  secret = secrets.create(`/genesys/production/na/credential-${++number}`);
});

test("the history has all versions of all pages, labelled or not, with their creation times", async () => {
  const first = clock.now();
  for (const version of [V1, V2, V3]) {
    secret.put(version, `test-secret-${version}`, ["AWSCURRENT"]);
    clock.advance(1000);
  }
  expect(await store.history(secret.arn)).toEqual({
    rotates: false,
    createdAt: first,
    versions: [
      { id: V1, stages: [], createdAt: first },
      { id: V2, stages: ["AWSPREVIOUS"], createdAt: first + 1000 },
      { id: V3, stages: ["AWSCURRENT"], createdAt: first + 2000 },
    ],
    changedAt: first + 2000,
  });
});

test("a secret exists until it is deleted, even if it can be restored", async () => {
  expect(await store.exists(secret.arn)).toBe(true);
  expect(await store.exists(secret.arn.replace("Fake", "Gone"))).toBe(false);
  secret.deletedAt = clock.now();
  expect(await store.exists(secret.arn)).toBe(false);
});

test("a label that moves while the versions are listed does not look old", async () => {
  secret.put(V1, "test-secret-1", ["AWSCURRENT"]);
  secret.put(V2, "test-secret-2", ["AWSPENDING"]);
  clock.advance(86_400_000);
  client.middlewareStack.add(
    (next, context) => async (input) => {
      const answer = await next(input);
      if (context.commandName === "ListSecretVersionIdsCommand") {
        client.middlewareStack.remove("move");
        secret.move("AWSCURRENT", V2, V1);
      }
      return answer;
    },
    { name: "move", step: "initialize" },
  );
  expect(await store.history(secret.arn)).toMatchObject({
    versions: [
      { id: V1, stages: ["AWSPREVIOUS"] },
      { id: V2, stages: expect.arrayContaining(["AWSCURRENT"]) },
    ],
    changedAt: clock.now(),
  });
});

describe("if AWS's answers lack something", () => {
  const answering = (answers: Record<string, object>) => {
    const stub = Object.create(client);
    stub.send = async (command: object) => answers[command.constructor.name] ?? {};
    return new SecretsManagerStore(stub);
  };

  test("a version that is labelled but not listed exists", async () => {
    const described = {
      VersionIdsToStages: { [V1]: ["AWSPENDING"] },
      LastChangedDate: new Date(7),
    };
    const answered = answering({ DescribeSecretCommand: described });
    expect(await answered.history(secret.arn)).toEqual({
      rotates: false,
      versions: [{ id: V1, stages: ["AWSPENDING"], createdAt: undefined }],
      changedAt: 7,
    });
  });

  test("an unknown time of the last change does not count as long ago", async () => {
    const { changedAt } = await answering({}).history(secret.arn);
    expect(Date.now() - changedAt).toBeLessThan(0);
  });

  test("a secret without a rotation is not rotated", async () => {
    expect(await answering({}).isRotated(secret.arn)).toBe(false);
  });
});

test("an empty version has no value, and a version without the label is an error", async () => {
  secret.rotate(V1);
  expect(await store.value(secret.arn, V1, "AWSPENDING")).toBeUndefined();
  secret.put(V1, "test-secret-1", []);
  expect(await store.value(secret.arn, V1, "AWSPENDING")).toBe("test-secret-1");
  await expect(store.value(secret.arn, V1, "AWSCURRENT")).rejects.toThrow(
    `GetSecretValue of ${secret.arn}: InvalidRequestException: You provided a VersionStage`,
  );
});

test("a value is pending until it is promoted, and the previous one stays", async () => {
  secret.put(V1, "test-secret-1", ["AWSCURRENT"]);
  secret.rotate(V2);
  await store.putPending(secret.arn, V2, "test-secret-2");
  await store.putPending(secret.arn, V2, "test-secret-2");
  expect(secret.idOf("AWSCURRENT")).toBe(V1);
  await store.promote(secret.arn, V2, V1);
  expect([secret.idOf("AWSCURRENT"), secret.idOf("AWSPREVIOUS")]).toEqual([V2, V1]);
});

test("the first version is promoted without one before it", async () => {
  secret.rotate(V1);
  await store.putPending(secret.arn, V1, "test-secret-1");
  await store.promote(secret.arn, V1, undefined);
  expect(secret.idOf("AWSCURRENT")).toBe(V1);
});

describe("an error", () => {
  test("has AWS's message, the call and the secret", async () => {
    const arn = `${secret.arn.slice(0, -1)}x`;
    await expect(store.history(arn)).rejects.toThrow(
      `ListSecretVersionIds of ${arn}: ResourceNotFoundException: Secrets Manager can't find`,
    );
  });

  test.each([
    [
      "that repeats the value",
      Object.assign(new Error("Value 'test-secret-1' at 'secretString' failed"), {
        name: "ValidationException",
        $fault: "client",
      }),
      "ValidationException",
    ],
    [
      "of an answer that is not JSON",
      new SyntaxError('Unexpected token, "test-secret-1" is not valid JSON'),
      "SyntaxError",
    ],
    [
      "of the network",
      Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" }),
      "ECONNREFUSED",
    ],
  ])("%s is cut to its name", async (_, error, name) => {
    const stub = Object.create(client);
    stub.send = async () => {
      throw error;
    };
    const message = `PutSecretValue of ${secret.arn}: ${name}`;
    const put = new SecretsManagerStore(stub).putPending(secret.arn, V1, "test-secret-1");
    await expect(put).rejects.toThrow(new Error(message));
    const { cause } = await put.catch((thrown) => thrown);
    expect(cause).toBeUndefined();
  });
});
