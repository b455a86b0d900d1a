import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentSource, extensionSource, type SecretSource, sdkSource } from "../../lib/runtime";
import { temporaryFolder } from "../support/folders";

const SECRET = "/genesys/production/na-prod/crm-sync";
const ANSWER = { SecretString: "test-value", VersionId: "version-1", Name: SECRET };

/** Answers in order, and keeps what was asked. */
function answering(...answers: (Response | Error)[]) {
  const asked: { readonly url: string; readonly token: string | null }[] = [];
  const send = (async (url: string, init: RequestInit = {}) => {
    asked.push({ url, token: new Headers(init.headers).get("x-aws-parameters-secrets-token") });
    const answer = answers[asked.length - 1] ?? Response.json(ANSWER);
    if (answer instanceof Error) throw answer;
    return answer;
  }) as typeof fetch;
  return { fetch: send, asked };
}

const past: SecretSource = {
  read: async (_, refresh) => ({ text: `past the extension: ${refresh}`, versionId: "version-2" }),
};

describe("the agent", () => {
  const tokenFile = () => {
    const file = join(temporaryFolder(), "token");
    writeFileSync(file, "test-token\n");
    return file;
  };

  test("is asked with the token of its file, and past its cache where that is needed", async () => {
    const { fetch, asked } = answering();
    const source = agentSource({ fetch, tokenFile: tokenFile() });
    expect(await source.read(SECRET, false)).toEqual({
      text: "test-value",
      versionId: "version-1",
    });
    await source.read(SECRET, true);
    const url = `http://localhost:2773/secretsmanager/get?secretId=${encodeURIComponent(SECRET)}`;
    expect(asked).toEqual([
      { url, token: "test-token" },
      { url: `${url}&refreshNow=true`, token: "test-token" },
    ]);
  });

  test("that started again has a new token", async () => {
    const { fetch, asked } = answering();
    const file = tokenFile();
    const source = agentSource({ fetch, tokenFile: file });
    await source.read(SECRET, false);
    writeFileSync(file, "test-token-2");
    await source.read(SECRET, false);
    expect(asked.map(({ token }) => token)).toEqual(["test-token", "test-token-2"]);
  });

  test("that refuses is named, without what it says", async () => {
    const { fetch } = answering(new Response("test-secret-echo", { status: 403 }));
    const failure = await agentSource({ fetch, tokenFile: tokenFile() })
      .read(SECRET, false)
      .catch((error) => error);
    expect(failure.message).toBe(`Secrets Manager Agent: HTTP 403 for ${SECRET}`);
  });
});

describe("the Lambda extension", () => {
  const saved = { ...process.env };
  beforeEach(() => {
    process.env.AWS_SESSION_TOKEN = "test-session";
  });
  afterEach(() => {
    process.env = { ...saved };
  });

  test("is asked with the function's session token, at its port", async () => {
    process.env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT = "4000";
    const { fetch, asked } = answering();
    const source = extensionSource(past, { fetch });
    expect(await source.read(SECRET, false)).toEqual({
      text: "test-value",
      versionId: "version-1",
    });
    expect(asked[0]).toEqual({
      url: `http://localhost:4000/secretsmanager/get?secretId=${encodeURIComponent(SECRET)}`,
      token: "test-session",
    });
  });

  test.each([
    ["is not there", new TypeError("fetch failed")],
    ["is not ready, while the function starts", new Response("not ready", { status: 400 })],
    ["answers something else", Response.json({ message: "test" })],
  ])("that %s is passed by", async (_, answer) => {
    const { fetch } = answering(answer);
    const { text } = await extensionSource(past, { fetch }).read(SECRET, false);
    expect(text).toBe("past the extension: false");
  });

  test("is passed by for a value that does not work, since it has no way around its cache", async () => {
    const { fetch, asked } = answering();
    const { text } = await extensionSource(past, { fetch }).read(SECRET, true);
    expect([text, asked]).toEqual(["past the extension: true", []]);
  });
});

describe("the AWS SDK", () => {
  test("reads the current version", async () => {
    const inputs: unknown[] = [];
    const source = sdkSource({
      getSecretValue: async (input) => {
        inputs.push(input);
        return ANSWER;
      },
    });
    expect(await source.read(SECRET, true)).toEqual({ text: "test-value", versionId: "version-1" });
    expect(inputs).toEqual([{ SecretId: SECRET }]);
  });

  test("a secret with a binary value, or none, is named", async () => {
    const source = sdkSource({ getSecretValue: async () => ({ VersionId: "version-1" }) });
    await expect(source.read(SECRET, false)).rejects.toThrow(`${SECRET} has no SecretString`);
  });
});
