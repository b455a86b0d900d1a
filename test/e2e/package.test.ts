import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildReadmeExample, pack, run } from "../support/consumer-project";
import { temporaryFolder } from "../support/folders";
import { ROOT } from "../support/synthesized-app";

test("the packed library, really installed into an empty project, runs the README's example", () => {
  const project = temporaryFolder();
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true }));
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, packages = ""] = /npm install cdktf-genesys-orgs (.*)/.exec(readme) ?? [];
  run(
    "npm",
    ["install", "--ignore-scripts", pack(project), ...packages.split(" "), "@types/node@20"],
    project,
  );
  buildReadmeExample(project);
  run(process.execPath, ["main.js"], project);
  const stack = readFileSync(join(project, "cdktf.out/stacks/org-na-prod/cdk.tf.json"), "utf8");
  expect(JSON.parse(stack).terraform.backend.s3.key).toBe("orgs/na-prod/terraform.tfstate");
  expect(run("npx", ["genesys-orgs", "--version"], project).trim()).toBe(
    JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version,
  );
});
