import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A call that AWS was asked for. */
export interface AwsCall {
  /** The path, or the action of a service that has only one path. */
  readonly path: string;
  readonly request: unknown;
}

export interface PreparedAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

/** STS is asked with a form instead of JSON, and answers with XML: a text as body. */
const requestIn = (body: string): unknown =>
  body.startsWith("Action=") ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body);

/** Lambda, STS and Secrets Manager on loopback, for one test file: they give the prepared answers. */
export function prepareAws(): { calls: AwsCall[]; answers: PreparedAnswer[] } {
  const calls: AwsCall[] = [];
  const answers: PreparedAnswer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const target = request.headers["x-amz-target"];
    calls.push({
      path: target === undefined ? decodeURIComponent(request.url ?? "") : `${target}`,
      request: requestIn(Buffer.concat(chunks).toString("utf8")),
    });
    const { status = 200, headers = {}, body } = answers.shift() ?? { status: 500, body: {} };
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  const saved = { ...process.env };
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_LAMBDA: url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      AWS_ENDPOINT_URL_SSM: url,
      AWS_ENDPOINT_URL_STS: url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test-secret-aws",
      AWS_MAX_ATTEMPTS: "1",
    });
  });
  afterAll(() => {
    process.env = saved;
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    calls.length = 0;
    answers.length = 0;
  });
  return { calls, answers };
}
