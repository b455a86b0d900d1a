import type { Org, VaultJob } from "../registry/model";
import { vaultEnvironmentOf } from "../registry/names";
import { vaultOf } from "../registry/vault-mount";
import type { AzureDevOpsJobs, GitHubJobs, GitLabJobs } from "./ci-jobs";

/** The claims that a JWT must have, so that Vault lets it in. */
export interface JwtBinding {
  /** The claim that names the job in Vault's audit log. Each new value counts as a client of Vault. */
  readonly userClaim: string;
  readonly boundAudiences: readonly string[];
  readonly boundSubject?: string;
  /** Claims with their exact values. A comma separates values of which one is right. */
  readonly boundClaims?: Readonly<Record<string, string>>;
}

/** The audience of a service connection's token. */
const AZURE_AUDIENCE = "api://AzureADTokenExchange";

/** Returns what the JWT of a job must say; undefined if the job has no role. */
export function jwtBindingOf(
  org: Org,
  ci: GitHubJobs | GitLabJobs | AzureDevOpsJobs,
  job: VaultJob,
): JwtBinding | undefined {
  if (ci.identity === "azure-devops") {
    const subject = ci.subjects[job];
    if (subject === undefined) return undefined;
    const { audience = AZURE_AUDIENCE } = ci;
    return { userClaim: "sub", boundAudiences: [audience], boundSubject: subject };
  }
  const { audience = vaultOf(org).address } = ci;
  const environment = ci.environments?.[job] ?? vaultEnvironmentOf(org.name, job);
  const workflows = ci.workflows?.[job]?.join(",");
  const boundAudiences = [audience];
  if (ci.identity === "github") {
    return {
      // One for each environment; that of the workflow has one for each pull request.
      userClaim: "sub",
      boundAudiences,
      boundClaims: {
        repository_id: repositoryIdOf(org, ci) ?? "",
        environment,
        ...(workflows && { job_workflow_ref: workflows }),
      },
    };
  }
  return {
    userClaim: "project_id",
    boundAudiences,
    boundClaims: {
      project_id: ci.projectId,
      environment,
      ref_protected: "true",
      ...(workflows && { ci_config_ref_uri: workflows }),
    },
  };
}

/** Returns the id of the repository whose jobs log in; undefined if neither jobs nor home name one. */
export const repositoryIdOf = (org: Org, { repositoryId }: GitHubJobs): string | undefined =>
  repositoryId ?? org.state.home.github?.repositoryId;
