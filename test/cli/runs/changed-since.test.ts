import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { selectStacks } from "../../../lib/cli/runs/select-stacks";
import { orgReport } from "../../rehearsal/reports";
import { fakeProject } from "../../support/project";
import { orgNames, readJson, stackFileOf } from "../stored-orgs";

/** A project in git whose stacks each name an asset. */
function committedProject(): { folder: string; git: (...args: string[]) => string } {
  const folder = fakeProject({
    orgs: orgNames(4).map((name) => orgReport(name)),
    stackOf: ({ name }) => ({ output: { code: { value: `../../assets/${name}/code.zip` } } }),
  });
  for (const name of orgNames(4)) asset(folder, name, "v1");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
    }).trim();
  writeFileSync(join(folder, ".gitignore"), "node_modules\ncdktf.out\n");
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "base");
  return { folder, git };
}

/** The app copies `ready/stacks`; assets lie next to it, as cdktf has them. */
function asset(folder: string, name: string, text: string): void {
  const place = join(folder, "ready/assets", name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "code.zip"), text);
}

async function selected(folder: string, changedSince: string, names: string[] = []) {
  const said: string[] = [];
  const io = {
    stdout: { write: () => {} },
    stderr: { write: (text: string) => said.push(text) },
    env: process.env,
    cwd: folder,
    signal: new AbortController().signal,
    now: Date.now,
  };
  const stacks = await selectStacks(io, { names, changedSince });
  return { orgs: stacks.map(({ org }) => org.name), said: said.join("") };
}

function changeStack(folder: string, name: string): void {
  const file = stackFileOf(folder, name);
  writeFileSync(file, JSON.stringify({ ...readJson(file), locals: { changed: true } }));
}

test("chooses the stacks whose JSON or assets differ from a revision, and new ones", async () => {
  const { folder, git } = committedProject();
  expect(await selected(folder, "HEAD")).toEqual({
    orgs: [],
    said: "4 stacks left out, since HEAD has the same\n",
  });
  changeStack(folder, "org-2");
  asset(folder, "org-3", "v2");
  const registry = join(folder, "ready/registry.json");
  const { orgs, ...rest } = readJson(registry);
  writeFileSync(registry, JSON.stringify({ ...rest, orgs: [...orgs, orgReport("org-5")] }));
  mkdirSync(join(folder, "ready/stacks/org-org-5"));
  writeFileSync(
    stackFileOf(folder, "org-5"),
    JSON.stringify({ terraform: { backend: { s3: {} } } }),
  );
  expect((await selected(folder, "HEAD")).orgs).toEqual(["org-2", "org-3", "org-5"]);
  expect((await selected(folder, "HEAD", ["org-1", "org-5"])).orgs).toEqual(["org-5"]);
  expect(git("status", "--porcelain", "ready/stacks/org-org-2")).toMatch(/^M? ?M/);
  expect(git("worktree", "list").split("\n")).toHaveLength(1);
});

test("compares with a folder that was synthesized before", async () => {
  const { folder } = committedProject();
  await selected(folder, "HEAD");
  execFileSync("cp", ["-r", "cdktf.out/orgs", "before"], { cwd: folder });
  changeStack(folder, "org-4");
  expect((await selected(folder, "before")).orgs).toEqual(["org-4"]);
});

test("other packages may have changed everything", async () => {
  const { folder } = committedProject();
  writeFileSync(join(folder, "package-lock.json"), "{}");
  const { orgs, said } = await selected(folder, "HEAD");
  expect(orgs).toHaveLength(4);
  expect(said).toContain("package-lock.json differs from HEAD: all stacks may have changed");
});

test("names a revision that does not exist, and leaves nothing behind", async () => {
  const { folder } = committedProject();
  await expect(selected(folder, "--output=x")).rejects.toThrow(
    `--changed-since --output=x: ${folder} has neither such a git revision, nor such a folder with genesys-orgs.json`,
  );
  rmSync(join(folder, ".git"), { recursive: true });
  await expect(selected(folder, "main")).rejects.toThrow("has neither such a git revision");
  expect(readdirSync(folder)).not.toContain("x");
});
