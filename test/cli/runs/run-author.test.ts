import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { commitOf, runAuthor } from "../../../lib/cli/runs/run-author";
import { temporaryFolder } from "../../support/folders";

describe("the author of a run", () => {
  test("is a user and a host", () => {
    expect(runAuthor({})).toEqual({ user: `${os.userInfo().username}@${os.hostname()}` });
  });

  test("is the user of the environment where the system has no name for it, as for Terraform", () => {
    const nameless = jest.spyOn(os, "userInfo").mockImplementation(() => {
      throw new Error("ENOENT: uv_os_get_passwd");
    });
    expect(runAuthor({ USER: "ci" }).user).toBe(`ci@${os.hostname()}`);
    expect(runAuthor({}).user).toBe(`@${os.hostname()}`);
    nameless.mockRestore();
  });

  test.each([
    [
      "GitHub Actions",
      {
        GITHUB_SERVER_URL: "https://github.com",
        GITHUB_REPOSITORY: "example/platform",
        GITHUB_RUN_ID: "7",
        GITHUB_RUN_ATTEMPT: "2",
      },
      "https://github.com/example/platform/actions/runs/7/attempts/2",
    ],
    ["GitLab", { CI_JOB_URL: "https://gitlab.com/a/-/jobs/7" }, "https://gitlab.com/a/-/jobs/7"],
    [
      "Azure Pipelines",
      {
        SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: "https://dev.azure.com/example/",
        SYSTEM_TEAMPROJECT: "Our Platform",
        BUILD_BUILDID: "7",
      },
      "https://dev.azure.com/example/Our%20Platform/_build/results?buildId=7",
    ],
  ])("has the address of the job in %s", (_where, env, job) => {
    expect(runAuthor(env).job).toBe(job);
  });
});

describe("the commit of a run", () => {
  const { signal } = new AbortController();
  const of = (cwd: string, env: NodeJS.ProcessEnv = process.env) =>
    commitOf({ cwd, env: { ...env, GIT_CEILING_DIRECTORIES: os.tmpdir() }, signal });
  const git = (cwd: string, ...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd })
      .toString()
      .trim();
  const repository = () => {
    const folder = temporaryFolder();
    git(folder, "init", "--quiet");
    writeFileSync(join(folder, "a"), "one");
    git(folder, "add", "a");
    git(folder, "commit", "--quiet", "--message=a");
    return folder;
  };

  test("is the one that is checked out, whatever its tags", async () => {
    const folder = repository();
    git(folder, "tag", "--annotate", "--message=a", "v1");
    expect(await of(folder)).toBe(git(folder, "rev-parse", "HEAD"));
  });

  test("says that a file of it has changed", async () => {
    const folder = repository();
    writeFileSync(join(folder, "a"), "two");
    expect(await of(folder)).toBe(`${git(folder, "rev-parse", "HEAD")}-dirty`);
  });

  test("is unknown without a repository, without a commit and without git", async () => {
    const folder = temporaryFolder();
    expect(await of(folder)).toBeUndefined();
    git(folder, "init", "--quiet");
    expect(await of(folder)).toBeUndefined();
    expect(await of(repository(), { PATH: "/nonexistent" })).toBeUndefined();
  });

  test("does not start what the repository configures", async () => {
    const folder = repository();
    const started = join(folder, "started");
    git(folder, "config", "core.fsmonitor", `touch ${started}; false`);
    await of(folder);
    expect(() => execFileSync("ls", [started], { stdio: "ignore" })).toThrow();
  });
});
