import { type BreakerOpenError, PlatformApiError } from "../../lib/genesys/errors";
import { type Call, type ResilienceProps, ResilientFetch } from "../../lib/genesys/resilient-fetch";
import { FakeClock } from "../support/fakes/fake-clock";

type Reply = { status: number; body?: string; headers?: Record<string, string> } | Error;

const OK: Reply = { status: 200, body: '{"id":"1"}' };
const GET: Call = { method: "GET", url: "http://api.test/x", name: "GET /x", headers: {} };
const CREATE: Call = {
  ...GET,
  method: "POST",
  name: "POST /x",
  creates: true,
  body: "test-secret",
};

/** An API that gives these answers one after the other, and the last one for ever. */
function scene(replies: Reply[], props: ResilienceProps = {}) {
  const clock = new FakeClock();
  const start = clock.now();
  const gaveUp: (PlatformApiError | BreakerOpenError)[] = [];
  let sent = 0;
  const send = (async () => {
    const reply = replies[Math.min(sent++, replies.length - 1)] as Reply;
    if (reply instanceof Error) throw reply;
    const { status, body = "{}", headers = {} } = reply;
    return new Response(status === 204 ? null : body, { status, headers });
  }) as typeof fetch;
  const http = new ResilientFetch({
    clock,
    fetch: send,
    random: () => 0.999_999,
    timeout: Number.POSITIVE_INFINITY,
    onGiveUp: (error) => gaveUp.push(error),
    ...props,
  });
  return { http, clock, gaveUp, sent: () => sent, waited: () => clock.now() - start };
}

const failure = async (call: Promise<unknown>): Promise<PlatformApiError> => {
  const error = await call.catch((thrown: unknown) => thrown);
  if (error instanceof PlatformApiError) return error;
  throw new Error(`no PlatformApiError: ${String(error)}`);
};

describe("a call that can be repeated", () => {
  test.each<[string, Reply]>([
    ["408", { status: 408 }],
    ["429", { status: 429 }],
    ["500", { status: 500 }],
    ["503", { status: 503 }],
    ["no answer", new TypeError("fetch failed")],
    ["an answer that is no JSON", { status: 200, body: "<html>" }],
    [
      "the login's own way to say 429",
      {
        status: 400,
        body: '{"error":"invalid_request","error_description":"rate limit exceeded; wait"}',
      },
    ],
  ])("is repeated after %s", async (_what, reply) => {
    const { http, sent } = scene([reply, OK]);
    expect(await http.send(GET)).toEqual({ status: 200, body: { id: "1" } });
    expect(sent()).toBe(2);
  });

  test.each([400, 401, 403, 404, 409, 501])("is not repeated after %d", async (status) => {
    const { http, sent } = scene([{ status }]);
    expect((await failure(http.send(GET))).status).toBe(status);
    expect(sent()).toBe(1);
  });

  test("is sent four times at most, with longer waits, of full jitter", async () => {
    const { http, sent, waited } = scene([{ status: 503 }]);
    expect((await failure(http.send(GET))).attempts).toBe(4);
    expect(sent()).toBe(4);
    expect(waited()).toBeCloseTo(500 + 1_000 + 2_000, 0);
    const none = scene([{ status: 503 }], { random: () => 0 });
    await failure(none.http.send(GET));
    expect(none.waited()).toBe(0);
  });
});

describe("Retry-After", () => {
  test("is waited for, in seconds, and a little more", async () => {
    const { http, waited } = scene([{ status: 429, headers: { "retry-after": "42" } }, OK]);
    await http.send(GET);
    expect(waited()).toBeGreaterThanOrEqual(42_000);
    expect(waited()).toBeLessThan(43_000);
  });

  test("of more than a minute is given up at once: no Lambda waits that long", async () => {
    const { http, sent } = scene([{ status: 429, headers: { "retry-after": "61" } }]);
    await failure(http.send(GET));
    expect(sent()).toBe(1);
  });
});

describe("a call that creates", () => {
  test.each<[string, Reply]>([
    ["an answer that got lost", new TypeError("fetch failed")],
    ["500", { status: 500 }],
    ["408", { status: 408 }],
    ["an answer that is no JSON", { status: 200, body: "{" }],
  ])("is not repeated after %s: it may have worked", async (_what, reply) => {
    const { http, sent } = scene([reply, OK]);
    expect((await failure(http.send(CREATE))).uncertain).toBe(true);
    expect(sent()).toBe(1);
  });

  test("is repeated after 429: that did nothing", async () => {
    const { http, sent } = scene([{ status: 429 }, OK]);
    await http.send(CREATE);
    expect(sent()).toBe(2);
  });
});

test("an error says what Genesys' support asks for, and nothing of what was sent", async () => {
  const body = '{"code":"bad.request","message":"name is taken"}';
  const { http, gaveUp } = scene([
    { status: 409, body, headers: { "inin-correlation-id": "c-1" } },
  ]);
  const error = await failure(
    http.send({ ...CREATE, headers: { authorization: "Bearer test-secret-token" } }),
  );
  expect(error).toMatchObject({
    message: "POST /x: HTTP 409 bad.request name is taken (correlation id c-1)",
    call: "POST /x",
    status: 409,
    code: "bad.request",
    correlationId: "c-1",
    attempts: 1,
    uncertain: false,
  });
  expect(gaveUp).toEqual([error]);
  expect(JSON.stringify({ ...error, stack: error.stack })).not.toContain("test-secret");
});

test("when too much fails nothing is sent, and that is told as well", async () => {
  const { http, gaveUp, sent, clock } = scene([{ status: 500 }], { retries: 0 });
  for (let call = 0; call < 20; call++) await failure(http.send(GET));
  await expect(http.send(GET)).rejects.toThrow(
    "GET /x was not sent: too many calls have failed in the last minute; the next try is in 30 s",
  );
  expect([sent(), gaveUp.length]).toEqual([20, 21]);
  clock.advance(30_000);
  await failure(http.send(GET));
  expect(sent()).toBe(21);
});

test("refusals that are no trouble do not open the breaker", async () => {
  const { http, sent } = scene([{ status: 404 }], { retries: 0 });
  for (let call = 0; call < 50; call++) await failure(http.send(GET));
  expect(sent()).toBe(50);
});

// The two edge cases of the guide on secure integrations that this client answers to.
test("rate limits exhausted at peak load: no call is lost, and the pace follows Retry-After", async () => {
  const refused: Reply = { status: 429, headers: { "retry-after": "5" } };
  const { http, waited, gaveUp } = scene([refused, refused, OK]);
  expect((await http.send(GET)).status).toBe(200);
  expect(waited()).toBeGreaterThanOrEqual(10_000);
  expect(gaveUp).toEqual([]);
});
