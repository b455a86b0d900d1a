import { ApiError } from "../../../lib/http/api-error";
import { JWT_VARIABLE, LoginRefusedError, loginByJwt } from "../../../lib/vault/client/jwt-login";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeVault, VAULT_TOKEN, type VaultFault } from "../../support/fakes/fake-vault";

const ROLE = "genesys-na-prod-rotate";

function logIn(patch: object = {}, ...faults: VaultFault[]) {
  const clock = new FakeClock();
  const vault = new FakeVault({
    clock,
    jwtRoles: { [ROLE]: "test-secret-jwt" },
    fault: () => faults.shift() ?? "none",
  });
  const place = { address: "https://vault.example.com", clock, fetch: vault.fetch };
  const login = { mount: "jwt", role: ROLE, jwt: "test-secret-jwt", ...patch };
  return { vault, token: loginByJwt(place, login) };
}

test("a login gets a token", async () => {
  const { vault, token } = logIn();
  expect(await token).toBe(VAULT_TOKEN);
  expect(vault.calls).toEqual(["POST auth/jwt/login"]);
});

test.each([
  ["role", { role: "nobody" }],
  ["JWT", { jwt: "test-secret-other" }],
  ["mount", { mount: "github" }],
])("a %s that Vault refuses", async (_what, patch) => {
  const error = await logIn(patch).token.catch((thrown) => thrown);
  expect(error).toBeInstanceOf(LoginRefusedError);
  expect(error.message).toContain(`bound_claims are not those of the JWT in ${JWT_VARIABLE}`);
  expect(error.message).not.toContain("test-secret");
});

test("a login without an answer is not repeated: it may have made a token", async () => {
  const { vault, token } = logIn({}, "no answer");
  await expect(token).rejects.toThrow(ApiError);
  expect(vault.calls).toHaveLength(1);
});
