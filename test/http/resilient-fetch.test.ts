import { ApiError, BreakerOpenError } from "../../lib/http/api-error";
import { type Call, ResilientFetch } from "../../lib/http/resilient-fetch";
import { type ScriptedReply, SleepDiary, scriptedFetch } from "../support/fakes/scripted-fetch";

const READ: Call = {
  method: "GET",
  url: "http://api.test/api/v2/things?key=value",
  name: "GET /api/v2/things",
  headers: { authorization: "Bearer test-token" },
};
const CREATE: Call = { ...READ, method: "POST", body: '{"name":"test-body"}', creates: true };
const OK = { status: 200, body: { ok: true } };
const NO_ANSWER = new TypeError("fetch failed: test-token");
const TIMEOUT = Object.assign(new Error("timeout: test-token"), { name: "TimeoutError" });

function client(...script: ScriptedReply[]) {
  const clock = new SleepDiary();
  const { fetch, requests } = scriptedFetch(...script);
  const reported: Error[] = [];
  const props = { clock, fetch, random: () => 0, onGiveUp: (error: Error) => reported.push(error) };
  return { http: new ResilientFetch(props), props, clock, requests, reported };
}

/** The error of a call that must not succeed. */
async function failure(http: ResilientFetch, call: Call): Promise<ApiError> {
  const error = await http.send(call).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  return error;
}

const name = (reply: ScriptedReply) =>
  reply instanceof Error ? reply.name : `${reply.status} ${reply.text ?? ""}`;
const named = (...replies: ScriptedReply[]) =>
  replies.map((reply) => [name(reply), reply] as const);

test.each(
  named(
    { status: 408 },
    { status: 429 },
    { status: 500 },
    { status: 502 },
    { status: 503 },
    { status: 504 },
    NO_ANSWER,
    TIMEOUT,
  ),
)("a call is sent again after %s", async (_, reply) => {
  const { http, requests, reported } = client(reply, reply, OK);
  await expect(http.send(READ)).resolves.toEqual({ status: 200, body: { ok: true } });
  expect(requests).toHaveLength(3);
  expect(reported).toEqual([]);
});

test.each(
  named({ status: 400 }, { status: 401 }, { status: 404 }, { status: 409 }, { status: 501 }),
)("a call is not sent again after %s", async (_, reply) => {
  const { http, requests } = client(reply, OK);
  expect((await failure(http, READ)).uncertain).toBe(false);
  expect(requests).toHaveLength(1);
});

test("a call is sent at most four times, or as often as set", async () => {
  const { http, props, requests } = client({ status: 503 });
  expect((await failure(http, READ)).attempts).toBe(4);
  expect(requests).toHaveLength(4);
  await failure(new ResilientFetch({ ...props, retries: 1 }), READ);
  expect(requests).toHaveLength(6);
});

test.each([
  [0, [0, 0, 0]],
  [0.999, [499.5, 999, 1998]],
])("waits are anything from 0 to a limit that doubles: random %d", async (random, sleeps) => {
  const { props, clock } = client({ status: 503 });
  await failure(new ResilientFetch({ ...props, random: () => random }), READ);
  expect(clock.sleeps).toEqual(sleeps);
});

test("no wait is longer than 20 s", async () => {
  const { props, clock } = client({ status: 503 });
  await failure(new ResilientFetch({ ...props, random: () => 0.999, retries: 12 }), READ);
  expect(Math.max(...clock.sleeps)).toBe(19_980);
});

test.each([
  ["42", 42_000],
  ["0", 0],
  ["60", 60_000],
  ["Sat, 21 Nov 2026 00:00:07 GMT", 7_000],
  ["Fri, 20 Nov 2026 00:00:00 GMT", 0],
  ["soon", 0],
])("Retry-After is honoured: %s", async (header, wait) => {
  const { http, clock } = client({ status: 429, headers: { "retry-after": header } }, OK);
  await http.send(READ);
  expect(clock.sleeps[0]).toBe(wait);
});

test("jitter is added to Retry-After, so that not all calls come back at once", async () => {
  const { props, clock } = client({ status: 503, headers: { "retry-after": "3" } }, OK);
  await new ResilientFetch({ ...props, random: () => 0.5 }).send(READ);
  expect(clock.sleeps).toEqual([3_250]);
});

test.each(["61", "Sat, 21 Nov 2026 00:01:01 GMT"])(
  "a call is given up when the API asks for more than a minute: %s",
  async (header) => {
    const { http, clock, requests } = client({ status: 429, headers: { "retry-after": header } });
    await failure(http, READ);
    expect(clock.sleeps).toEqual([]);
    expect(requests).toHaveLength(1);
  },
);

test.each(
  named(
    { status: 500 },
    { status: 503, headers: { "retry-after": "1" } },
    { status: 408 },
    { status: 200, text: "<html>" },
    { status: 200, text: "" },
    NO_ANSWER,
    TIMEOUT,
  ),
)("a call that creates is not sent again after %s: it may have worked", async (_, reply) => {
  const { http, requests } = client(reply, OK);
  const { uncertain, attempts } = await failure(http, CREATE);
  expect({ uncertain, attempts }).toEqual({ uncertain: true, attempts: 1 });
  expect(requests).toHaveLength(1);
});

test("a call that creates is sent again after a 429: nothing was done", async () => {
  const { http, requests } = client({ status: 429 }, { status: 429 }, OK);
  await http.send(CREATE);
  expect(requests.map(({ body }) => body)).toEqual(Array(3).fill(CREATE.body));
});

test("the login's 400 for too many requests is a reason to wait, and no other 400 is", async () => {
  const body = { error: "invalid_request", error_description: "rate limit exceeded; wait" };
  const many = client({ status: 400, body }, OK);
  await many.http.send(CREATE);
  expect(many.requests).toHaveLength(2);
  // Its limit is per minute, and it does not say how long to wait.
  const refused = client({ status: 400, body });
  await failure(refused.http, CREATE);
  expect(refused.clock.sleeps).toEqual([20_000, 20_000, 20_000]);
  const late = client({ status: 400, body });
  await failure(new ResilientFetch({ ...late.props, random: () => 0.5 }), CREATE);
  expect(late.clock.sleeps).toEqual([30_000, 30_000, 30_000]);
  const other = client({ status: 400, body: { ...body, error_description: "no grant" } }, OK);
  await failure(other.http, CREATE);
  expect(other.requests).toHaveLength(1);
});

test("a redirect is not followed: its target would get the credential", async () => {
  const headers = { location: "http://elsewhere.test/" };
  const { http, requests } = client({ status: 302, headers });
  expect((await failure(http, READ)).message).toBe(
    "GET /api/v2/things: HTTP 302 redirects are not followed",
  );
  expect(requests.map(({ redirect }) => redirect)).toEqual(["manual"]);
});

describe("an answer that repeats the credential is not shown:", () => {
  const basic = `Basic ${Buffer.from("test-client:test-secret-of-master").toString("base64")}`;
  const login: Call = { ...READ, headers: { authorization: basic } };
  const echo = "got test-secret-of-master";

  test.each([
    ["its description", { error: "invalid_client", error_description: echo }],
    ["its message", { code: "bad", message: echo }],
    ["its message, in base64", { code: "bad", message: `got ${basic}` }],
    ["its code", { code: "test-secret-of-master" }],
    ["its error", { error: "test-secret-of-master" }],
  ])("%s", async (_, body) => {
    const { http } = client({ status: 401, body });
    const { message, code } = await failure(http, login);
    expect(`${message} ${code}`).toMatch(/^GET \/api\/v2\/things: HTTP 401/);
    expect(`${message} ${code}`).not.toContain("test-secret");
    expect(message).not.toContain(basic.split(" ")[1]);
  });

  test("other words are", async () => {
    const { http } = client({ status: 403, body: { code: "denied", message: "no role-1" } });
    expect((await failure(http, login)).message).toContain("HTTP 403 denied no role-1");
  });
});

test("an answer that is not JSON is a failure, even with a 200", async () => {
  const { http, requests } = client({ status: 200, text: "<html>a proxy's page</html>" });
  const { message } = await failure(http, READ);
  expect(message).toContain("not JSON");
  expect(message).not.toContain("proxy");
  expect(requests).toHaveLength(4);
});

test("an empty answer is a failure", async () => {
  const { http } = client({ status: 200, text: "" });
  expect((await failure(http, READ)).message).toContain("not JSON");
});

test("the answer to a delete may be empty", async () => {
  const { http } = client({ status: 200, text: "" });
  await expect(http.send({ ...READ, method: "DELETE" })).resolves.toEqual({
    status: 200,
    body: null,
  });
});

test.each([202, 204])("an answer may be empty where the status says so: %d", async (status) => {
  const { http, requests } = client({ status, text: "" });
  await expect(http.send({ ...READ, method: "PUT" })).resolves.toEqual({ status, body: null });
  expect(requests).toHaveLength(1);
});

test("the error has the call, the answer and the number of attempts", async () => {
  const { http } = client({
    status: 503,
    headers: { "inin-correlation-id": "test-correlation" },
    body: { code: "service.unavailable", message: "Try later" },
  });
  const error = await failure(http, READ);
  expect({ ...error, message: error.message }).toEqual({
    name: "ApiError",
    message:
      "GET /api/v2/things: HTTP 503 service.unavailable Try later (4 attempts, correlation id test-correlation)",
    call: "GET /api/v2/things",
    status: 503,
    code: "service.unavailable",
    correlationId: "test-correlation",
    attempts: 4,
    uncertain: true,
  });
});

test("a final 429 is certain: the API did nothing", async () => {
  const { http } = client({ status: 429 });
  expect((await failure(http, CREATE)).uncertain).toBe(false);
});

test("a call stays uncertain after an uncertain attempt, whatever the next one says", async () => {
  const { http } = client(NO_ANSWER, { status: 400 });
  const { status, uncertain } = await failure(http, { ...READ, method: "PUT", body: "{}" });
  expect({ status, uncertain }).toEqual({ status: 400, uncertain: true });
});

test.each(named({ status: 400 }, { status: 503 }, { status: 200, text: "test-token" }, NO_ANSWER))(
  "the error never contains the request: %s",
  async (_, reply) => {
    const { http, reported } = client(reply);
    const { stack, ...fields } = await failure(http, CREATE);
    expect(`${stack} ${JSON.stringify(fields)}`).not.toMatch(/test-token|test-body|key=value/);
    expect(reported).toHaveLength(1);
  },
);

test("onGiveUp is called once for each call that is given up, with the error that is thrown", async () => {
  const { http, reported } = client({ status: 503 }, { status: 503 }, { status: 404 });
  const error = await failure(http, READ);
  expect(reported).toEqual([error]);
});

test("while the breaker is open nothing is sent, and onGiveUp is called", async () => {
  const { http, clock, requests, reported } = client(...Array(20).fill({ status: 500 }), OK);
  for (let number = 0; number < 20; number++) await failure(http, CREATE);
  expect(reported).toHaveLength(20);
  clock.advance(10_000);
  const error = await http.send(READ).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(BreakerOpenError);
  expect(error.message).toContain("GET /api/v2/things was not sent");
  expect(error.message).toContain("20 s");
  expect(requests).toHaveLength(20);
  expect(reported.at(-1)).toBe(error);
  clock.advance(20_000);
  await expect(http.send(READ)).resolves.toMatchObject({ status: 200 });
});

test("while one call probes whether the API works again, all others are refused", async () => {
  const { props, clock } = client();
  const answers: ((reply: Response) => void)[] = [];
  let sent = 0;
  const fetch = () => {
    if (++sent <= 20) return Promise.resolve(new Response("{}", { status: 500 }));
    return new Promise<Response>((done) => answers.push(done));
  };
  const http = new ResilientFetch({ ...props, fetch });
  for (let number = 0; number < 20; number++) await failure(http, CREATE);
  clock.advance(30_000);
  const probe = http.send(READ);
  for (let number = 0; number < 3; number++) {
    await expect(http.send(READ)).rejects.toBeInstanceOf(BreakerOpenError);
  }
  expect(sent).toBe(21);
  answers[0]?.(new Response("{}"));
  await expect(probe).resolves.toMatchObject({ status: 200 });
});

test("answers that are the caller's fault, and 429, do not open the breaker", async () => {
  for (const status of [400, 404, 429]) {
    const { props, requests } = client({ status });
    const http = new ResilientFetch({ ...props, retries: 0 });
    for (let number = 0; number < 40; number++) await failure(http, READ);
    expect(requests).toHaveLength(40);
  }
});

test("a call that was sent before the breaker opened fails with its answer, not as unsent", async () => {
  const { http, reported } = client({ status: 503 });
  for (let number = 0; number < 19; number++) await failure(http, CREATE);
  const { status, attempts, uncertain } = await failure(http, READ);
  expect({ status, attempts, uncertain }).toEqual({ status: 503, attempts: 1, uncertain: true });
  expect(reported).toHaveLength(20);
});
