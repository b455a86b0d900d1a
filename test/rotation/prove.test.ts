import type { TokenOwner } from "../../lib/genesys/models";
import { ApiError } from "../../lib/http/api-error";
import { prove } from "../../lib/rotation/prove";
import { FakeClock } from "../support/fakes/fake-clock";

const refusal = (status: number, code?: string) =>
  new ApiError(`POST /oauth/token: HTTP ${status} ${code}`, "", status, code, "", 1, false);

/** Proves a credential for client `c` of organisation `o` with these answers, the last one for ever. */
async function proof(...answers: (ApiError | TokenOwner)[]): Promise<number> {
  const clock = new FakeClock(0);
  const tokenOwner = async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer as TokenOwner;
  };
  await prove({ api: { tokenOwner }, clientId: "c", orgId: "o", what: "it", clock });
  return clock.now();
}

const owner = (client: string | undefined, organization: string): TokenOwner => ({
  organization: { id: organization },
  ...(client && { OAuthClient: { id: client } }),
});

test("a credential of the expected client and organisation is proven at once", async () => {
  expect(await proof(owner("c", "o"))).toBe(0);
});

test.each([
  ["another client", owner("other", "o")],
  ["another organisation", owner("c", "other")],
  ["no client", owner(undefined, "o")],
])("a credential of %s is not", async (_, answer) => {
  await expect(proof(answer)).rejects.toThrow("must belong to client c in organisation o");
});

test.each([
  [401, "invalid_client"],
  [401, undefined],
  [400, "invalid_client"],
])("a client that may be too new (%s %s) is waited for", async (status, code) => {
  expect(await proof(refusal(status, code), owner("c", "o"))).toBe(5_000);
  await expect(proof(refusal(status, code))).rejects.toThrow(`HTTP ${status}`);
});

test.each([
  [400, "invalid_request"],
  [403, "invalid_client"],
])("another refusal (%s %s) is not waited for", async (status, code) => {
  await expect(proof(refusal(status, code), owner("c", "o"))).rejects.toThrow(`HTTP ${status}`);
});

test("a new client is waited for during a minute, and no longer", async () => {
  const refusals = (count: number) => Array.from({ length: count }, () => refusal(401));
  expect(await proof(...refusals(12), owner("c", "o"))).toBe(60_000);
  await expect(proof(...refusals(13), owner("c", "o"))).rejects.toThrow("HTTP 401");
});
