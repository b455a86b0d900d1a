import type { VaultJob } from "../registry/model";

/**
 * The jobs of CI that may log in to Vault, by the identity that they prove. The first three are for
 * `vault.auth.method: jwt`.
 */
export type CiJobs =
  | GitHubJobs
  | GitLabJobs
  | AzureDevOpsJobs
  | AppRoleJobs
  | KubernetesJobs
  | AwsJobs;

/** Jobs of GitHub Actions, each in an environment of its own. */
export interface GitHubJobs {
  readonly identity: "github";
  /**
   * Id of the repository, digits.
   * @default - that of the `github` of the org's state home
   */
  readonly repositoryId?: string;
  /**
   * Files of the workflows, one of which a job must run, each with its revision, as in the claim
   * `job_workflow_ref`: `<owner>/<repository>/.github/workflows/<file>@refs/heads/main`. A job of a pull
   * request has this revision only if it is in a reusable workflow that is called by the branch `main`.
   * @default - any workflow of the repository, so that a pull request may add one: only the environment
   *   decides
   */
  readonly workflows?: Partial<Readonly<Record<VaultJob, readonly string[]>>>;
  /**
   * Audience of GitHub's token.
   * @default - the address of the Vault server
   */
  readonly audience?: string;
  /** @default - `plan-<org>`, `apply-<org>` and `rotate-<org>` */
  readonly environments?: Partial<Readonly<Record<VaultJob, string>>>;
}

/**
 * Jobs of GitLab CI, each in an environment of its own, on a protected branch. A merge request has no role, not
 * even the planner's, since its own branch describes its jobs.
 */
export interface GitLabJobs {
  readonly identity: "gitlab";
  /** Id of the project, digits. */
  readonly projectId: string;
  /**
   * Files of the pipelines, one of which a job must run, each with its revision, as in the claim
   * `ci_config_ref_uri`: `<host>/<project>//.gitlab-ci.yml@refs/heads/main`.
   * @default - any file of the project: only the environment and the protected branch decide
   */
  readonly workflows?: Partial<Readonly<Record<VaultJob, readonly string[]>>>;
  /**
   * Audience of GitLab's token, from `id_tokens`.
   * @default - the address of the Vault server
   */
  readonly audience?: string;
  /** @default - `plan-<org>`, `apply-<org>` and `rotate-<org>` */
  readonly environments?: Partial<Readonly<Record<VaultJob, string>>>;
}

/** Jobs of Azure DevOps, each with a service connection of its own. */
export interface AzureDevOpsJobs {
  readonly identity: "azure-devops";
  /**
   * Subject of each service connection, as Azure DevOps shows it, such as
   * `sc://<organization>/<project>/<service connection>`. A job without one gets no role.
   */
  readonly subjects: Partial<Readonly<Record<VaultJob, string>>>;
  /** @default "api://AzureADTokenExchange" */
  readonly audience?: string;
}

/** Machines with an AppRole: a RoleID and a SecretID, which is a stored secret. Prefer another identity. */
export interface AppRoleJobs {
  readonly identity: "approle";
  /**
   * Lifetime of a SecretID in days, 1 to 365, and at most what the auth mount allows (32 by default).
   * @default 30
   */
  readonly secretIdDays?: number;
  /**
   * Networks (CIDR) from which the machines log in and use their tokens.
   * @default - any
   */
  readonly networks?: readonly string[];
}

/** Pods of Kubernetes, by their service accounts. */
export interface KubernetesJobs {
  readonly identity: "kubernetes";
  /** Namespaces of the service accounts, without wildcards. */
  readonly namespaces: readonly string[];
  /** @default - `plan-<org>`, `apply-<org>` and `rotate-<org>` */
  readonly serviceAccounts?: Partial<Readonly<Record<VaultJob, string>>>;
  /** Audience of the service accounts' tokens. */
  readonly audience: string;
}

/** Jobs with an AWS identity. */
export interface AwsJobs {
  readonly identity: "aws";
  /**
   * ARNs of the IAM roles of each job, without wildcards. A job without one gets no role. Vault must be
   * able to read the roles (`iam:GetRole`), so that a new role with an old name is not let in.
   */
  readonly principals: Partial<Readonly<Record<VaultJob, readonly string[]>>>;
}
