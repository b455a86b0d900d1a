import { spawn } from "node:child_process";
import { once } from "node:events";
import { zipSync } from "fflate";

/** A server of moto, the emulator of AWS from PyPI. */
export interface Moto {
  readonly url: string;
  /** A Lambda function that does nothing, and succeeds. */
  readonly functionArn: string;
  stop(): Promise<void>;
}

/** @throws Error saying how to install it, where it is missing */
export async function startMoto(): Promise<Moto> {
  const command = process.env.MOTO_SERVER || "moto_server";
  const server = spawn(command, ["-H", "127.0.0.1", "-p", "0"]);
  let output = "";
  const url = await new Promise<string>((found, fail) => {
    const read = (text: Buffer) => {
      output += text;
      const [, address] = /Running on (http:\S+)/.exec(output) ?? [];
      if (address) found(address);
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.once("error", () => {
      const how = "pip install 'moto[server]==5.2.1', or name its command in MOTO_SERVER";
      fail(new Error(`${command} cannot be started: ${how}`));
    });
    server.once("exit", (code) => fail(new Error(`${command} ended with ${code}: ${output}`)));
  });
  const stop = async () => {
    if (server.exitCode === null && server.kill()) await once(server, "exit");
  };
  try {
    return { url, functionArn: await createFunction(url), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createFunction(url: string): Promise<string> {
  // Functions that always succeed, and need no Docker.
  await send(url, "", "/moto-api/config", JSON.stringify({ lambda: { use_docker: false } }));
  await send(url, "iam", "/", "Action=CreateRole&RoleName=rotator&AssumeRolePolicyDocument={}");
  const code = zipSync({ "index.js": new Uint8Array() });
  const answer = await send(
    url,
    "lambda",
    "/2015-03-31/functions",
    JSON.stringify({
      FunctionName: "rotator",
      Runtime: "nodejs24.x",
      Role: "arn:aws:iam::123456789012:role/rotator",
      Handler: "index.handler",
      Code: { ZipFile: Buffer.from(code).toString("base64") },
    }),
  );
  return (JSON.parse(answer) as { FunctionArn: string }).FunctionArn;
}

/** Moto finds the service in what the request is signed for. */
async function send(url: string, service: string, path: string, body: string): Promise<string> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=TEST/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=TEST`,
      "content-type": body.startsWith("{")
        ? "application/json"
        : "application/x-www-form-urlencoded",
    },
    body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`moto: ${path}: ${response.status} ${text}`);
  return text;
}
