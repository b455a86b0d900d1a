import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { run } from "../support/consumer-project";
import { temporaryFolder } from "../support/folders";
import { ROOT } from "../support/synthesized-app";

/** Returns what a function of a script of tools/ returns, or the message of its error. */
function call(script: string, name: string, ...args: readonly unknown[]): unknown {
  const { href } = pathToFileURL(join(ROOT, "tools", script));
  const code = `const module = await import(${JSON.stringify(href)});
    let result;
    try { result = module.${name}(...${JSON.stringify(args)}); } catch (error) { result = error.message; }
    process.stdout.write(JSON.stringify(result));`;
  return JSON.parse(run(process.execPath, ["--input-type=module", "-e", code], temporaryFolder()));
}

const READY = {
  manifest: {
    version: "1.2.0",
    repository: { url: "git+https://github.com/acme/orgs.git" },
  },
  changelog: "# Changelog\n\n## 1.2.0\n\n- A change.\n",
  changes: "",
  changesets: ["config.json", "changelog.mjs"],
  workflow: { repository: "acme/orgs", tag: "v1.2.0" },
};

test("a committed checkout with its tag and its part of the changelog is a release", () => {
  expect(call("release.mjs", "obstacles", READY)).toEqual([]);
  expect(call("release.mjs", "obstacles", { ...READY, workflow: undefined })).toEqual([]);
});

test.each([
  ["has changes", { changes: " M lib/index.ts\n" }, "not committed:\n M lib/index.ts"],
  [
    "has a changeset that is in no version",
    { changesets: ["config.json", "quick-dogs-run.md"] },
    '.changeset has quick-dogs-run.md: run "npm run release:version" first',
  ],
  [
    "has a version that the changelog does not have",
    { changelog: "# Changelog\n\n## 1.2.0-rc.1\n\n## 1x2.0\n" },
    'CHANGELOG.md has no heading "## 1.2.0": it says what is in this version',
  ],
  [
    "has a tag of another version",
    { workflow: { repository: "acme/orgs", tag: "v1.3.0" } },
    "the tag is v1.3.0, but package.json has version 1.2.0",
  ],
  [
    "is a fork",
    { workflow: { repository: "someone/orgs", tag: "v1.2.0" } },
    "repository.url is git+https://github.com/acme/orgs.git, but this is someone/orgs",
  ],
  [
    "does not say whose it is",
    {
      manifest: {
        version: "1.2.0",
        repository: { url: "git+https://github.com/OWNER/orgs.git" },
      },
      workflow: undefined,
    },
    "put the project's own address there",
  ],
])("a checkout that %s is refused as a release", (_, patch, message) => {
  expect(call("release.mjs", "obstacles", { ...READY, ...patch })).toEqual([
    expect.stringContaining(message),
  ]);
});

const component = (reference: string) => ({ "bom-ref": reference });
const bill = (...references: string[]) => ({
  components: references.map(component),
  dependencies: references.map((ref) => ({ ref, dependsOn: [] })),
});

test("the bill of materials has the packages inside the functions' zips, each once", () => {
  const everything = bill("a@1", "b@2", "c@3", "test-only@1");
  expect(call("sbom.mjs", "withBundled", bill("c@3", "a@1"), everything, ["a@1", "b@2"])).toEqual({
    components: [component("a@1"), { ...component("b@2"), scope: "required" }, component("c@3")],
    dependencies: [
      { ref: "c@3", dependsOn: [] },
      { ref: "a@1", dependsOn: [] },
      { ref: "b@2", dependsOn: [] },
    ],
  });
  expect(call("sbom.mjs", "withBundled", bill("a@1"), everything, ["b@9"])).toBe(
    "b@9 is bundled, but not installed: run npm ci",
  );
});

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly needs?: string | readonly string[];
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

const WORKFLOWS = join(ROOT, ".github/workflows");
const workflowText = (name: string) => readFileSync(join(WORKFLOWS, name), "utf8");

test.each(readdirSync(WORKFLOWS))(
  "%s names its actions by commit, with the version beside it",
  (name) => {
    const uses = [...workflowText(name).matchAll(/uses: (.+)/g)].map(([, action]) => action);
    // Vault trusts the plan's workflow by the name of the branch.
    const others = uses.filter((action) => !action?.includes("/genesys-plan.yml@main"));
    expect(others.filter((action) => !/^[\w./-]+@[0-9a-f]{40} # v\d/.test(`${action}`))).toEqual(
      [],
    );
  },
);

test("only the approved job of the release can publish, and it runs no code of the checkout", () => {
  const { permissions, jobs } = parse(workflowText("release.yml")) as {
    readonly permissions: object;
    readonly jobs: Readonly<Record<string, Job>>;
  };
  expect(permissions).toEqual({});
  const allowed = (permission: string) =>
    Object.entries(jobs).flatMap(([name, job]) =>
      job.permissions?.[permission] === "write" ? name : [],
    );
  expect(allowed("id-token")).toEqual(["publish"]);
  expect(allowed("contents")).toEqual(["notes"]);
  expect(jobs.publish).toMatchObject({
    environment: "npm",
    needs: ["build", "check", "reproduce"],
  });
  for (const name of ["publish", "notes"]) {
    const steps = jobs[name]?.steps ?? [];
    expect(steps.filter(({ uses }) => uses?.includes("checkout"))).toEqual([]);
    expect(steps.filter(({ run: line }) => /npm (ci|run|install)/.test(line ?? ""))).toEqual([]);
  }
});
