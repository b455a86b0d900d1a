import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OrgRegistry } from "../../../lib/registry";
import { temporaryFolder } from "../../support/folders";
import { run } from "../run";

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));

test.each([
  ["TypeScript", [], "orgs/eu-dev.ts and orgs/state-homes.ts"],
  ["YAML", ["--yaml"], "orgs/eu-dev.yaml and orgs/homes.yaml"],
])(
  "a new project in %s is named file by file, with the next commands",
  async (_, options, examples) => {
    const folder = temporaryFolder();
    const args = ["init", "My Orgs", "--org", "eu-dev", ...options];
    const { code, stdout, stderr } = await run(folder, args);
    expect([code, stderr]).toEqual([0, ""]);
    const files = filesIn(join(folder, "My Orgs"));
    expect(files).toEqual(expect.arrayContaining([".gitignore", "cdktf.json", "package.json"]));
    expect(stdout).toBe(
      [
        `wrote in ${folder}/My Orgs:`,
        ...files.map((file) => `  ${file}`),
        "",
        "next:",
        '  cd "My Orgs"',
        "  npm install",
        "  npx genesys-orgs rehearse",
        `  put your values in the place of the examples in ${examples}`,
        "  npx genesys-orgs state bootstrap nonproduction   # as a state admin: a dry run without --yes",
        "",
      ].join("\n"),
    );
    expect(json(join(folder, "My Orgs/package.json")).name).toBe("my-orgs");
  },
);

test("a new project pins the versions that the package was tested with", async () => {
  const folder = temporaryFolder();
  await run(folder, ["init"]);
  const own = json(join(__dirname, "../../../package.json"));
  const { dependencies, devDependencies } = json(join(folder, "package.json"));
  const { "cdktf-genesys-orgs": version, ...others } = dependencies;
  expect(version).toBe(`^${own.version}`);
  const optional = Object.keys(own.peerDependenciesMeta);
  const peers = Object.keys(own.peerDependencies).filter((name) => !optional.includes(name));
  expect(Object.keys(others)).toEqual(peers.sort());
  // `genesys-orgs check` needs them.
  expect(Object.keys(devDependencies)).toEqual(expect.arrayContaining(optional));
  expect(own.devDependencies).toMatchObject({ ...others, ...devDependencies });
  // ts-jest runs on no TypeScript 7.
  expect(devDependencies.typescript).toMatch(/^5\.9\.\d+$/);
});

test("the environment and the home follow from the organisation's name", async () => {
  for (const [org, environment, home] of [
    ["na-prod", "production", "production"],
    ["na-test", "staging", "nonproduction"],
    ["dev", "development", "nonproduction"],
    ["na-sandbox-2", "sandbox", "nonproduction"],
    ["acme", "production", "production"],
  ]) {
    const folder = temporaryFolder();
    await run(folder, ["init", "--yaml", "--org", `${org}`]);
    const { orgs, homes } = OrgRegistry.load(join(folder, "orgs"));
    expect(orgs.map((each) => [each.name, each.environment])).toEqual([[org, environment]]);
    expect(homes.map(({ name }) => name)).toEqual([home]);
  }
});

test("no file is overwritten, and then none is written", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "cdktf.json"), "{}");
  writeFileSync(join(folder, "README.md"), "");
  expect(await run(folder, ["init"])).toEqual({
    code: 1,
    stdout: "",
    stderr: `${folder} already has cdktf.json: choose another folder, or add the library to this project as docs/library.md, "Install" says\n`,
  });
  expect(filesIn(folder)).toEqual(["README.md", "cdktf.json"]);
});

test("a file that does not belong to the project is left alone", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "README.md"), "ours");
  expect((await run(folder, ["init", "--yaml"])).code).toBe(0);
  expect(readFileSync(join(folder, "README.md"), "utf8")).toBe("ours");
});

test("--dry-run names the files and writes none", async () => {
  const folder = temporaryFolder();
  const { code, stdout } = await run(folder, ["init", "new", "--dry-run"]);
  expect([code, existsSync(join(folder, "new"))]).toEqual([0, false]);
  expect(stdout).toMatch(/^would write in .*\/new:\n {2}\.gitignore\n/);
  expect(stdout).toMatch(/\ndry run: nothing was changed\n$/);
});

test.each([
  ["Na_Prod", "use lower-case words joined by single hyphens, beginning with a letter"],
  ["a".repeat(33), "use at most 32 characters, so that derived names fit"],
  ["homes", "choose another name, since orgs/ has a file homes"],
])("the name %s of an organisation is refused", async (org, reason) => {
  const folder = temporaryFolder();
  const { code, stderr } = await run(folder, ["init", "--org", org]);
  expect([code, stderr]).toEqual([1, `--org is "${org}": ${reason}\n`]);
  expect(filesIn(folder)).toEqual([]);
});

test("one project has one language", async () => {
  const { code, stderr } = await run(temporaryFolder(), ["init", "--typescript", "--yaml"]);
  expect(code).toBe(1);
  expect(stderr).toContain("'--typescript' cannot be used with option '--yaml'");
});
