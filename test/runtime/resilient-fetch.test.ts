import { ApiError, BreakerOpenError, resilientFetch } from "../../lib/runtime";
import { SleepDiary } from "../support/fakes/scripted-fetch";

const URL = "http://api.test/api/v2/things?key=test-secret";

type Reply = Error | (() => Response);
const status = (code: number, headers: Record<string, string> = {}) =>
  Object.assign(() => new Response("{}", { status: code, headers }), { toString: () => `${code}` });
const OK = status(200);
const NO_ANSWER = new TypeError("fetch failed: test-secret");

function client(...script: Reply[]) {
  const clock = new SleepDiary();
  const sent: Request[] = [];
  const bodies: string[] = [];
  const reported: Error[] = [];
  const fetch = (async (request: Request) => {
    const reply = script[Math.min(sent.length, script.length - 1)];
    sent.push(request);
    bodies.push(await request.text());
    if (reply === undefined || reply instanceof Error) throw reply;
    return reply();
  }) as typeof globalThis.fetch;
  const resilient = resilientFetch({
    clock,
    fetch,
    random: () => 0.5,
    onGiveUp: (error) => reported.push(error),
  });
  return { fetch: resilient, clock, sent, bodies, reported };
}

test.each([408, 429, 500, 502, 503, 504])("a GET is sent again after %d", async (code) => {
  const { fetch, sent, reported } = client(status(code), OK);
  expect((await fetch(URL)).status).toBe(200);
  expect([sent.length, reported]).toEqual([2, []]);
});

test.each([400, 401, 403, 404, 409, 501])("%d is an answer, and not sent again", async (code) => {
  const { fetch, sent, reported } = client(status(code), OK);
  expect((await fetch(URL)).status).toBe(code);
  expect([sent.length, reported]).toEqual([1, []]);
});

test.each(["POST", "PATCH"])("a %s is sent again only after 429, with its body", async (method) => {
  const init = { method, body: "test-body" };
  const refused = client(status(429, { "retry-after": "7" }), OK);
  expect((await refused.fetch(URL, init)).status).toBe(200);
  expect(refused.bodies).toEqual(["test-body", "test-body"]);
  expect(refused.clock.sleeps).toContain(7250);
  for (const reply of [status(503), NO_ANSWER]) {
    const uncertain = client(reply, OK);
    await uncertain.fetch(URL, init).catch(() => {});
    expect(uncertain.sent).toHaveLength(1);
    expect(uncertain.reported).toHaveLength(1);
  }
});

test("waits grow, and end; the last answer is returned, and reported without the query", async () => {
  const { fetch, clock, sent, reported } = client(status(503, { "inin-correlation-id": "one" }));
  expect((await fetch(URL)).status).toBe(503);
  expect(clock.sleeps).toEqual([250, 500, 1000]);
  expect(sent).toHaveLength(4);
  expect(reported).toEqual([expect.any(ApiError)]);
  expect(reported[0]?.message).toBe("GET /api/v2/things: HTTP 503 (4 attempts)");
  expect(reported[0]).toMatchObject({ correlationId: "one", uncertain: true });
});

test("a lost answer is an ApiError in the end, without the words of the network", async () => {
  const { fetch, reported } = client(NO_ANSWER);
  const error = await fetch(URL).catch((thrown) => thrown);
  expect(error.message).toBe("GET /api/v2/things: no answer (TypeError) (4 attempts)");
  expect(reported).toEqual([error]);
});

test("a wait of more than a minute is for the caller, and other calls do not sleep for it", async () => {
  const { fetch, sent, clock } = client(status(429, { "retry-after": "3600" }), OK);
  expect((await fetch(URL)).status).toBe(429);
  expect(sent).toHaveLength(1);
  expect((await fetch(URL)).status).toBe(200);
  expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(60_000);
});

test("a call that its caller gives up is not sent again, and is no failure of the API", async () => {
  const controller = new AbortController();
  const { fetch, sent, reported } = client(NO_ANSWER);
  controller.abort();
  await expect(fetch(URL, { signal: controller.signal })).rejects.toThrow();
  expect(sent.length).toBeLessThanOrEqual(1);
  expect(reported).toEqual([]);
});

test("no call is sent while the API fails, and then one tries", async () => {
  const { fetch, clock, sent, reported } = client(...Array(24).fill(status(503)), OK);
  for (let call = 0; call < 6; call++) await fetch(URL).catch(() => {});
  const before = sent.length;
  await expect(fetch(URL)).rejects.toThrow(BreakerOpenError);
  expect(sent).toHaveLength(before);
  expect(reported.at(-1)).toBeInstanceOf(BreakerOpenError);
  clock.advance(30_000);
  await fetch(URL).catch(() => {});
  expect(sent.length).toBeGreaterThan(before);
});

test("280 calls in a minute are sent at once, and the next one waits", async () => {
  const { fetch, clock } = client(OK);
  for (let call = 0; call < 280; call++) await fetch(URL);
  expect(clock.sleeps).toEqual([]);
  await fetch(URL);
  expect(clock.sleeps).toEqual([60_000]);
});
