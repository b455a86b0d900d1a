import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AssetType, TerraformAsset } from "cdktf";
import { OrgStack, OrgsApp } from "../../lib";
import { temporaryFolder } from "../support/folders";
import { entry, registryOf } from "../support/sample-org";

/** Synthesizes two orgs with a context; `add` adds to each stack. Returns the errors. */
function problemsOf(context: Record<string, unknown>, add: (stack: OrgStack) => void = () => {}) {
  const registry = registryOf(entry("na-prod", 1), entry("eu-prod", 2));
  const app = new OrgsApp({ registry, outdir: temporaryFolder(), context });
  for (const org of app.orgs) add(new OrgStack(app, org));
  try {
    app.synth();
    return [];
  } catch (error) {
    return (error as Error).message.match(/GO-SECRET-LITERAL: .*/g) ?? [];
  }
}

/** Adds a file to each stack, as code would. */
const withFile = (content: string) => (stack: OrgStack) => {
  const path = join(temporaryFolder(), "run.sh");
  writeFileSync(path, content);
  new TerraformAsset(stack, "script", { path, type: AssetType.FILE });
};

test("a secret in the context of an app stops the synthesis, and is reported once", () => {
  expect(problemsOf({ crm: { password: "hunter2" } })).toEqual([
    "GO-SECRET-LITERAL: context.crm.password contains a 7-character literal, not shown",
  ]);
});

test("the context of the framework itself passes", () => {
  expect(problemsOf({ greeting: "hello" })).toEqual([]);
});

test("a secret in a file that a stack copies stops the synthesis", () => {
  expect(problemsOf({}, withFile("export CLIENT_SECRET=hunter2\n"))).toEqual(
    Array(2).fill(
      expect.stringMatching(
        /^GO-SECRET-LITERAL: assets\/script\/\w+\/run\.sh\.CLIENT_SECRET contains a 7-character literal, not shown$/,
      ),
    ),
  );
});

test("a file without a secret passes", () => {
  expect(problemsOf({}, withFile("exec ./run\n"))).toEqual([]);
});
