import { VAULT_TOKEN } from "../../../support/fakes/fake-vault";
import { temporaryFolder } from "../../../support/folders";
import { type DoctorWorld, linesOf, startDoctorWorld, type WorldProps } from "./doctor-world";

const DEPLOYER = "genesys/production/na-prod/deployer";
const MASTER = "genesys/production/na-prod/master";

let world: DoctorWorld;
afterEach(() => world?.stop());
const begin = async (props: WorldProps = {}) => {
  world = await startDoctorWorld(props);
};
const look = async (env = {}) => {
  const ran = await world.doctor(["--only", "vault,genesys"], undefined, env);
  const found: Record<string, unknown> = { ...linesOf(ran), code: ran.code };
  return found;
};
const rewrite = (path: string, patch: object) =>
  world.vault.write(path, { ...world.vault.at(path), ...patch });

test("without a token nothing is checked, which is a failure", async () => {
  await begin();
  const HOME = temporaryFolder();
  expect(await look({ HOME, VAULT_TOKEN: "" })).toMatchObject({
    code: 1,
    "vault token": `not checked: there is no Vault token: set VAULT_TOKEN, or run \`vault login\`, which writes ${HOME}/.vault-token`,
    "genesys deployer": "not checked: its entry in Vault could not be read",
    "genesys master grants": "not checked: the clients could not be listed",
  });
});

test("a token that Vault does not take", async () => {
  await begin();
  expect(await look({ VAULT_TOKEN: "test-secret-other" })).toMatchObject({
    code: 1,
    "vault token":
      "failed: https://vault.example.com refuses the token: it has expired, was revoked, or belongs to another server; fix: run `vault login`, or set VAULT_TOKEN",
    "vault deployer": "not checked: the token could not be used",
  });
});

test("a Vault that does not answer", async () => {
  await begin({ org: { vault: { ...vaultAt("https://vault.nowhere.example") } } });
  expect(await look()).toMatchObject({
    code: 1,
    "vault token":
      "failed: GET auth/token/lookup-self of https://vault.nowhere.example: no answer (TypeError) (2 attempts); fix: make sure that https://vault.nowhere.example is running, unsealed and reachable from here",
    "vault clock": "not checked: no answer from Vault had a date",
  });
});

const vaultAt = (address: string) => ({
  address,
  mount: "secret",
  auth: { method: "token" as const },
  skipChildToken: false,
  deployer: DEPLOYER,
  planner: "genesys/production/na-prod/planner",
  master: MASTER,
});

describe("a token without the right to create child tokens", () => {
  const withVault = (patch: object) => ({
    org: { vault: { ...vaultAt("https://vault.example.com"), ...patch } },
  });

  test("cannot be Terraform's, since its provider creates one at each start", async () => {
    await begin({ vault: { capabilities: { "auth/token/create": ["deny"] } } });
    expect(await look()).toMatchObject({
      code: 1,
      "vault token": expect.stringMatching(/^ok/),
      "vault child token":
        "failed: Terraform's vault provider creates a child token at each start, and this token may not use auth/token/create; fix: allow update on auth/token/create in its policy, or set vault.skipChildToken to true in the registry (docs/vault.md)",
    });
  });

  test("can be Terraform's when child tokens are skipped", async () => {
    const vault = { capabilities: { "auth/token/create": ["deny"] } };
    await begin({ ...withVault({ skipChildToken: true }), vault });
    expect(await look()).toMatchObject({
      code: 0,
      "vault child token": "ok: not needed: vault.skipChildToken is true",
    });
  });

  test("is not compared with a login of its own", async () => {
    await begin(withVault({ auth: { method: "jwt" } }));
    expect(await look()).toMatchObject({
      "vault child token": "not checked: Terraform logs in by jwt, and not with your token",
    });
  });

  test("may be a batch token, which can never create one", async () => {
    await begin({ vault: { type: "batch" } });
    expect(await look()).toMatchObject({
      code: 1,
      "vault child token": expect.stringMatching(
        /^failed: .* from a batch token; fix: log in with a service token, or set/,
      ),
    });
  });

  test("is not known when it may not look up its capabilities", async () => {
    await begin({ vault: { capabilities: "denied" } });
    expect(await look()).toMatchObject({
      "vault child token": "not checked: the token may not look up its capabilities",
    });
  });
});

test("the role of a login by AppRole or Kubernetes is found as well", async () => {
  await begin({ vault: { role: "genesys-na-prod-planner", roleField: "role_name" } });
  expect(await look()).toMatchObject({
    "vault token": "ok: valid for 3600 s, role genesys-na-prod-planner",
    "vault deployer": expect.stringMatching(/^not checked: the role genesys-na-prod-planner/),
  });
});

test("an entry that does not exist", async () => {
  await begin();
  world.vault.delete(DEPLOYER);
  expect(await look()).toMatchObject({
    code: 1,
    "vault deployer": `failed: the Vault entry secret/${DEPLOYER} does not exist, or its newest version was deleted; fix: write client_id, client_secret and org_id to it (docs/rotation.md), or undelete the version`,
    "genesys deployer": "not checked: its entry in Vault could not be read",
  });
});

test("an entry without all fields", async () => {
  await begin();
  rewrite(DEPLOYER, { client_secret: "", org_id: undefined });
  expect(await look()).toMatchObject({
    "vault deployer": `failed: version 2 of the Vault entry ${DEPLOYER} has no client_secret, org_id; fix: write a version with client_id, client_secret and org_id`,
  });
});

test("an entry with a field that is not text, which Terraform's provider cannot read", async () => {
  await begin();
  rewrite(DEPLOYER, { org_id: 7, note: null, tags: { team: "a" } });
  expect(await look()).toMatchObject({
    code: 1,
    "vault deployer": `failed: version 2 of the Vault entry ${DEPLOYER} has fields that are not text, which Terraform's provider cannot read: org_id (number), note (null), tags (object); fix: write a version with client_id, client_secret and org_id`,
  });
});

test("an entry that Vault will delete by itself, whose credential is looked at all the same", async () => {
  await begin();
  world.vault.configure(DEPLOYER, { deleteAfter: 3_600_000 });
  rewrite(DEPLOYER, {});
  expect(await look()).toMatchObject({
    code: 1,
    "vault deployer": expect.stringMatching(
      /^failed: Vault will delete version 2 of secret\/\S+\/deployer on 20\S+Z \(delete_version_after\); fix: set delete_version_after of the entry and of the mount to 0, then run `genesys-orgs rotate na-prod deployer`$/,
    ),
    "genesys deployer": expect.stringMatching(/^ok/),
  });
});

test("an engine of version 1 at the mount", async () => {
  await begin({ vault: { kvVersion: 1 } });
  expect(await look()).toMatchObject({
    code: 1,
    "vault deployer":
      "failed: the mount secret of https://vault.example.com is a KV engine of version 1: correct vault.mount in the registry, or mount a KV engine of version 2 there",
  });
});

describe("how long versions stay", () => {
  const settings = async () => (await look())["vault settings"];

  test("is not known without the right to read the settings", async () => {
    await begin();
    expect(await settings()).toBe(
      `not checked: the token may not read the settings of secret/${MASTER} and of its mount`,
    );
  });

  test("is enough by default", async () => {
    await begin({ vault: { readsMetadata: true } });
    expect(await settings()).toBe("ok: the newest 10 versions are kept");
  });

  test("is too short where the next version drops the one that the registry names", async () => {
    await begin({ vault: { readsMetadata: true } });
    world.vault.configure(MASTER, { maxVersions: 1 });
    expect(await settings()).toBe(
      `failed: Vault keeps 1 version of secret/${MASTER} (max_versions): version 2 will drop version 1, which rotation.masterVersion names and the rotator uses until the next deploy; fix: set max_versions of the entry to at least 10`,
    );
  });

  test("is too short where ten versions came after the one that the registry names", async () => {
    await begin({ vault: { readsMetadata: true } });
    for (let version = 2; version <= 10; version++) rewrite(MASTER, {});
    expect(await settings()).toMatch(/^failed: Vault keeps 10 versions .* version 11 will drop/);
  });

  test("is too short where a version is deleted after a time", async () => {
    await begin({ vault: { readsMetadata: true } });
    world.vault.configure(MASTER, { deleteAfter: 30_000 });
    expect(await settings()).toBe(
      `failed: Vault deletes each version of secret/${MASTER} after 30s (delete_version_after); fix: set delete_version_after of the entry and of the mount to 0, then run \`genesys-orgs rotate na-prod master\``,
    );
  });
});

test.each([
  ["denied" as const, "not checked: the token may not list the audit devices (sudo on sys/audit)"],
  [["file"], "ok: audit devices: file/"],
  [
    [],
    "failed: https://vault.example.com has no audit device, so nobody can find out who read the entries; fix: enable one, for example `vault audit enable file file_path=/var/log/vault-audit.log`",
  ],
])("audit devices: %j", async (audit, line) => {
  await begin({ vault: { audit } });
  expect((await look())["vault audit"]).toBe(line);
});

describe("a login by JWT, as Terraform's", () => {
  const withJwt = (more: object = {}) => ({
    org: {
      vault: {
        ...vaultAt("https://vault.example.com"),
        auth: { method: "jwt" as const },
        ...more,
      },
    },
  });
  const env = { TERRAFORM_VAULT_AUTH_JWT: "test-secret-jwt", VAULT_TOKEN: "test-secret-other" };

  test("uses the role of the deployer, and not the token", async () => {
    const role = "genesys-na-prod-deployer";
    const jwtRoles = { [role]: "test-secret-jwt" };
    await begin({ ...withJwt(), vault: { role, jwtRoles } });
    world.vault.denied.add("genesys/production/na-prod/planner");
    expect(await look(env)).toMatchObject({
      code: 0,
      "vault token": `ok: valid for 3600 s, role ${role}`,
      "vault child token": "ok: may use auth/token/create",
      "vault deployer": expect.stringMatching(/^ok/),
      "vault planner": `not checked: the role ${role} does not need the planner's entry`,
      "genesys planner": "not checked: its entry in Vault could not be read",
    });
  });

  test("uses the role of the planner in a job that plans", async () => {
    const role = "genesys-na-prod-planner";
    await begin({ ...withJwt(), vault: { role, jwtRoles: { [role]: "test-secret-jwt" } } });
    expect(await look({ ...env, TF_VAR_genesys_credential: "planner" })).toMatchObject({
      code: 0,
      "vault planner": expect.stringMatching(/^ok/),
      "vault deployer": `not checked: the role ${role} may read only the planner's entry`,
    });
  });

  test("names the role that Vault refuses, and never the JWT", async () => {
    await begin({ ...withJwt(), vault: { jwtRoles: { "team-deployer": "another" } } });
    expect(await look(env)).toMatchObject({
      code: 1,
      "vault token":
        "failed: https://vault.example.com refuses a login at auth/jwt/login as genesys-na-prod-deployer: this role or the mount does not exist, or the role is not for what the caller proves (docs/vault.md); fix: correct the role in Vault, or vault.auth in the registry",
      "vault deployer": "not checked: the token could not be used",
    });
  });
});

describe("a login by AWS, as Terraform's", () => {
  const ROLE = "genesys-na-prod-deployer";
  const CI = "arn:aws:iam::111111111111:role/ci";
  const awsLogins = {
    // The keys of the world.
    principals: {
      TEST: {
        secretKey: "test-secret-of-aws",
        arn: "arn:aws:sts::111111111111:assumed-role/ci/me",
      },
    },
    roles: { [ROLE]: [CI] },
    serverId: "vault.example.com",
  };
  const beginAws = (auth: object = {}, logins: object = {}) => {
    const method = { method: "aws" as const, serverId: "vault.example.com", ...auth };
    const vault = { ...vaultAt("https://vault.example.com"), auth: method, skipChildToken: true };
    return begin({ org: { vault }, vault: { awsLogins: { ...awsLogins, ...logins } } });
  };
  const env = { VAULT_TOKEN: "test-secret-other" };

  test("uses the role of the deployer, and not the token", async () => {
    await beginAws();
    world.vault.denied.add("genesys/production/na-prod/planner");
    expect(await look(env)).toMatchObject({
      code: 0,
      // Vault's answer does not have the role.
      "vault token": `ok: valid for 3600 s, role ${ROLE}`,
      "vault child token": "ok: not needed: vault.skipChildToken is true",
      "vault planner": `not checked: the role ${ROLE} does not need the planner's entry`,
    });
  });

  const AT = "failed: https://vault.example.com refuses a login at auth/aws";
  test.each<[string, object, object, string]>([
    [
      "the principal",
      {},
      { roles: { [ROLE]: [CI.replace("role/ci", "role/other")] } },
      `${AT}/login as ${ROLE}: the caller's AWS identity is not in the role's bound_iam_principal_arn; fix: use AWS credentials of a role that is, or add the caller's role to it (docs/vault.md)`,
    ],
    [
      "the server's id",
      { serverId: undefined },
      {},
      `${AT}/login as ${ROLE}: the login is not signed with Vault's iam_server_id_header_value; fix: set vault.auth.serverId in the registry to that value`,
    ],
    [
      "the region",
      {},
      { stsRegion: "eu-central-1" },
      `${AT}/login as ${ROLE}: the login is signed for another region than that of the STS that Vault asks; fix: set vault.auth.stsRegion in the registry to Vault's sts_region`,
    ],
    [
      "credentials that have ended",
      {},
      { principals: {} },
      `${AT}/login as ${ROLE}: the caller's AWS credentials have expired, or do not exist any more; fix: log in to AWS again`,
    ],
    [
      "the role",
      { role: "ci" },
      {},
      `${AT}/login as ci-deployer: this role does not exist; fix: create it (docs/vault.md), or correct vault.auth.role in the registry`,
    ],
    [
      "the mount",
      { mount: "aws-ci" },
      {},
      `${AT}-ci/login as ${ROLE}: nothing is mounted there, or the role is only for other addresses (token_bound_cidrs); fix: enable the auth method in Vault, or correct vault.auth.mount or vault.namespace in the registry`,
    ],
  ])("names %s that Vault refuses", async (_what, auth, logins, line) => {
    await beginAws(auth, logins);
    expect(await look(env)).toMatchObject({
      code: 1,
      "vault token": line,
      "vault deployer": "not checked: the token could not be used",
    });
  });

  test("needs AWS credentials, and a token does not help", async () => {
    await beginAws();
    delete process.env.AWS_ACCESS_KEY_ID;
    expect(await look({ VAULT_TOKEN })).toMatchObject({
      code: 1,
      "vault token":
        "not checked: the login to Vault is by aws, and there are no AWS credentials: log in, or set AWS_PROFILE",
    });
    expect(world.vault.calls).toEqual([]);
  });
});

test("a VAULT_NAMESPACE that is not the registry's is named", async () => {
  await begin({ org: { vault: { ...vaultAt("https://vault.example.com"), namespace: "team" } } });
  expect(await look({ VAULT_NAMESPACE: "other" })).toMatchObject({
    code: 0,
    "vault token":
      "ok: valid for 3600 s, VAULT_NAMESPACE is other, but vault.namespace in the registry is team: the registry's is used, as by Terraform. Log in to team",
  });
  expect(world.vault.headers[0]).toMatchObject({ "x-vault-namespace": "team" });
});

test("an entry of another organisation", async () => {
  await begin();
  rewrite(DEPLOYER, { org_id: "22222222-2222-4222-8222-222222222222" });
  expect(await look()).toMatchObject({
    code: 1,
    "vault deployer": `failed: version 2 of the Vault entry ${DEPLOYER} belongs to organisation 22222222-2222-4222-8222-222222222222, but the registry says ${world.org.organizationId}; fix: put na-prod's own credential there, or correct organizationId or vault.deployer in the registry`,
  });
});

test("a token whose policy does not have the entry", async () => {
  await begin();
  world.vault.denied.add(DEPLOYER);
  expect(await look()).toMatchObject({
    code: 1,
    "vault deployer": `failed: the token may not read secret/${DEPLOYER}; fix: log in with a role whose policy allows it, for example genesys-na-prod-deployer (docs/vault.md)`,
  });
});

test("a pull request's token is not tried on what it may not read", async () => {
  await begin({ vault: { role: "genesys-na-prod-planner" } });
  const why = "the role genesys-na-prod-planner may read only the planner's entry";
  expect(await look()).toMatchObject({
    code: 0,
    "vault token": "ok: valid for 3600 s, role genesys-na-prod-planner",
    "vault deployer": `not checked: ${why}`,
    "vault planner": "ok: version 1 of secret/genesys/production/na-prod/planner",
    "vault master": `not checked: ${why}`,
    "genesys planner": expect.stringMatching(/^ok/),
  });
  expect(world.vault.calls.filter((call) => !/planner$|-self$/.test(call))).toEqual([]);
});

test("a master of a version that the registry does not name yet: the named one is looked at", async () => {
  await begin();
  const { id, secret } = world.genesys.seed({ name: "the next master" });
  rewrite(MASTER, { client_id: id, client_secret: secret });
  expect(await look()).toMatchObject({
    code: 0,
    "vault master": `ok: rotation.masterVersion of na-prod is 1, but the newest version of secret/${MASTER} is 2; next: set rotation.masterVersion to 2 in the registry, then run \`genesys-orgs deploy na-prod\``,
    "genesys master": expect.stringContaining(`client ${world.clients.master.id} gets a token`),
  });
});

test("a master of a version that does not exist", async () => {
  await begin({ org: { rotation: { masterVersion: 7, mostClients: 500 } } });
  expect(await look()).toMatchObject({
    code: 1,
    "vault master": `failed: rotation.masterVersion of na-prod is 7, but the newest version of secret/${MASTER} is 1, and version 7 no longer exists; fix: set rotation.masterVersion to 1 in the registry, then run \`genesys-orgs deploy na-prod\``,
    "genesys master": "not checked: its entry in Vault could not be read",
  });
});
