import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildCommands } from "../support/built-command";
import { privateCertificate } from "../support/certificates";
import { temporaryFolder } from "../support/folders";
import { applyAccess, orgInVault } from "../support/vault/apply-access";
import { CREDENTIALS, type Credential, EntriesWorld } from "../support/vault/entries-world";
import { signedJwt } from "../support/vault/signed-jwt";
import { VAULT_SERVER_MISSING, VaultServer } from "../support/vault/vault-server";

// Every call and moment: minutes. Else the calls that change something, of one entry.
const ALL = process.env.KILLS === "all";
const CHANGES = /^ask (POST|PUT|DELETE) /;
const MOMENTS = ["before", "started", "after"] as const;

if (!process.env.VAULT_SERVER) {
  test.skip(VAULT_SERVER_MISSING, () => {});
} else {
  let vault: VaultServer;
  // Longer than one test.
  let storage: string;
  const worlds: EntriesWorld[] = [];

  beforeAll(async () => {
    buildCommands();
    storage = mkdtempSync(join(tmpdir(), "genesys-orgs-vault-"));
    vault = await VaultServer.start({ storage });
    await vault.mountKv("secret");
  });
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.stop();
  });
  afterAll(async () => {
    await vault?.stop();
    rmSync(storage, { recursive: true, force: true });
  });

  const begin = async (
    ...more: Parameters<typeof EntriesWorld.start> extends [unknown, ...infer Rest] ? Rest : never
  ) => {
    const world = await EntriesWorld.start(vault, ...more);
    worlds.push(world);
    return world;
  };

  /** All entries work, another run ends well, and no client is left whose secret nobody has. */
  async function expectToGoOn(world: EntriesWorld, credential: Credential, after: string) {
    for (const each of CREDENTIALS)
      expect([after, each, await world.works(each)]).toEqual([after, each, true]);
    const { code, output } = await world.rotate(credential);
    expect([after, code, code === 0 ? "" : output]).toEqual([after, 0, ""]);
    expect([after, await world.works(credential), await world.unrecorded()]).toEqual([
      after,
      true,
      [],
    ]);
  }

  describe.each(ALL ? CREDENTIALS : (["deployer"] as const))("rotate %s", (credential) => {
    test("killed at its calls, the entry works, and another run finishes", async () => {
      const { code, calls } = await (await begin()).rotate(credential);
      expect(code).toBe(0);
      const points = calls.flatMap((call, index) =>
        ALL || CHANGES.test(call)
          ? MOMENTS.filter((when) => ALL || when !== "started").map((when) => ({
              at: index + 1,
              when,
            }))
          : [],
      );
      expect(points.length).toBeGreaterThan(ALL ? 40 : 6);
      const killed: string[] = [];
      for (const { at, when } of points) {
        const world = await begin();
        const ended = await world.rotate(credential, {}, { at, when });
        const point = `${when} ${ended.calls[at - 1]}`.replace(world.org.name, "<org>");
        expect([point, ended.code]).toEqual([point, -1]);
        await expectToGoOn(world, credential, point);
        killed.push(point);
      }
      process.stdout.write(
        `rotate ${credential}, killed at ${killed.length} points:\n${killed.join("\n")}\n`,
      );
    });
  });

  test("two at once: one version after the other, or one of them says that it came second", async () => {
    const endings: string[] = [];
    for (let pair = 1; pair <= (ALL ? 8 : 3); pair++) {
      const world = await begin();
      const both = await Promise.all([world.rotate("planner"), world.rotate("planner")]);
      for (const { code, output } of both) {
        if (code !== 0)
          expect(output).toMatch(
            /somebody else|another version is the newest|may be about to write/,
          );
      }
      endings.push(
        both
          .map(({ code }) => code)
          .sort()
          .join(" and "),
      );
      await expectToGoOn(world, "planner", `pair ${pair}`);
    }
    process.stdout.write(`pairs at once ended with ${endings.join(", ")}\n`);
  });

  const whenClientIsCreated = (world: EntriesWorld, happens: () => Promise<void>) => {
    world.onGenesys = async (call) => {
      if (call !== "POST /api/v2/oauth/clients") return;
      world.onGenesys = async () => {};
      await happens();
    };
  };

  test("sealed before it begins: nothing is created; unsealed, it goes on", async () => {
    const world = await begin();
    const before = world.genesys.clients.size;
    await vault.seal();
    const { code, output } = await world.rotate("deployer");
    const doctor = await world.doctor();
    await vault.unseal();
    expect([code, output]).toEqual([1, expect.stringContaining("HTTP 503 Vault is sealed")]);
    expect(world.genesys.clients.size).toBe(before);
    expect([doctor.code, doctor.output]).toEqual([
      1,
      expect.stringMatching(/vault token: .*Vault is sealed.*fix: make sure that .* unsealed/),
    ]);
    await expectToGoOn(world, "deployer", "sealed");
  });

  test.each([
    ["sealed", () => vault.seal(), () => vault.unseal()],
    ["killed and started again on its storage", () => vault.crash(), () => vault.restart()],
  ])(
    "Vault is %s before the write: the entry works, and another run goes on",
    async (after, happens, ends) => {
      const world = await begin();
      whenClientIsCreated(world, happens);
      const { code, output } = await world.rotate("master");
      await ends();
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(
          /version 2 of the Vault entry \S+ may still be written, and will work then\. Start again/,
        ),
      ]);
      expect((await world.read("master")).version).toBe(1);
      await expectToGoOn(world, "master", after);
    },
  );

  test("a token that has expired is named so, by rotate and by doctor", async () => {
    const world = await begin();
    world.token = await vault.token([`genesys-${world.org.name}-rotate`], { ttl: "1s" });
    while (
      (await vault.send("GET", "auth/token/lookup-self", undefined, world.token)).status === 200
    ) {
      await new Promise((done) => setTimeout(done, 50));
    }
    const { code, output } = await world.rotate("deployer");
    expect([code, output]).toEqual([
      1,
      expect.stringContaining("the token has expired, was revoked,"),
    ]);
    const doctor = await world.doctor();
    expect([doctor.code, doctor.output]).toEqual([
      1,
      expect.stringMatching(/vault token: \S+ refuses the token: it has expired, was revoked/),
    ]);
  });

  test("a token that is revoked before the write: the new client is removed, the entry stays", async () => {
    const world = await begin();
    whenClientIsCreated(world, () =>
      vault.must("POST", "auth/token/revoke", { token: world.token }),
    );
    const { code, output } = await world.rotate("deployer");
    expect([code, output]).toEqual([
      1,
      expect.stringContaining("the token has expired, was revoked,"),
    ]);
    expect([await world.unrecorded(), (await world.read("deployer")).version]).toEqual([[], 1]);
    world.token = await vault.token([`genesys-${world.org.name}-rotate`]);
    await expectToGoOn(world, "deployer", "revoked");
  });

  test("somebody else's version wins by check-and-set; the new client is removed", async () => {
    const world = await begin();
    const { id, secret } = world.genesys.seed({ name: "by hand" });
    whenClientIsCreated(world, () =>
      world.write("deployer", { client_id: id, client_secret: secret }),
    );
    const { code, output } = await world.rotate("deployer");
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(
        /somebody else wrote the Vault entry \S+ after version 1: their version stays/,
      ),
    ]);
    expect(await world.read("deployer")).toMatchObject({ client_id: id, version: 2 });
    await expectToGoOn(world, "deployer", "check-and-set");
  });

  test("a newest version that was deleted is not replaced; undeleted, it is", async () => {
    const world = await begin();
    const entry = world.org.vault.deployer;
    await vault.must("DELETE", `secret/data/${entry}`);
    const { code, output } = await world.rotate("deployer");
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/no entry \S+ below secret at \S+, or its newest version was deleted/),
    ]);
    expect((await world.doctor()).output).toContain(
      `the Vault entry secret/${entry} does not exist, or its newest version was deleted`,
    );
    await vault.must("POST", `secret/undelete/${entry}`, { versions: [1] });
    await expectToGoOn(world, "deployer", "deleted");
  });

  test("doctor: all entries with the policy of rotate; settings and audit devices with more", async () => {
    const world = await begin();
    const { code, output } = await world.doctor();
    expect([code, output]).toEqual([1, expect.stringContaining("may not use auth/token/create")]);
    for (const credential of CREDENTIALS) {
      expect(output).toMatch(new RegExp(`^ok +run-\\d+ vault ${credential}: version 1`, "m"));
      expect(output).toMatch(new RegExp(`^ok +run-\\d+ genesys ${credential}: client`, "m"));
    }
    expect(output).toContain("vault settings: the token may not read the settings");
    expect(output).toContain("vault audit: the token may not list the audit devices");
    const env = { VAULT_TOKEN: vault.rootToken };
    await vault.must("POST", `secret/metadata/${world.org.vault.master}`, { max_versions: 1 });
    const asRoot = await world.doctor(env);
    expect(asRoot.output).toContain(
      "version 2 will drop version 1, which rotation.masterVersion names",
    );
    expect(asRoot.output).toContain("has no audit device, so nobody can find out");
    await vault.must("POST", `secret/metadata/${world.org.vault.master}`, { max_versions: 0 });
    const file = `${temporaryFolder()}/audit.log`;
    await vault.must("PUT", "sys/audit/file", { type: "file", options: { file_path: file } });
    const healthy = await world.doctor(env);
    await vault.must("DELETE", "sys/audit/file");
    expect([healthy.code, healthy.output]).toEqual([
      0,
      expect.stringContaining("vault audit: audit devices: file/"),
    ]);
    expect(healthy.output).toContain("vault settings: the newest 10 versions are kept");
  });

  test("doctor with the tokens of deployer and planner: what they may not read is no failure", async () => {
    const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await vault.acceptJwts(keys.publicKey);
    const world = await begin({ method: "jwt" });
    const { name } = world.org;
    const ci = { identity: "github", repositoryId: "123456789" } as const;
    await applyAccess(vault, orgInVault(name, { method: "jwt" }), { ci });
    const jwtOf = (job: string) =>
      signedJwt(keys.privateKey, {
        sub: "repo:owner/repository",
        aud: "https://vault.example.com",
        repository_id: ci.repositoryId,
        environment: `${job}-${name}`,
      });
    const withJwt = (job: "plan" | "apply" | "rotate", more: NodeJS.ProcessEnv = {}) => ({
      VAULT_TOKEN: "test-secret-unused",
      TERRAFORM_VAULT_AUTH_JWT: jwtOf(job),
      ...more,
    });
    (world.org.vault as { skipChildToken: boolean }).skipChildToken = true;
    const deployer = await world.doctor(withJwt("apply"));
    expect([deployer.code, deployer.output]).toEqual([
      0,
      expect.stringContaining(`role genesys-${name}-deployer`),
    ]);
    expect(deployer.output).toContain(
      `vault planner: the role genesys-${name}-deployer does not need the planner's entry`,
    );
    const planner = await world.doctor(withJwt("plan", { TF_VAR_genesys_credential: "planner" }));
    expect([planner.code, planner.output]).toEqual([
      0,
      expect.stringContaining(`role genesys-${name}-planner`),
    ]);
    const wrong = await world.doctor(withJwt("plan"));
    expect([wrong.code, wrong.output]).toEqual([
      1,
      expect.stringContaining(`refuses a login at auth/jwt/login as genesys-${name}-deployer`),
    ]);
    // The same login for rotate, whose role is its own.
    expect((await world.rotate("deployer", withJwt("rotate"))).code).toBe(0);
    expect((await world.read("deployer")).version).toBe(2);
    const refused = await world.rotate("deployer", withJwt("apply"));
    expect([refused.code, refused.output]).toEqual([
      1,
      expect.stringContaining(`as genesys-${name}-rotate: this role or the mount does not exist`),
    ]);
  });

  test("a Vault with a certificate of a private authority, which VAULT_CACERT names", async () => {
    const folder = temporaryFolder();
    const { ca, certificate, key } = privateCertificate(folder, "IP:127.0.0.1");
    const own = await VaultServer.start({
      tls: { certificate, key, ca: readFileSync(ca, "utf8") },
    });
    try {
      await own.mountKv("secret");
      const world = await EntriesWorld.start(own);
      worlds.push(world);
      const refused = await world.rotate("deployer");
      expect([refused.code, refused.output]).toEqual([
        1,
        expect.stringMatching(/no answer \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/),
      ]);
      const doctor = await world.doctor();
      expect(doctor.output).toContain("set VAULT_CACERT to a file with the certificates of its");
      const env = { VAULT_CACERT: ca };
      expect(await world.rotate("deployer", env)).toMatchObject({ code: 0 });
      expect((await world.read("deployer")).version).toBe(2);
      expect((await world.doctor(env)).output).toMatch(/^ok +run-\d+ vault deployer/m);
    } finally {
      await own.stop();
    }
  });
}
