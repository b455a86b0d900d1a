import { appendFileSync, copyFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildCommands } from "./support/built-command";
import {
  buildLibraryExample,
  buildSmallestApp,
  linkInto,
  pack,
  run,
  runTsc,
  writeLibraryExample,
} from "./support/consumer-project";
import { temporaryFolder } from "./support/folders";
import { PAGES, pageText } from "./support/pages";
import { ROOT } from "./support/synthesized-app";

test("the packed library runs the whole app of docs/library.md in an empty project", () => {
  const project = temporaryFolder();
  linkInto(project, pack());
  buildLibraryExample(project);
  expect(run(process.execPath, ["main.js"], project)).toBe("");
  const stack = JSON.parse(
    readFileSync(join(project, "cdktf.out/stacks/org-na-prod/cdk.tf.json"), "utf8"),
  );
  expect(Object.keys(stack.resource)).toEqual(
    expect.arrayContaining([
      "aws_lambda_function",
      "aws_secretsmanager_secret_rotation",
      "genesyscloud_auth_role",
      "genesyscloud_routing_queue",
    ]),
  );
}, 60_000);

test("the packed library runs the smallest app of the README in an empty project", () => {
  const project = temporaryFolder();
  linkInto(project, pack());
  buildSmallestApp(project);
  expect(run(process.execPath, ["main.js"], project)).toBe("");
  expect(readdirSync(join(project, "cdktf.out/stacks")).sort()).toEqual([
    "org-na-prod",
    "state-access-na-prod",
    "state-production",
  ]);
}, 60_000);

test("the whole app of docs/library.md compiles with the tsconfig.json that `cdktf init` writes", () => {
  const project = temporaryFolder();
  linkInto(project, pack());
  writeLibraryExample(project);
  const template = "node_modules/cdktf-cli/bundle/templates/typescript/tsconfig.json";
  copyFileSync(join(ROOT, template), join(project, "tsconfig.json"));
  // It resolves modules in the old way, which knows no `exports`.
  const rehearsal = 'export { rehearse } from "cdktf-genesys-orgs/rehearsal";\n';
  appendFileSync(join(project, "main.ts"), rehearsal);
  expect(runTsc(project, "--noEmit")).toBe("");
}, 60_000);

test("the packed library has its command, schemas and nothing of this deployment, and is small", () => {
  const project = temporaryFolder();
  const tarball = pack();
  const files = run("tar", ["-tzf", tarball], project).trim().split("\n");
  for (const file of [
    "dist/lib/cli/main.js",
    "dist/registry.schema.json",
    "dist/run-report.schema.json",
    "dist/lambda/rotator.zip",
    "dist/lambda/reconciler.zip",
    "dist/lambda/sha256.json",
    "schemas/aws.json",
    "schemas/platform-api.json",
    "README.md",
    "LICENSE",
  ]) {
    expect(files).toContain(`package/${file}`);
  }
  expect(
    files.filter(
      (file) =>
        !/^package\/(dist\/(lib|genesyscloud|lambda)\/|docs\/|lib\/policies\/README\.md|vault-plugin\/README\.md|schemas\/[\w-]+\.json|[^/]+$|dist\/(registry|run-report)\.schema\.json)/.test(
          file,
        ),
    ),
  ).toEqual([]);
  // A reader of the package can follow every link of its pages.
  const packed = new Set(files.flatMap((file) => [file, `${dirname(file)}/`]));
  const pages = PAGES.filter((page) => files.includes(`package/${page}`));
  expect(pages).toEqual(PAGES);
  const links = pages.flatMap((page) =>
    [...pageText(page).matchAll(/\]\((?!https:|#)([^)#]+)/g)].map(([, link = ""]) =>
      join("package", dirname(page), link),
    ),
  );
  expect(links).toContain("package/docs/state.md");
  expect(links.filter((link) => !packed.has(link))).toEqual([]);
  expect(files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
  expect(statSync(tarball).size).toBeLessThan(1_900_000);
}, 60_000);

test("the packed command answers", () => {
  const project = temporaryFolder();
  linkInto(project, pack());
  const command = join(project, "node_modules/cdktf-genesys-orgs/dist/lib/cli/main.js");
  expect(run(process.execPath, [command, "--help"], project)).toContain("rehearse");
}, 60_000);

test("the built command is executable, as `npx genesys-orgs` needs it in this checkout", () => {
  buildCommands();
  expect(statSync(join(ROOT, "dist/lib/cli/main.js")).mode & 0o111).toBe(0o111);
}, 60_000);

test.each([
  ["TypeScript", []],
  ["YAML", ["--yaml"]],
])(
  "a project that init writes in %s can be rehearsed as it is",
  (_, options) => {
    const project = temporaryFolder();
    linkInto(project, pack());
    const genesysOrgs = (...args: string[]) =>
      run(
        process.execPath,
        [join(project, "node_modules/cdktf-genesys-orgs/dist/lib/cli/main.js"), ...args],
        project,
      );
    genesysOrgs("init", ...options);
    const { ok, stacks } = JSON.parse(genesysOrgs("rehearse", "--require-terraform", "--json"));
    expect(ok).toBe(true);
    expect(stacks.map(({ stack }: { stack: string }) => stack)).toEqual([
      "state-production",
      "state-access-na-prod",
      "org-na-prod",
    ]);
  },
  120_000,
);

test("every entry of the packed library can be required", () => {
  const project = temporaryFolder();
  linkInto(project, pack());
  const entries = [
    "",
    "/rehearsal",
    "/runtime",
    "/runtime/disk-cache",
    "/runtime/vault",
    "/genesyscloud/oauth-client",
    "/genesyscloud/data-genesyscloud-flow",
    "/registry.schema.json",
    "/run-report.schema.json",
  ];
  const script = entries.map((entry) => `require("cdktf-genesys-orgs${entry}")`).join(";");
  expect(run(process.execPath, ["-e", script], project)).toBe("");
}, 60_000);
