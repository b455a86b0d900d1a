import { generateKeyPairSync } from "node:crypto";
import type { VaultAuth } from "../../lib";
import { applyAccess, orgInVault } from "../support/vault/apply-access";
import { printedTable } from "../support/vault/printed-table";
import { signedJwt } from "../support/vault/signed-jwt";
import { VAULT_SERVER_MISSING, VaultServer } from "../support/vault/vault-server";

const [OURS, THEIRS] = ["na-prod", "eu-prod"] as const;
/** Who has a policy of an org. */
const HOLDERS = ["planner", "deployer", "rotate", "operators"] as const;
type Holder = (typeof HOLDERS)[number];
const CREDENTIALS = ["deployer", "planner", "master"] as const;
const entryOf = (org: string, credential: string) => `genesys/production/${org}/${credential}`;

/** Every way to an entry: its method, its path, and its body. */
const OPERATIONS: Readonly<Record<string, (entry: string) => readonly [string, string, object?]>> =
  {
    read: (entry) => ["GET", `secret/data/${entry}`],
    "read version": (entry) => ["GET", `secret/data/${entry}?version=1`],
    subkeys: (entry) => ["GET", `secret/subkeys/${entry}`],
    write: (entry) => ["POST", `secret/data/${entry}`, { data: { client_id: "written" } }],
    patch: (entry) => ["PATCH", `secret/data/${entry}`, { data: { client_id: "patched" } }],
    delete: (entry) => ["DELETE", `secret/data/${entry}`],
    "delete version": (entry) => ["POST", `secret/delete/${entry}`, { versions: [1] }],
    undelete: (entry) => ["POST", `secret/undelete/${entry}`, { versions: [1] }],
    destroy: (entry) => ["POST", `secret/destroy/${entry}`, { versions: [1] }],
    metadata: (entry) => ["GET", `secret/metadata/${entry}`],
    list: (entry) => ["LIST", `secret/metadata/${entry.replace(/\/[^/]*$/, "")}`],
    "write metadata": (entry) => ["POST", `secret/metadata/${entry}`, { max_versions: 1 }],
    "delete all": (entry) => ["DELETE", `secret/metadata/${entry}`],
  };

/** What each holder may do to its own org's entries. Everything else is refused. */
const ALLOWED: Readonly<Record<Holder, Readonly<Record<string, readonly string[]>>>> = {
  planner: { planner: ["read", "read version"] },
  deployer: { deployer: ["read", "read version"], master: ["read", "read version"] },
  rotate: {
    deployer: ["read", "read version", "write"],
    planner: ["read", "read version", "write"],
    master: ["read", "read version", "write"],
  },
  operators: {
    deployer: ["undelete", "metadata", "list"],
    planner: ["undelete", "metadata", "list"],
    master: ["undelete", "metadata", "list"],
  },
};

const ADDRESS = "https://vault.example.com";
const orgNamed = (name: string, auth: VaultAuth = { method: "jwt" }) => orgInVault(name, auth);

if (!process.env.VAULT_SERVER) {
  test.skip(VAULT_SERVER_MISSING, () => {});
} else {
  let vault: VaultServer;

  beforeAll(async () => {
    vault = await VaultServer.start();
    await vault.mountKv("secret");
    for (const org of [OURS, THEIRS]) {
      await applyAccess(vault, orgNamed(org));
      for (const credential of CREDENTIALS) {
        const data = { client_id: `of-${org}`, client_secret: `test-secret-${org}` };
        await vault.must("POST", `secret/data/${entryOf(org, credential)}`, { data });
      }
    }
  });
  afterAll(() => vault?.stop());

  /** Tries every operation on an org's entries, and returns those that Vault let through. */
  async function tryAll(token: string, org: string): Promise<Record<string, string[]>> {
    const passed: Record<string, string[]> = {};
    for (const credential of CREDENTIALS) {
      passed[credential] = [];
      for (const [name, requestOf] of Object.entries(OPERATIONS)) {
        const [method, path, body] = requestOf(entryOf(org, credential));
        const headers: Record<string, string> =
          method === "PATCH" ? { "content-type": "application/merge-patch+json" } : {};
        const { status } = await vault.send(method, path, body, token, headers);
        if (status !== 403) passed[credential]?.push(name);
      }
    }
    return passed;
  }

  test("the tokens of one org reach its own entries as their policies say, and nothing of another org", async () => {
    const rows: string[][] = [];
    let requests = 0;
    for (const holder of HOLDERS) {
      const token = await vault.token([`genesys-${OURS}-${holder}`]);
      for (const org of [OURS, THEIRS]) {
        const passed = await tryAll(token, org);
        requests += CREDENTIALS.length * Object.keys(OPERATIONS).length;
        for (const credential of CREDENTIALS) {
          const may = passed[credential] ?? [];
          rows.push([
            `${OURS}-${holder}`,
            `${org}/${credential}`,
            ...Object.keys(OPERATIONS).map((name) => (may.includes(name) ? "yes" : "-")),
          ]);
          const expected = org === OURS ? (ALLOWED[holder][credential] ?? []) : [];
          expect([holder, org, credential, ...may]).toEqual([holder, org, credential, ...expected]);
        }
      }
    }
    process.stdout.write(
      `Vault ${vault.version}, ${requests} requests:\n${printedTable([["token", "entry", ...Object.keys(OPERATIONS)], ...rows])}\n`,
    );
  });

  test.each(HOLDERS)(
    "the token of %s cannot change its own rights, or list anything",
    async (holder) => {
      const token = await vault.token([`genesys-${OURS}-${holder}`]);
      const attempts: readonly (readonly [string, string, object?])[] = [
        ["PUT", `sys/policies/acl/genesys-${OURS}-${holder}`, { policy: 'path "*" {}' }],
        ["GET", `sys/policies/acl/genesys-${OURS}-${holder}`],
        ["GET", "sys/mounts"],
        ["GET", "sys/audit"],
        ["POST", "auth/token/create", { policies: [`genesys-${THEIRS}-${holder}`] }],
        ["LIST", "secret/metadata/genesys/production"],
        ["LIST", "secret/metadata"],
        ["GET", "secret/config"],
      ];
      for (const [method, path, body] of attempts) {
        const { status } = await vault.send(method, path, body, token);
        expect([path, status]).toEqual([path, 403]);
      }
    },
  );

  test("the policy for child tokens allows the provider's, and none that outlives its parent", async () => {
    await applyAccess(vault, orgNamed("child-tokens", { method: "token" }));
    const token = await vault.token(["genesys-child-tokens-planner"]);
    const create = (more: object) =>
      vault.send("POST", "auth/token/create", { display_name: "terraform", ...more }, token);
    const provider = { explicit_max_ttl: "1200s", ttl: "1200s", renewable: false, num_uses: 0 };
    expect((await create(provider)).status).toBe(200);
    expect((await create({ ...provider, no_parent: true })).status).toBe(403);
    expect((await create({ ...provider, policies: ["root"] })).status).toBe(403);
    expect((await create({ ...provider, display_name: "other" })).status).toBe(403);
  });

  describe("a login by JWT", () => {
    const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
    beforeAll(async () => {
      await vault.acceptJwts(keys.publicKey);
      for (const org of [OURS, THEIRS]) {
        const ci = { identity: "github", repositoryId: "123456789" } as const;
        await applyAccess(vault, orgNamed(org), { ci });
      }
    });

    const jwtOf = (claims: object, key = keys.privateKey) =>
      signedJwt(key, {
        aud: ADDRESS,
        sub: "repo:owner/repository",
        repository_id: "123456789",
        job_workflow_ref: "owner/repository/.github/workflows/deploy.yml@refs/heads/main",
        ...claims,
      });
    const login = (role: string, jwt: string) =>
      vault.send("POST", "auth/jwt/login", { role, jwt }, "");
    const planJob = { environment: `plan-${OURS}` };

    test("gives a job the token of its environment, for minutes, with that policy alone", async () => {
      const { status, body } = await login(
        `genesys-${OURS}-deployer`,
        jwtOf({ environment: `apply-${OURS}` }),
      );
      expect(status).toBe(200);
      expect(body.auth.lease_duration).toBe(15 * 60);
      expect(body.auth.policies).toEqual(["default", `genesys-${OURS}-deployer`]);
      expect(body.auth.metadata).toMatchObject({ role: `genesys-${OURS}-deployer` });
      const token = body.auth.client_token;
      const read = (org: string, credential: string) =>
        vault.send("GET", `secret/data/${entryOf(org, credential)}`, undefined, token);
      expect((await read(OURS, "deployer")).status).toBe(200);
      expect((await read(OURS, "planner")).status).toBe(403);
      expect((await read(THEIRS, "deployer")).status).toBe(403);
    });

    const { privateKey: forged } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    test.each<readonly [string, string, object, boolean]>([
      ["a job that plans", "deployer", planJob, false],
      ["a job without an environment", "deployer", {}, false],
      ["a job of another repository", "planner", { ...planJob, repository_id: "987654321" }, false],
      ["a job of another org's environment", "planner", { environment: `plan-${THEIRS}` }, false],
      [
        "a JWT for another audience",
        "planner",
        { ...planJob, aud: "https://other.example.com" },
        false,
      ],
      ["a JWT of yesterday", "planner", { ...planJob, exp: 1_700_000_000, nbf: 1, iat: 1 }, false],
      ["a JWT with another signature", "planner", planJob, true],
    ])("refuses %s the role of the %s", async (_who, credential, claims, isForged) => {
      const jwt = jwtOf(claims, isForged ? forged : keys.privateKey);
      const { status, body } = await login(`genesys-${OURS}-${credential}`, jwt);
      expect([status, body.auth]).toEqual([400, undefined]);
    });

    test("gives a job that plans the planner's token", async () => {
      expect((await login(`genesys-${OURS}-planner`, jwtOf(planJob))).status).toBe(200);
    });
  });

  test("a login by AppRole names its role in the token's metadata", async () => {
    await vault.must("POST", "sys/auth/approle", { type: "approle" });
    await applyAccess(vault, orgNamed(OURS, { method: "approle" }), {
      ci: { identity: "approle" },
    });
    const role = `auth/approle/role/genesys-${OURS}-planner`;
    const { data: id } = await vault.must("GET", `${role}/role-id`);
    const { data: secret } = await vault.must("POST", `${role}/secret-id`);
    const { auth } = await vault.must(
      "POST",
      "auth/approle/login",
      { ...id, secret_id: secret.secret_id },
      "",
    );
    expect(auth.metadata).toEqual({ role_name: `genesys-${OURS}-planner` });
    const { data } = await vault.must(
      "GET",
      "auth/token/lookup-self",
      undefined,
      auth.client_token,
    );
    expect(data.meta).toEqual({ role_name: `genesys-${OURS}-planner` });
  });
}
