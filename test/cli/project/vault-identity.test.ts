import { vaultIdentity } from "../../../lib/cli/project/vault-identity";
import { orgReport } from "../../rehearsal/reports";

const JWT = "test-secret-jwt";
const REQUEST = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://actions.example.com/token?version=1",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "test-secret-request-token",
};
const org = orgReport("na-prod", { auth: { method: "jwt" } });

/** Answers as GitHub does. */
const github = (status: number, body: object) =>
  jest.fn(async () => new Response(JSON.stringify(body), { status })) as jest.Mock & typeof fetch;

test("a job of GitHub gets a new token for the address of Vault", async () => {
  const fetch = github(200, { value: JWT });
  expect(await vaultIdentity(REQUEST, org, fetch)).toEqual({ TERRAFORM_VAULT_AUTH_JWT: JWT });
  expect(fetch).toHaveBeenCalledWith(
    "https://actions.example.com/token?version=1&audience=https%3A%2F%2Fvault.example.com",
    expect.objectContaining({ headers: { authorization: "Bearer test-secret-request-token" } }),
  );
});

test("a token that the environment has is used", async () => {
  const fetch = github(500, {});
  const env = { ...REQUEST, TERRAFORM_VAULT_AUTH_JWT: JWT };
  expect(await vaultIdentity(env, org, fetch)).toEqual({ TERRAFORM_VAULT_AUTH_JWT: JWT });
  expect(fetch).not.toHaveBeenCalled();
});

test("another login, and a machine that is not in GitHub, need none", async () => {
  const fetch = github(500, {});
  expect(await vaultIdentity(REQUEST, orgReport("a"), fetch)).toEqual({});
  expect(await vaultIdentity({}, org, fetch)).toEqual({});
  expect(fetch).not.toHaveBeenCalled();
});

test("a job without the permission is told so, without the token", async () => {
  const refused = vaultIdentity(REQUEST, org, github(403, { message: "no" }));
  await expect(refused).rejects.toThrow(
    /^na-prod: GET the identity token of GitHub: HTTP 403 no.*`id-token: write`$/,
  );
  await expect(vaultIdentity(REQUEST, org, github(200, {}))).rejects.toThrow(
    "na-prod: the answer of GitHub has no identity token: run the job again",
  );
});
