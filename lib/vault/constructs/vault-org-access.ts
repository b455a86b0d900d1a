import { ApproleAuthBackendRole } from "@cdktf/provider-vault/lib/approle-auth-backend-role";
import { AwsAuthBackendRole } from "@cdktf/provider-vault/lib/aws-auth-backend-role";
import { JwtAuthBackendRole } from "@cdktf/provider-vault/lib/jwt-auth-backend-role";
import { KubernetesAuthBackendRole } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import { KvSecretBackendV2 } from "@cdktf/provider-vault/lib/kv-secret-backend-v2";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { UserError } from "../../errors";
import type { Org, OrgVaultPolicy, VaultJob } from "../../registry/model";
import { authMountOf, vaultEnvironmentOf } from "../../registry/names";
import { vaultOf } from "../../registry/vault-mount";
import { ciProblems } from "../check-ci-jobs";
import type { CiJobs } from "../ci-jobs";
import { jwtBindingOf } from "../jwt-binding";
import { orgVaultPolicies } from "../org-policies";
import type { VaultPolicy } from "../policy";

/** Properties of a {@link VaultOrgAccess}. */
export interface VaultOrgAccessProps {
  readonly org: Org;
  /**
   * Jobs of CI that may log in, each with a role of its own. For an org with the login `token`, people and
   * machines get their tokens elsewhere.
   * @default - none: there are policies, but no roles
   */
  readonly ci?: CiJobs;
  /**
   * Lifetime of a job's token in minutes, 1 to 240. An apply must not take longer.
   * @default 15
   */
  readonly tokenMinutes?: number;
  /**
   * Whether the org has a KV mount of its own, the registry's `vault.mount`, which this construct creates.
   * Otherwise the mount exists already, and orgs share it.
   * @default false
   */
  readonly ownMount?: boolean;
}

const JOBS: readonly VaultJob[] = ["planner", "deployer", "rotate"];
const POLICIES: readonly OrgVaultPolicy[] = [...JOBS, "operators"];
const TOKEN_MINUTES = { most: 240, default: 15 } as const;
const SECRET_ID_DAYS = 30;
const DAY_SECONDS = 24 * 60 * 60;

/** Versions of an entry. The version of the master that the rotator works with must be among them. */
const KEPT_VERSIONS = 20;

/**
 * Access to one org's entries in Vault: a policy for each job and for the operators, and a role for each job
 * of CI. The policies allow nothing of another org. The roles have the names that the org's stacks log in
 * with, and their tokens live for minutes. A retired org has neither policies nor roles.
 *
 * The auth method must exist already, since orgs share it.
 *
 * @throws UserError when a property is not valid, or `ci` does not fit the login of the registry
 */
export class VaultOrgAccess extends Construct {
  /** The policies with their names and texts. */
  readonly policies: Readonly<Record<OrgVaultPolicy, VaultPolicy>>;

  constructor(scope: Construct, id: string, props: VaultOrgAccessProps) {
    super(scope, id);
    const { org, ci, ownMount = false } = props;
    const problems = problemsOf(props);
    if (problems.length > 0) {
      throw new UserError(`${this.node.path}: ${problems.join("; ")}`);
    }
    this.policies = orgVaultPolicies(org);
    if (ownMount) addMount(this, org);
    if (org.retired) return;
    for (const each of POLICIES) {
      const { name, text } = this.policies[each];
      new Policy(this, `${each}-policy`, { name, policy: text });
    }
    if (!ci) return;
    for (const job of JOBS) {
      addRole(this, org, ci, job, tokenOf(this.policies[job], props.tokenMinutes));
    }
  }
}

function problemsOf({ org, ci, tokenMinutes = 1 }: VaultOrgAccessProps): string[] {
  const { most } = TOKEN_MINUTES;
  const outOfRange =
    !Token.isUnresolved(tokenMinutes) &&
    (!Number.isInteger(tokenMinutes) || tokenMinutes < 1 || tokenMinutes > most);
  return [
    ...(outOfRange
      ? [`tokenMinutes is ${tokenMinutes}; give whole minutes from 1 to ${most}`]
      : []),
    ...(ci ? ciProblems(org, ci, (text) => !Token.isUnresolved(text)) : []),
  ];
}

function addMount(scope: Construct, org: Org) {
  const { name } = org;
  const mount = new Mount(scope, "mount", {
    path: vaultOf(org).mount,
    type: "kv",
    options: { version: "2" },
    description: `Credentials of ${name}`,
    lifecycle: { preventDestroy: true },
  });
  new KvSecretBackendV2(scope, "mount-settings", {
    mount: mount.path,
    maxVersions: KEPT_VERSIONS,
    // Vault would delete a credential that is still in use.
    deleteVersionAfter: 0,
  });
}

/** Arguments of every role: a token for one run, which cannot be renewed for longer. */
interface TokenArguments {
  readonly tokenPolicies: string[];
  readonly tokenTtl: number;
  readonly tokenMaxTtl: number;
  readonly tokenType: string;
}

function tokenOf({ name }: VaultPolicy, minutes: number = TOKEN_MINUTES.default): TokenArguments {
  const seconds = minutes * 60;
  // A batch token cannot be revoked.
  return {
    tokenPolicies: [name],
    tokenTtl: seconds,
    tokenMaxTtl: seconds,
    tokenType: "service",
  };
}

function addRole(scope: Construct, org: Org, ci: CiJobs, job: VaultJob, token: TokenArguments) {
  const { auth, roles } = vaultOf(org);
  if (auth.method === "token") return;
  const id = `${job}-role`;
  const named = { backend: authMountOf(auth), roleName: roles[job], ...token };
  switch (ci.identity) {
    case "github":
    case "gitlab":
    case "azure-devops": {
      const binding = jwtBindingOf(org, ci, job);
      if (!binding) return;
      const { userClaim, boundAudiences, boundSubject, boundClaims } = binding;
      new JwtAuthBackendRole(scope, id, {
        ...named,
        roleType: "jwt",
        userClaim,
        boundAudiences: [...boundAudiences],
        ...(boundSubject !== undefined && { boundSubject }),
        ...(boundClaims && {
          boundClaims: { ...boundClaims },
          boundClaimsType: "string",
        }),
      });
      return;
    }
    case "approle": {
      const networks = ci.networks && [...ci.networks];
      new ApproleAuthBackendRole(scope, id, {
        ...named,
        secretIdTtl: (ci.secretIdDays ?? SECRET_ID_DAYS) * DAY_SECONDS,
        ...(networks && { secretIdBoundCidrs: networks, tokenBoundCidrs: networks }),
      });
      return;
    }
    case "kubernetes":
      new KubernetesAuthBackendRole(scope, id, {
        ...named,
        audience: ci.audience,
        boundServiceAccountNames: [ci.serviceAccounts?.[job] ?? vaultEnvironmentOf(org.name, job)],
        boundServiceAccountNamespaces: [...ci.namespaces],
      });
      return;
    case "aws": {
      const principals = ci.principals[job] ?? [];
      if (principals.length === 0) return;
      const { backend, roleName: role } = named;
      new AwsAuthBackendRole(scope, id, {
        ...token,
        backend,
        role,
        authType: "iam",
        boundIamPrincipalArns: [...principals],
      });
    }
  }
}
