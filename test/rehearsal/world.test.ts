import { canariesOf, worldOf } from "../../lib/rehearsal";
import { canary } from "../../lib/rehearsal/world";
import { orgReport } from "./reports";

describe("worldOf", () => {
  test("gives each org its deployer, its planner and its rotator's master at their conventional paths", () => {
    const world = worldOf({ orgs: [orgReport("na-prod")] });
    expect(world.vault.map(({ name }) => name)).toEqual([
      "genesys/production/na-prod/deployer",
      "genesys/production/na-prod/planner",
      "genesys/production/na-prod/master",
    ]);
    expect(world.clients).toMatchObject([
      { org: "na-prod", credential: "deployer", viewOnly: false },
      { org: "na-prod", credential: "planner", viewOnly: true },
      { org: "na-prod", credential: "master", viewOnly: false },
    ]);
  });

  test("puts the client's id, secret, organisation and region into the entry", () => {
    const world = worldOf({ orgs: [orgReport("na-prod")] });
    const [client] = world.clients;
    expect(world.vault[0]?.data).toEqual({
      client_id: client?.id,
      client_secret: client?.secret,
      org_id: client?.organizationId,
      region: "us-east-1",
    });
  });

  test("adds a custom path for the org that names it", () => {
    const org = orgReport("na-prod", { deployer: "teams/na/deployer" });
    const { vault, clients } = worldOf({ orgs: [org] });
    const custom = vault.find(({ name }) => name === "teams/na/deployer");
    expect(custom?.data.client_secret).toBe(clients[0]?.secret);
    expect(vault).toHaveLength(4);
  });

  test("leaves a conventional path to its owner when another org names it", () => {
    const eu = "genesys/production/eu-prod/deployer";
    const na = "genesys/production/na-prod/deployer";
    const orgs = [orgReport("na-prod", { deployer: eu }), orgReport("eu-prod", { deployer: na })];
    const { vault } = worldOf({ orgs });
    const ownerOf = (path: string) => vault.find(({ name }) => name === path)?.data.client_secret;
    expect(ownerOf(eu)).toBe(canary("rehearsal", "eu-prod", "deployer"));
    expect(ownerOf(na)).toBe(canary("rehearsal", "na-prod", "deployer"));
  });

  test("keeps the same path at two Vault servers, mounts or namespaces apart", () => {
    const orgs = [
      orgReport("a", { deployer: "shared" }),
      orgReport("b", { deployer: "shared", address: "https://other.example.com" }),
      orgReport("c", { deployer: "shared", mount: "kv" }),
      orgReport("d", { deployer: "shared", namespace: "team" }),
    ];
    const shared = worldOf({ orgs }).vault.filter(({ name }) => name === "shared");
    expect(new Set(shared.map(({ data }) => data.client_secret)).size).toBe(4);
  });

  test("gives every credential a secret of its own, the same for the same seed", () => {
    const orgs = [orgReport("na-prod"), orgReport("eu-prod")];
    const secrets = canariesOf(worldOf({ orgs }, "one")).map(({ value }) => value);
    expect(new Set(secrets).size).toBe(6);
    expect(canariesOf(worldOf({ orgs }, "one")).map(({ value }) => value)).toEqual(secrets);
    expect(canariesOf(worldOf({ orgs }, "two")).map(({ value }) => value)).not.toEqual(secrets);
  });
});

test("an org with its own credentials in Secrets Manager has secrets, and no entries in Vault", () => {
  const credentials = {
    source: "aws-secrets-manager",
    deployer: "/genesys/production/eu-prod/_deployer",
    planner: "/genesys/production/eu-prod/_planner",
    master: "/genesys/production/eu-prod/_master",
  } as const;
  const eu = orgReport("eu-prod", {}, { vault: undefined, credentials });
  const { vault, secrets, clients } = worldOf({ orgs: [eu] });
  expect(vault).toEqual([]);
  expect(
    secrets?.map(({ account, region, name, data }) => [account, region, name, data.client_secret]),
  ).toEqual(
    clients.map(({ credential, secret }) => [
      "111111111111",
      "us-east-1",
      credentials[credential],
      secret,
    ]),
  );
});
