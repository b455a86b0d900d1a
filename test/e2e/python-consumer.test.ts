import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { SYSTEM_CLOCK } from "../../lib/http/clock";
import { writeCredential } from "../../lib/secret-value/credential-value";
import { FakeGenesys } from "../support/fakes/fake-genesys";
import { startGenesysHttp } from "../support/fakes/genesys-http";
import { startMoto } from "../support/moto";
import { pageText } from "../support/pages";

const SECRET = "/genesys/production/na-prod/crm-sync";

/** The class of the page, and a program that makes a call for each line that it reads. */
const program = () => {
  const [, code] =
    /<!-- python -->\n```python\n([\s\S]*?)```/.exec(pageText("docs/consumers.md")) ?? [];
  return `${code}
import os, sys
credentials = GenesysCredentials("${SECRET}", os.environ["LOGIN"], os.environ["API"], max_age=3600)
for line in sys.stdin:
    try:
        print(credentials.call("GET", "/api/v2/tokens/me")["OAuthClient"]["id"], flush=True)
    except Exception as error:
        print(f"failed: {error}", flush=True)
`;
};

test("the Python consumer of the page survives a rotation that ends the previous client, and names a refusal", async () => {
  const moto = await startMoto();
  const genesys = new FakeGenesys({ clock: SYSTEM_CLOCK });
  const http = await startGenesysHttp(genesys);
  const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  const secrets = new SecretsManager({
    region: "us-east-1",
    endpoint: moto.url,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const rotate = () => {
    const { id, secret } = genesys.seed({ name: "Production-CrmSync", state: "active" });
    const value = { clientId: id, clientSecret: secret, region: "us-east-1", orgId: genesys.orgId };
    return { id, SecretString: writeCredential(value) };
  };
  // The Python of moto has boto3.
  const { MOTO_SERVER } = process.env;
  const command = MOTO_SERVER ? join(dirname(MOTO_SERVER), "python3") : "python3";
  const env = { ...keys, AWS_DEFAULT_REGION: "us-east-1", AWS_ENDPOINT_URL: moto.url };
  const first = rotate();
  await secrets.createSecret({ Name: SECRET, SecretString: first.SecretString });
  const consumer = spawn(command, ["-c", program()], {
    env: { ...env, LOGIN: http.login, API: http.api, PATH: process.env.PATH },
  });
  try {
    let errors = "";
    consumer.stderr.on("data", (text) => {
      errors += text;
    });
    const lines = createInterface({ input: consumer.stdout })[Symbol.asyncIterator]();
    const call = async () => {
      consumer.stdin.write("call\n");
      const { value } = await lines.next();
      return value ?? errors;
    };
    expect(await call()).toBe(first.id);
    const second = rotate();
    await secrets.putSecretValue({ SecretId: SECRET, SecretString: second.SecretString });
    // Its value is still fresh, and the token of the first client is valid.
    expect(await call()).toBe(first.id);
    genesys.clients.delete(first.id);
    expect(await call()).toBe(second.id);
    genesys.clients.delete(second.id);
    const before = genesys.calls.length;
    expect(await call()).toBe("failed: HTTP Error 401: Unauthorized");
    expect(genesys.calls.length - before).toBeLessThanOrEqual(2);
  } finally {
    consumer.stdin.end();
    if (consumer.exitCode === null) await once(consumer, "exit");
    await http.stop();
    await moto.stop();
  }
}, 60_000);
