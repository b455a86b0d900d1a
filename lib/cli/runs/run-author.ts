import { hostname, userInfo } from "node:os";
import { runChild } from "../../terraform/child";
import type { Io } from "../terminal/io";
import type { RunAuthor } from "./run-report";

/** Returns the author of a run, without the ARN: AWS must be asked for it. */
export function runAuthor(env: NodeJS.ProcessEnv): RunAuthor {
  const job = jobOf(env);
  return { user: `${userOf(env)}@${hostname()}`, ...(job !== undefined && { job }) };
}

/** The user, as Terraform writes it into a lock: a container's user may have no name. */
function userOf({ USER = "" }: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return USER;
  }
}

/** Returns the address of the job in GitHub Actions, GitLab or Azure Pipelines. */
function jobOf(env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = env;
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_RUN_ID) {
    const attempt = GITHUB_RUN_ATTEMPT ? `/attempts/${GITHUB_RUN_ATTEMPT}` : "";
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}${attempt}`;
  }
  if (env.CI_JOB_URL) return env.CI_JOB_URL;
  const { SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: azure, SYSTEM_TEAMPROJECT, BUILD_BUILDID } = env;
  if (azure && SYSTEM_TEAMPROJECT && BUILD_BUILDID) {
    const project = `${azure.replace(/\/*$/, "")}/${encodeURIComponent(SYSTEM_TEAMPROJECT)}`;
    return `${project}/_build/results?buildId=${BUILD_BUILDID}`;
  }
  return undefined;
}

/**
 * Returns the commit that is checked out in a folder, for example `4f0c…-dirty` if files of the commit
 * have changed; undefined without git or a commit.
 */
export async function commitOf({ cwd, env, signal }: Pick<Io, "cwd" | "env" | "signal">) {
  const args = [
    // Reading must neither lock the repository nor start what it configures.
    "--no-optional-locks",
    ...["-c", "core.fsmonitor=false"],
    ...["describe", "--always", "--exclude=*", "--abbrev=64", "--dirty"],
  ];
  try {
    const { code, stdout } = await runChild({ command: "git", args, cwd, env, signal });
    const commit = stdout.trim();
    return code === 0 && /^[0-9a-f]{40,64}(-dirty)?$/.test(commit) ? commit : undefined;
  } catch {
    return undefined;
  }
}
