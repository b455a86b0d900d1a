import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing } from "cdktf";
import {
  BrokeredOAuthClient,
  type Org,
  OrgStack,
  VaultAccessStack,
  VaultGenesysEngine,
} from "../../lib";
import { reportOrg } from "../../lib/registry/report";
import { GenesysCredentials } from "../../lib/runtime";
import { vaultLease } from "../../lib/runtime/vault";
import { run } from "../cli/run";
import { temporaryFolder } from "../support/folders";
import { fakeProject } from "../support/project";
import { entry, testApp } from "../support/sample-org";
import { homeRegistry } from "../support/state-stacks";
import { applyAccess } from "../support/vault/apply-access";
import { BROKER_MISSING, PLUGIN, pluginClock, startBrokerVault } from "../support/vault/broker";
import { BrokerOrg, GENESYS_ROLE } from "../support/vault/broker-org";
import type { VaultServer } from "../support/vault/vault-server";

const SPEED = 60;
const MOUNT = "genesyscloud/na-prod";
const ENTRY = "secret/data/genesys/production/na-prod/broker";

type Blocks = Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;

const soon = () => new Promise((done) => setTimeout(done, 20));

if (BROKER_MISSING) {
  test.skip(BROKER_MISSING, () => {});
} else {
  let vault: VaultServer;
  let genesys: BrokerOrg;
  let storage: string;
  let org: Org;
  let role: { path: string; data: Record<string, unknown> };

  beforeAll(async () => {
    storage = mkdtempSync(join(tmpdir(), "genesys-orgs-broker-access-"));
    vault = await startBrokerVault(SPEED, storage);
    await vault.mountKv("secret");
    genesys = await BrokerOrg.start(pluginClock(SPEED));
    org = homeRegistry([
      entry("na-prod", 1, {
        organizationId: genesys.genesys.orgId,
        vault: { address: vault.address },
        oauthClients: [
          { name: "crm-sync", roles: [GENESYS_ROLE], divisions: ["*"], broker: { creds: true } },
          { name: "exporter", roles: [GENESYS_ROLE], divisions: ["*"], broker: {} },
        ],
      }),
    ]).get("na-prod");
    await applyAccess(vault, org);
    await applyEngine();
    role = engineRole("crm-sync");
  }, 60_000);
  afterAll(async () => {
    await genesys?.stop();
    await vault?.stop();
    rmSync(storage, { recursive: true, force: true });
  });

  /** Mounts the engine and writes its policies, as Terraform does when it applies the access stack. */
  async function applyEngine() {
    const stack = new VaultAccessStack(testApp(temporaryFolder()), org);
    new VaultGenesysEngine(stack, "engine", { org, plugin: PLUGIN });
    const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Blocks };
    const [mount] = Object.values(resource.vault_mount ?? {});
    await vault.must("POST", `sys/mounts/${mount?.path}`, {
      type: mount?.type,
      config: {
        max_lease_ttl: `${mount?.max_lease_ttl_seconds}s`,
        audit_non_hmac_response_keys: mount?.audit_non_hmac_response_keys,
      },
    });
    for (const { name, policy } of Object.values(resource.vault_policy ?? {})) {
      await vault.must("PUT", `sys/policies/acl/${name}`, { policy });
    }
  }

  /** What the org's stack writes as a role of the engine. */
  function engineRole(name: string) {
    const stack = new OrgStack(testApp(temporaryFolder()), org, { clientsElsewhere: ["exporter"] });
    for (const client of org.brokeredClients) new BrokeredOAuthClient(stack, client.name, client);
    const { resource } = JSON.parse(JSON.stringify(stack.toTerraform())) as { resource: Blocks };
    const blocks = Object.values(resource.vault_generic_endpoint ?? {});
    const { path, data_json } = blocks.find(({ path }) => `${path}`.endsWith(`/${name}`)) ?? {};
    return { path: `${path}`, data: JSON.parse(`${data_json}`) };
  }

  const tokenOf = (...policies: string[]) => vault.token(policies);

  const configure = async (...args: string[]) => {
    const project = fakeProject({ orgs: [reportOrg(org, "synthesized", "synthesized")] });
    const VAULT_TOKEN = await tokenOf("genesys-na-prod-broker");
    return run(project, ["broker", "configure", "na-prod", ...args], { VAULT_TOKEN });
  };

  test("the deployer writes the engine's roles before it has an organisation; they read as they were written", async () => {
    const [deployer, planner] = [
      await tokenOf("genesys-na-prod-deployer"),
      await tokenOf("genesys-na-prod-planner"),
    ];
    expect((await vault.send("PUT", role.path, role.data, planner)).status).toBe(403);
    await vault.must("PUT", role.path, role.data, deployer);
    for (const token of [deployer, planner]) {
      expect((await vault.must("GET", role.path, undefined, token)).data).toEqual(role.data);
    }
    const { status, body } = await vault.send("GET", `${MOUNT}/token/crm-sync`);
    expect([status, body.errors.join()]).toEqual([
      400,
      expect.stringContaining("write its config first"),
    ]);
  });

  test("who configures the engine gives it the entry's client, and then a master that only Vault knows", async () => {
    const given = genesys.master();
    const { org_id, region, api_url, login_url } = genesys.addresses;
    // The command knows no addresses on loopback: the engine has them from before.
    const first = genesys.master();
    await vault.must("PUT", `${MOUNT}/config`, {
      ...{ org: "before", org_id, region, api_url, login_url },
      client_id: first.id,
      client_secret: first.secret,
    });
    await vault.must("POST", ENTRY, {
      data: { client_id: given.id, client_secret: given.secret, org_id },
    });
    const { code, stdout, stderr } = await configure("--replace-master", "--retire-given");
    expect([code, stderr]).toEqual([0, ""]);
    const { data } = await vault.must("GET", `${MOUNT}/config`);
    expect(data).toMatchObject({ org: "na-prod", own_master: true, most_clients: 400 });
    expect(stdout).toBe(
      `na-prod: write the organisation and client ${given.id} as master to ${MOUNT}/config, with at most 400 OAuth clients\n` +
        `na-prod: give the engine client ${data.client_id} of its own as master, and retire client ${given.id}\n`,
    );
    expect((await configure()).stdout).toContain(`the master ${data.client_id} stays`);
    await vault.must("PUT", `${MOUNT}/tidy`);
    expect(genesys.genesys.clients.get(given.id)?.fields.state).toBe("inactive");
  });

  test("a client of another organisation is refused in the engine's words, and the master stays", async () => {
    const before = await vault.must("GET", `${MOUNT}/config`);
    const other = await BrokerOrg.start(pluginClock(SPEED), { orgId: "2".repeat(8) });
    const { id, secret } = other.master();
    const org_id = org.organizationId;
    await vault.must("POST", ENTRY, { data: { client_id: id, client_secret: secret, org_id } });
    const { code, stderr } = await configure("--replace-master");
    await other.stop();
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(
          `^na-prod: PUT ${MOUNT}/config of \\S+: HTTP 400 org na-prod: .*client_id ${id}`,
        ),
      ),
    ]);
    expect(stderr).not.toContain(secret);
    expect((await vault.must("GET", `${MOUNT}/config`)).data).toEqual(before.data);
  });

  test("consumers get what their policy says, and can end it; nobody else gets anything", async () => {
    const consumer = await tokenOf("genesys-na-prod-consumer-crm-sync");
    const read = (path: string, token: string) =>
      vault.send("GET", `${MOUNT}/${path}`, undefined, token);
    for (const path of ["token/crm-sync", "creds/crm-sync"]) {
      const { status, body } = await read(path, consumer);
      expect([path, status]).toEqual([path, 200]);
      const lease = { lease_id: body.lease_id };
      expect((await vault.send("PUT", "sys/leases/revoke", lease, consumer)).status).toBe(204);
      for (const policy of [
        "deployer",
        "planner",
        "rotate",
        "operators",
        "broker",
        "consumer-exporter",
      ]) {
        const other = await tokenOf(`genesys-na-prod-${policy}`);
        expect([policy, path, (await read(path, other)).status]).toEqual([policy, path, 403]);
      }
    }
    for (const path of ["config", "roles/crm-sync", "token/exporter"]) {
      expect([path, (await read(path, consumer)).status]).toEqual([path, 403]);
    }
  });

  test.each(["token", "creds"] as const)(
    "an integration calls the Platform API with a lease of kind %s, and ends it when it stops",
    async (kind) => {
      const token = await tokenOf("genesys-na-prod-consumer-crm-sync");
      const credentials = new GenesysCredentials({
        lease: vaultLease({ address: vault.address, mount: MOUNT, role: "crm-sync", kind, token }),
        endpoints: { api: genesys.addresses.api_url, login: genesys.addresses.login_url },
      });
      const response = await credentials.fetchWithToken("/api/v2/tokens/me");
      expect(response.status).toBe(200);
      const used = await credentials.token();
      expect(genesys.genesys.accepts(used)).toBe(true);
      await credentials.close();
      // Vault revokes it after its answer.
      const leases = `sys/leases/lookup/${MOUNT}/${kind}/crm-sync`;
      while ((await vault.send("LIST", leases)).status !== 404) await soon();
      if (kind === "token") expect(genesys.genesys.accepts(used)).toBe(false);
      expect(genesys.trespasses()).toEqual([]);
    },
  );
}
