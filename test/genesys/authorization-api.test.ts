import { AuthorizationApi } from "../../lib/genesys/authorization-api";
import { PlatformApi } from "../../lib/genesys/platform-api";
import { FakeClock } from "../support/fakes/fake-clock";
import { FAKE_ENDPOINTS, FakeGenesys } from "../support/fakes/fake-genesys";

function scene() {
  const clock = new FakeClock();
  const genesys = new FakeGenesys({ clock });
  const api = new PlatformApi({
    region: "eu-central-1",
    accessToken: genesys.grants.administratorToken,
    endpoints: FAKE_ENDPOINTS,
    fetch: genesys.fetch,
    clock,
  });
  return { genesys, authorization: new AuthorizationApi(api) };
}

test("a role is found by its exact name, on whichever page of the API's filter it is", async () => {
  const { genesys, authorization } = scene();
  const others = Array.from({ length: 150 }, (_, index) => ({
    id: `role-${index}`,
    name: `Production-Crm${index}`,
  }));
  const wanted = { id: "role-crm", name: "Production-Crm" };
  genesys.grants.roles.push({ id: "role-lower", name: "production-crm" }, ...others, wanted);
  expect(await authorization.role("Production-Crm")).toEqual(wanted);
  expect(await authorization.role("Production-Cr")).toBeUndefined();
});

test("a client is given roles as a client, in addition to those that it has", async () => {
  const { genesys, authorization } = scene();
  const before = { roleId: "role-a", divisionId: "home" };
  const { id } = genesys.seed({ name: "master", roleDivisions: [before] });
  genesys.grants.roles.push({ id: "role-b", name: "B" });
  const more = { roleId: "role-b", divisionId: "*" };
  await authorization.grant(id, [more]);
  expect(genesys.grants.heldBy(id)).toEqual([before, more]);
  expect(await authorization.grantsOf(id)).toMatchObject([
    { role: { id: "role-a" }, division: { id: "home" } },
    { role: { id: "role-b" }, division: { id: "*" } },
  ]);
});
