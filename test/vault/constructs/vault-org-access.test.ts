import { TerraformVariable } from "cdktf";
import {
  type CiJobs,
  type Org,
  type OrgEntry,
  OrgStack,
  orgVaultPolicies,
  type StateHomeEntry,
  UserError,
  VaultAccessStack,
  type VaultAuth,
  VaultOrgAccess,
  type VaultOrgAccessProps,
} from "../../../lib";
import { temporaryFolder } from "../../support/folders";
import { entry, testApp } from "../../support/sample-org";
import { homeRegistry } from "../../support/state-stacks";
import { rolesOf, vaultAccess } from "../../support/vault-access";

const github = { repository: "example/platform", repositoryId: "719284305", ownerId: "48120977" };

function orgWith(
  auth: VaultAuth,
  patch: Partial<OrgEntry> = {},
  home: Partial<StateHomeEntry> = { github },
): Org {
  const vault = { address: "https://vault.example.com", auth };
  return homeRegistry([entry("na-prod", 1, { vault, ...patch })], home).get("na-prod");
}

const jwt = orgWith({ method: "jwt" });
const ROLE = "arn:aws:iam::111111111111:role/ci-plan";

const resourcesOf = (org: Org, type: string, props: Omit<VaultOrgAccessProps, "org"> = {}) =>
  Object.values(vaultAccess(org, props).resource?.[type] ?? {});

describe("the jobs that may log in", () => {
  test("of GitHub have the home's repository and an environment each", () => {
    const onMain = (file: string) => `example/platform/.github/workflows/${file}@refs/heads/main`;
    const workflows = { deployer: [onMain("deploy.yml"), onMain("nightly.yml")] };
    const roles = rolesOf(vaultAccess(jwt, { ci: { identity: "github", workflows } }));
    expect(Object.keys(roles).sort()).toEqual(["deployer", "planner", "rotate"]);
    expect(roles.planner).toEqual({
      backend: "jwt",
      role_name: "genesys-na-prod-planner",
      role_type: "jwt",
      user_claim: "sub",
      bound_audiences: ["https://vault.example.com"],
      bound_claims: { repository_id: "719284305", environment: "plan-na-prod" },
      bound_claims_type: "string",
      token_policies: ["genesys-na-prod-planner"],
      token_ttl: 900,
      token_max_ttl: 900,
      token_type: "service",
    });
    expect([roles.deployer?.bound_claims, roles.rotate?.bound_claims]).toEqual([
      {
        repository_id: "719284305",
        environment: "apply-na-prod",
        job_workflow_ref: workflows.deployer.join(),
      },
      { repository_id: "719284305", environment: "rotate-na-prod" },
    ]);
  });

  test("of GitLab need a protected branch, even for plans", () => {
    const roles = rolesOf(
      vaultAccess(jwt, {
        ci: { identity: "gitlab", projectId: "22", environments: { deployer: "na/production" } },
      }),
    );
    expect([roles.planner?.bound_claims, roles.deployer?.bound_claims]).toEqual([
      { project_id: "22", environment: "plan-na-prod", ref_protected: "true" },
      { project_id: "22", environment: "na/production", ref_protected: "true" },
    ]);
  });

  test("of Azure DevOps have a service connection each", () => {
    const subjects = { planner: "sc://example/platform/na-plan" };
    const roles = rolesOf(vaultAccess(jwt, { ci: { identity: "azure-devops", subjects } }));
    expect(Object.keys(roles)).toEqual(["planner"]);
    expect(roles.planner).toMatchObject({
      bound_subject: subjects.planner,
      bound_audiences: ["api://AzureADTokenExchange"],
    });
  });

  test("with an AppRole have a SecretID that expires, and their networks", () => {
    const networks = ["203.0.113.0/24"];
    const roles = rolesOf(
      vaultAccess(orgWith({ method: "approle" }), { ci: { identity: "approle", networks } }),
    );
    expect(roles.deployer).toMatchObject({
      role_name: "genesys-na-prod-deployer",
      secret_id_ttl: 30 * 24 * 3600,
      secret_id_bound_cidrs: networks,
      token_bound_cidrs: networks,
    });
  });

  test("of Kubernetes have a service account each", () => {
    const ci = { identity: "kubernetes", namespaces: ["ci"], audience: "vault" } as const;
    const roles = rolesOf(vaultAccess(orgWith({ method: "kubernetes" }), { ci }));
    expect(roles.rotate).toMatchObject({
      backend: "kubernetes",
      bound_service_account_names: ["rotate-na-prod"],
      bound_service_account_namespaces: ["ci"],
      audience: "vault",
    });
  });

  test("with an AWS identity are the named roles", () => {
    const ci = { identity: "aws", principals: { planner: [ROLE] } } as const;
    const roles = rolesOf(vaultAccess(orgWith({ method: "aws" }), { ci }));
    expect(roles).toEqual({
      planner: expect.objectContaining({
        auth_type: "iam",
        role: "genesys-na-prod-planner",
        bound_iam_principal_arns: [ROLE],
      }),
    });
  });
});

const IDENTITIES: readonly [VaultAuth, CiJobs][] = [
  [{ method: "jwt", mount: "github", role: "ci" }, { identity: "github" }],
  [{ method: "jwt" }, { identity: "gitlab", projectId: "22" }],
  [{ method: "approle" }, { identity: "approle" }],
  [{ method: "kubernetes" }, { identity: "kubernetes", namespaces: ["ci"], audience: "vault" }],
  [
    { method: "aws", mount: "aws-ci" },
    { identity: "aws", principals: { planner: [ROLE], deployer: [ROLE] } },
  ],
];

test.each(IDENTITIES)("with the login %j, a stack logs in with the roles of %j", (auth, ci) => {
  const org = orgWith(auth);
  const { deployer, planner } = rolesOf(vaultAccess(org, { ci }));
  const stack = new OrgStack(testApp(temporaryFolder()), org).toTerraform() as {
    readonly provider: { readonly vault: readonly unknown[] };
  };
  const [provider] = stack.provider.vault;
  const login = JSON.stringify(provider);
  if (auth.method === "approle") {
    expect(login).toContain(`auth/${deployer?.backend}/login`);
    return;
  }
  for (const [credential, role] of Object.entries({ deployer, planner })) {
    expect(login.replace("${var.genesys_credential}", credential)).toContain(
      `"mount":"${role?.backend}","role":"${role?.role_name ?? role?.role}"`,
    );
  }
});

test("policies are those of the function, with their names", () => {
  const policies = resourcesOf(jwt, "vault_policy").map(({ name, policy }) => ({ name, policy }));
  expect(policies).toEqual(
    Object.values(orgVaultPolicies(jwt))
      .map(({ name, text }) => ({ name, policy: text }))
      .sort((one, other) => one.name.localeCompare(other.name)),
  );
});

test("without jobs there are policies only, also for an org with the login by token", () => {
  const { resource = {} } = vaultAccess(orgWith({ method: "token" }));
  expect(Object.keys(resource)).toEqual(["vault_policy"]);
});

test("a retired org has neither policies nor roles, and keeps its mount", () => {
  const org = orgWith({ method: "jwt" }, { retired: true });
  const { resource = {} } = vaultAccess(org, { ci: { identity: "github" }, ownMount: true });
  expect(Object.keys(resource).sort()).toEqual(["vault_kv_secret_backend_v2", "vault_mount"]);
});

test("a mount of its own keeps versions, and never deletes one by its age", () => {
  const vault = { address: "https://vault.example.com", mount: "genesys-na-prod" };
  const org = orgWith({ method: "token" }, { vault });
  expect(resourcesOf(org, "vault_mount", { ownMount: true })).toEqual([
    expect.objectContaining({
      path: "genesys-na-prod",
      type: "kv",
      options: { version: "2" },
      lifecycle: { prevent_destroy: true },
    }),
  ]);
  expect(resourcesOf(org, "vault_kv_secret_backend_v2", { ownMount: true })).toEqual([
    expect.objectContaining({ max_versions: 20, delete_version_after: 0 }),
  ]);
});

test("the stack is in the org's namespace, with a state that only state admins reach", () => {
  const vault = { address: "https://vault.example.com", namespace: "team" };
  const { provider, terraform } = vaultAccess(orgWith({ method: "token" }, { vault }));
  expect(provider.vault).toEqual([
    { address: "https://vault.example.com", namespace: "team", skip_child_token: true },
  ]);
  const org = orgWith({ method: "token" });
  expect(terraform.backend.s3).toMatchObject({
    key: "vault-access/na-prod/terraform.tfstate",
    kms_key_id: org.state.home.kmsKeyArn,
  });
});

test("an audience, an id and a lifetime may be expressions", () => {
  const stack = new VaultAccessStack(testApp(temporaryFolder()), jwt);
  const variable = new TerraformVariable(stack, "audience", { type: "string" });
  const ci = {
    identity: "github",
    audience: variable.stringValue,
    repositoryId: variable.stringValue,
  } as const;
  const props = { org: jwt, ci, tokenMinutes: variable.numberValue };
  expect(() => new VaultOrgAccess(stack, "access", props)).not.toThrow();
});

const WRONG: readonly [string, VaultAuth, Omit<VaultOrgAccessProps, "org">, string][] = [
  [
    "jobs of another login",
    { method: "aws" },
    { ci: { identity: "github" } },
    'ci.identity is "github", but vault.auth.method of na-prod is "aws"; set it to "jwt", or leave ci out',
  ],
  [
    "a name in place of a repository's id",
    { method: "jwt" },
    { ci: { identity: "github", repositoryId: "example/platform" } },
    'ci.repositoryId is "example/platform"; give the repository\'s numeric id',
  ],
  [
    "any project of GitLab",
    { method: "jwt" },
    { ci: { identity: "gitlab", projectId: "*" } },
    'ci.projectId is "*"; give the project\'s numeric id',
  ],
  [
    "a workflow of any branch",
    { method: "jwt" },
    { ci: { identity: "github", workflows: { deployer: ["a/b/.github/workflows/c.yml@*"] } } },
    'ci.workflows is "a/b/.github/workflows/c.yml@*"; give the file and its whole revision, such as …/deploy.yml@refs/heads/main, without wildcards and commas',
  ],
  [
    "two environments in one",
    { method: "jwt" },
    { ci: { identity: "github", environments: { deployer: "plan-na-prod,apply-na-prod" } } },
    'ci.environments is "plan-na-prod,apply-na-prod"; give the environment\'s name, without wildcards and commas',
  ],
  [
    "any environment",
    { method: "jwt" },
    { ci: { identity: "github", environments: { planner: "plan-*" } } },
    'ci.environments is "plan-*"; give the environment\'s name, without wildcards and commas',
  ],
  [
    "any service connection",
    { method: "jwt" },
    { ci: { identity: "azure-devops", subjects: { planner: "sc://example/*" } } },
    'ci.subjects is "sc://example/*"; give the whole subject of the service connection, without wildcards',
  ],
  [
    "every namespace",
    { method: "kubernetes" },
    { ci: { identity: "kubernetes", namespaces: ["*"], audience: "vault" } },
    'ci.namespaces is "*"; name each namespace, without wildcards',
  ],
  [
    "no namespace",
    { method: "kubernetes" },
    { ci: { identity: "kubernetes", namespaces: [], audience: "vault" } },
    "ci.namespaces is empty; name at least one namespace",
  ],
  [
    "every role of an account",
    { method: "aws" },
    { ci: { identity: "aws", principals: { deployer: ["arn:aws:iam::111111111111:role/*"] } } },
    'ci.principals is "arn:aws:iam::111111111111:role/*"; give the full ARN of an IAM role, without wildcards',
  ],
  [
    "a SecretID for ever",
    { method: "approle" },
    { ci: { identity: "approle", secretIdDays: 0 } },
    "ci.secretIdDays is 0; give whole days from 1 to 365",
  ],
  [
    "tokens of a day",
    { method: "jwt" },
    { tokenMinutes: 1440 },
    "tokenMinutes is 1440; give whole minutes from 1 to 240",
  ],
];

test.each(WRONG)("%s is refused", (_, auth, props, problem) => {
  const attempt = () => vaultAccess(orgWith(auth), props);
  expect(attempt).toThrow(UserError);
  expect(attempt).toThrow(`vault-access-na-prod/access: ${problem}`);
});

test("jobs of GitHub without a repository name the two places for it", () => {
  const org = orgWith({ method: "jwt" }, {}, {});
  expect(() => vaultAccess(org, { ci: { identity: "github" } })).toThrow(
    "ci.repositoryId is missing, and the home home has no github; give the repository's numeric id, in quotes",
  );
});
