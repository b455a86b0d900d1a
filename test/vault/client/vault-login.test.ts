import { ApiError } from "../../../lib/http/api-error";
import { LoginRefusedError, logIn } from "../../../lib/vault/client/vault-login";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FakeVault, VAULT_TOKEN, type VaultFault } from "../../support/fakes/fake-vault";

const ROLE = "genesys-na-prod-rotate";

function attempt(
  patch: { mount?: string; role?: string; jwt?: string } = {},
  ...faults: VaultFault[]
) {
  const clock = new FakeClock();
  const vault = new FakeVault({
    clock,
    jwtRoles: { [ROLE]: "test-secret-jwt" },
    fault: () => faults.shift() ?? "none",
  });
  const place = { address: "https://vault.example.com", clock, fetch: vault.fetch };
  const { mount = "jwt", ...proof } = { role: ROLE, jwt: "test-secret-jwt", ...patch };
  return { vault, token: logIn(place, { mount, role: proof.role, proof }) };
}

test("a login gets a token", async () => {
  const { vault, token } = attempt();
  expect(await token).toBe(VAULT_TOKEN);
  expect(vault.calls).toEqual(["POST auth/jwt/login"]);
});

test.each([
  ["role", { role: "nobody" }, /: this role or the mount does not exist, .*: correct the role/],
  ["JWT", { jwt: "test-secret-other" }, /: this role or the mount does not exist, .*: correct/],
  ["mount", { mount: "github" }, /: nothing is mounted there, .*: enable the auth method/],
])("a %s that Vault refuses", async (_what, patch, why) => {
  const error = await attempt(patch).token.catch((thrown) => thrown);
  expect(error).toBeInstanceOf(LoginRefusedError);
  expect(error.message).toMatch(/refuses a login at auth\/\S+\/login as \S+: /);
  expect(error.message).toMatch(why);
  expect(error.message).not.toContain("test-secret");
});

test("a login without an answer is not repeated: it may have made a token", async () => {
  const { vault, token } = attempt({}, "no answer");
  await expect(token).rejects.toThrow(ApiError);
  expect(vault.calls).toHaveLength(1);
});
