import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildLibraryExample, pack, run } from "../support/consumer-project";
import { temporaryFolder } from "../support/folders";
import { pageText } from "../support/pages";
import { ROOT } from "../support/synthesized-app";

const LIBRARY_PAGE = pageText("docs/library.md");

/** The packages that docs/library.md tells a user to install. */
function documentedPackages(): Record<string, string> {
  const [, packages = ""] = /npm install cdktf-genesys-orgs (.*)/.exec(LIBRARY_PAGE) ?? [];
  return Object.fromEntries(
    packages.split(" ").map((name) => {
      const at = name.lastIndexOf("@");
      return [name.slice(0, at), name.slice(at + 1)];
    }),
  );
}

/** Really installs the packed library into an empty project, and runs the whole app of docs/library.md. */
function synthesizedByExample(manifest: {
  dependencies: Record<string, string>;
  overrides?: Record<string, string>;
}): { project: string; stack: string } {
  const project = temporaryFolder();
  const dependencies = {
    ...manifest.dependencies,
    "cdktf-genesys-orgs": `file:${pack()}`,
    "@types/node": "20",
  };
  writeFileSync(join(project, "package.json"), JSON.stringify({ ...manifest, dependencies }));
  run("npm", ["install", "--ignore-scripts"], project);
  buildLibraryExample(project);
  run(process.execPath, ["main.js"], project);
  const stack = readFileSync(join(project, "cdktf.out/stacks/org-na-prod/cdk.tf.json"), "utf8");
  return { project, stack };
}

test("the packed library, really installed, runs the whole app of docs/library.md and has its command", () => {
  const { project, stack } = synthesizedByExample({ dependencies: documentedPackages() });
  expect(JSON.parse(stack).terraform.backend.s3.key).toBe("orgs/na-prod/terraform.tfstate");
  expect(run("npx", ["genesys-orgs", "--version"], project).trim()).toBe(
    JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version,
  );
});

test("CDK Terrain, by the documented alias, synthesizes the same but for its own version", () => {
  const [, alias = ""] = /`"cdktf": "(npm:cdktn@[^"]+)"`/.exec(LIBRARY_PAGE) ?? [];
  const terrain = synthesizedByExample({
    dependencies: { ...documentedPackages(), cdktf: alias },
    overrides: { cdktf: "$cdktf" },
  });
  const cdktf = synthesizedByExample({ dependencies: documentedPackages() });
  const withoutVersion = ({ stack }: { stack: string }) =>
    stack.replace(/"version": "0\.\d+\.\d+"/, "");
  expect(withoutVersion(terrain)).toBe(withoutVersion(cdktf));
});
