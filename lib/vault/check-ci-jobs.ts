import type { Org } from "../registry/model";
import { ROLE_ARN_PATTERN } from "../registry/patterns";
import { vaultOf } from "../registry/vault-mount";
import type { CiJobs } from "./ci-jobs";
import { repositoryIdOf } from "./jwt-binding";

/**
 * Returns what is wrong with the jobs of an org that may log in to Vault.
 *
 * @param known whether a text is a literal, and not an expression that only Terraform knows
 */
export function ciProblems(
  org: Org,
  ci: CiJobs,
  known: (text: string) => boolean = () => true,
): string[] {
  const method = METHODS[ci.identity];
  const problems: string[] = [];
  const check = (path: string, values: readonly string[], form: RegExp, expected: string) => {
    for (const value of values) {
      if (!known(value) || form.test(value)) continue;
      problems.push(`ci.${path} is "${value}"; ${expected}`);
    }
  };
  const { auth } = vaultOf(org);
  if (auth.method !== method) {
    problems.push(
      `ci.identity is "${ci.identity}", but vault.auth.method of ${org.name} is "${auth.method}"; set it to "${method}", or leave ci out`,
    );
  }
  switch (ci.identity) {
    case "github": {
      const id = repositoryIdOf(org, ci);
      if (id === undefined) {
        problems.push(
          `ci.repositoryId is missing, and the home ${org.state.home.name} has no github; give the repository's numeric id, in quotes`,
        );
      } else check("repositoryId", [id], DIGITS, "give the repository's numeric id");
      break;
    }
    case "gitlab":
      check("projectId", [ci.projectId], DIGITS, "give the project's numeric id");
      break;
    case "azure-devops":
      check(
        "subjects",
        Object.values(ci.subjects),
        EXACT,
        "give the whole subject of the service connection, without wildcards",
      );
      break;
    case "approle": {
      const { secretIdDays: days = 1 } = ci;
      if (!Number.isInteger(days) || days < 1 || days > MOST_SECRET_ID_DAYS) {
        problems.push(
          `ci.secretIdDays is ${days}; give whole days from 1 to ${MOST_SECRET_ID_DAYS}`,
        );
      }
      break;
    }
    case "kubernetes":
      check("namespaces", ci.namespaces, EXACT, "name each namespace, without wildcards");
      if (ci.namespaces.length === 0) {
        problems.push("ci.namespaces is empty; name at least one namespace");
      }
      check(
        "serviceAccounts",
        Object.values(ci.serviceAccounts ?? {}),
        EXACT,
        "name each service account, without wildcards",
      );
      check("audience", [ci.audience], EXACT, "give the audience of the service accounts' tokens");
      break;
    case "aws":
      check(
        "principals",
        Object.values(ci.principals).flat(),
        new RegExp(ROLE_ARN_PATTERN),
        "give the full ARN of an IAM role, without wildcards",
      );
      break;
  }
  if (ci.identity === "github" || ci.identity === "gitlab") {
    check(
      "workflows",
      Object.values(ci.workflows ?? {}).flat(),
      /^[^\s*?,@]+@[^\s*?,]+$/,
      "give the file and its whole revision, such as …/deploy.yml@refs/heads/main, without wildcards and commas",
    );
    check(
      "environments",
      Object.values(ci.environments ?? {}),
      EXACT,
      "give the environment's name, without wildcards and commas",
    );
  }
  return problems;
}

const METHODS = {
  github: "jwt",
  gitlab: "jwt",
  "azure-devops": "jwt",
  approle: "approle",
  kubernetes: "kubernetes",
  aws: "aws",
} as const;

const MOST_SECRET_ID_DAYS = 365;
const DIGITS = /^\d{1,20}$/;
const EXACT = /^[^*?,]+$/;
