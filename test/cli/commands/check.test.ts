import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { orgReport } from "../../rehearsal/reports";
import { buildCommands, startCommand } from "../../support/built-command";
import {
  HARMLESS_SHAPES,
  type KeyAndValue,
  NOTATIONS,
  PLACEHOLDERS,
  SECRET_SHAPES,
  stackWith,
} from "../../support/planted/repository";
import { fakeProject } from "../../support/project";
import { ROOT } from "../../support/synthesized-app";

// In a process of its own: secretlint is an ES module, which Jest does not load.
beforeAll(() => buildCommands(), 120_000);

const check = (folder: string, ...options: string[]) =>
  startCommand(folder, ["check", ...options], { CI: "" }).ended;

const git = (folder: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: "pipe",
  });

/** A project in git with some files. */
function projectWith(files: Readonly<Record<string, string>>, says = "", exitCode = 0): string {
  const folder = fakeProject({ orgs: [orgReport("org-1")], says, exitCode });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(folder, ".gitignore"), "cdktf.out\n");
  git(folder, "init", "-q");
  return folder;
}

const nameOf = (kind: string, index: number, ending: string) =>
  `planted/${kind}-${index}.${ending}`;

/** Files with each entry in each notation, and a stack of an earlier synthesis for each. */
function planted(kind: string, entries: readonly KeyAndValue[]): Record<string, string> {
  const files = entries.flatMap((entry, index) => [
    ...Object.entries(NOTATIONS).map(
      ([ending, write]) => [nameOf(kind, index, ending), write(entry)] as const,
    ),
    [`cdktf.out/stacks/${kind}-${index}/cdk.tf.json`, stackWith(entry)] as const,
  ]);
  return Object.fromEntries(files);
}

interface Scan {
  readonly place: string;
  readonly findings: readonly { readonly file: string; readonly line: number }[];
}

describe("planted in TypeScript, YAML, JSON and synthesized stacks", () => {
  let found: { readonly clean: boolean; readonly scans: readonly Scan[] };
  let output: string;
  beforeAll(async () => {
    const files = { ...planted("secret", SECRET_SHAPES), ...planted("harmless", HARMLESS_SHAPES) };
    const { stdout } = await check(projectWith(files), "--json");
    output = stdout;
    found = JSON.parse(stdout);
  });

  const filesIn = (place: string) =>
    found.scans.find((scan) => scan.place === place)?.findings.map(({ file }) => file) ?? [];
  const endings = Object.keys(NOTATIONS);
  const casesOf = (entries: readonly KeyAndValue[]) =>
    entries.flatMap(({ name }, index) => endings.map((ending) => ({ name, index, ending })));

  test.each(casesOf(SECRET_SHAPES))("found in .$ending: $name", ({ index, ending }) => {
    expect(filesIn("the repository")).toContain(nameOf("secret", index, ending));
  });

  test.each(casesOf(HARMLESS_SHAPES))("not reported in .$ending: $name", ({ index, ending }) => {
    expect(filesIn("the repository")).not.toContain(nameOf("harmless", index, ending));
  });

  test.each(SECRET_SHAPES.map(({ name }, index) => ({ name, index })))(
    "found in a synthesized stack: $name",
    ({ index }) => {
      expect(filesIn("cdktf.out")).toContain(`stacks/secret-${index}/cdk.tf.json`);
    },
  );

  // In a stack, any text under the key of a secret is one: Terraform would send it.
  const harmlessInStacks = HARMLESS_SHAPES.map((entry, index) => ({ ...entry, index })).filter(
    ({ value }) => !PLACEHOLDERS.includes(value),
  );
  test.each(harmlessInStacks)("not reported in a synthesized stack: $name", ({ index }) => {
    expect(filesIn("cdktf.out")).not.toContain(`stacks/harmless-${index}/cdk.tf.json`);
  });

  test("the output has none of them", () => {
    expect(found.clean).toBe(false);
    for (const { value } of SECRET_SHAPES) {
      expect(output).not.toContain(JSON.stringify(value).slice(1, -1));
      expect(output).not.toContain(value.slice(-12));
    }
  });
});

const secretOf = (index: number) => SECRET_SHAPES[index] as KeyAndValue;
const SETTINGS = NOTATIONS.yaml?.(secretOf(0)) ?? "";

test("says what it has checked, and has the exit code 0 if nothing was found", async () => {
  const folder = projectWith({
    "orgs/na.yaml": "name: na\n",
    "logo.png": "PNG\0",
    "big.json": " ".repeat(1_000_001),
  });
  const { code, stdout, stderr } = await check(folder);
  expect([code, stdout]).toEqual([
    0,
    [
      "registry and policies: 1 organisation, 1 stack, no problem",
      "secrets in the repository: 6 files, no secret; not read: 1 binary: logo.png; 1 larger than 1 MB: big.json",
      "secrets in the synthesized output: 2 files, no secret",
      "all is well",
      "",
    ].join("\n"),
  ]);
  expect(stderr).toBe(
    "looking for secrets in the repository: 8 files\nsynthesizing\nlooking for secrets in the synthesized output: 2 files\n",
  );
});

test("names file, line and kind of a secret, and not the secret", async () => {
  const { code, stdout } = await check(projectWith({ "orgs/na.yaml": SETTINGS }));
  expect(code).toBe(2);
  expect(stdout).toContain("secrets in the repository: 6 files, 1 secret found\n");
  expect(stdout).toContain(
    "  orgs/na.yaml:2:16: a client secret of Genesys Cloud (genesys-orgs)\n",
  );
  expect(stdout).not.toContain(secretOf(0).value.slice(0, 8));
});

test("a problem of the registry is one, in the app's own words", async () => {
  const { code, stdout } = await check(projectWith({}, "2 problems in the registry", 1));
  expect(code).toBe(2);
  expect(stdout).toMatch(
    /^registry and policies: the synthesis fails\n {2}2 problems in the registry\nsecrets in the repository: 5 files, no secret\n$/,
  );
});

test("comments of secretlint, and .secretlintignore, say what is no secret", async () => {
  const folder = projectWith({
    "one.yaml": SETTINGS.replace("\nregion", " # secretlint-disable-line\nregion"),
    "two.ts": `// secretlint-disable-next-line\nexport const id = "${secretOf(0).value}";\n`,
    "examples/three.yaml": SETTINGS,
    ".secretlintignore": "examples/\n",
  });
  git(folder, "add", "-A");
  expect(await check(folder)).toMatchObject({ code: 0 });
});

test("a waiver in a stack counts in cdktf.out as well", async () => {
  const stack = JSON.parse(stackWith(secretOf(0)));
  const waived = { ...stack, "//": { waivers: { "GO-SECRET-LITERAL": "an example of the docs" } } };
  const file = "cdktf.out/stacks/org/cdk.tf.json";
  expect((await check(projectWith({ [file]: JSON.stringify(stack) }))).code).toBe(2);
  expect((await check(projectWith({ [file]: JSON.stringify(waived) }))).code).toBe(0);
});

describe("--staged", () => {
  test("looks at what the next commit has, and not at the working tree", async () => {
    const folder = projectWith({ "one.yaml": SETTINGS, "two.yaml": SETTINGS });
    git(folder, "add", "one.yaml");
    writeFileSync(join(folder, "one.yaml"), "name: crm\n");
    const { code, stdout } = await check(folder, "--staged");
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^secrets in the staged files: 1 file, 1 secret found\n {2}one\.yaml:2:16/,
    );
    git(folder, "add", "one.yaml");
    expect(await check(folder, "--staged")).toMatchObject({
      code: 0,
      stdout: "secrets in the staged files: 1 file, no secret\nall is well\n",
    });
  });

  test("works as a hook, also for a commit of some files, in a folder of the repository", async () => {
    const folder = projectWith({ "sub/one.yaml": SETTINGS, "sub/two.yaml": "name: crm\n" });
    const command = join(ROOT, "dist/lib/cli/main.js");
    const hook = join(folder, ".git/hooks/pre-commit");
    writeFileSync(hook, `#!/bin/sh\ncd sub && node ${command} check --staged\n`, { mode: 0o755 });
    const commit = (name: string) => () => {
      git(folder, "add", "-N", `sub/${name}`);
      return git(folder, "commit", "-m", name, "--", `sub/${name}`);
    };
    expect(commit("one.yaml")).toThrow("one.yaml:2:16: a client secret of Genesys Cloud");
    expect(commit("two.yaml")()).toContain("1 file changed");
  });
});

test("a project that is not in git is an error that says so", async () => {
  const folder = fakeProject({ orgs: [orgReport("org-1")] });
  expect(await check(folder)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("is not in a git repository: run `git init`"),
  });
});

test("without secretlint, which is an optional package, it says how to install it", async () => {
  const hooks = `export async function resolve(name, context, next) {
    if (name.startsWith("@secretlint/")) throw Object.assign(new Error(), { code: "ERR_MODULE_NOT_FOUND" });
    return next(name, context);
  }`;
  const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const register = `import { register } from "node:module"; register(${JSON.stringify(url(hooks))});`;
  const { ended } = startCommand(projectWith({}), ["check"], {}, ["--import", url(register)]);
  expect(await ended).toMatchObject({
    code: 1,
    stderr:
      "secretlint is not installed, and the scan for secrets needs it: npm install --save-dev @secretlint/core@11 @secretlint/secretlint-rule-preset-recommend@11\n",
  });
});
