import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { adopt } from "../../../lib/existing/adopt/adopt";
import { refuseEditedEntry, writeEntry } from "../../../lib/existing/code/project-code";
import { readManifest, writeCode } from "../../../lib/existing/code/written-code";
import { loadSchemas } from "../../../lib/rehearsal";
import { temporaryFolder } from "../../support/folders";

const schema = loadSchemas().providers.get("registry.terraform.io/mypurecloud/genesyscloud") ?? {};
const SKILL = "genesyscloud_routing_skill";

const filesOf = (...names: readonly string[]) =>
  adopt({
    org: "na-prod",
    existing: {
      name: "na-prod",
      types: [SKILL],
      objects: names.map((name, index) => ({
        type: SKILL,
        path: [name],
        id: `00000000-0000-4000-8000-00000000000${index}`,
        arguments: { name },
      })),
    },
    known: {},
    inStates: [],
    schema,
  }).files;

describe("the objects that have code", () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    writeCode(folder, filesOf("German", "English"), false);
  });

  test("are those of the file", () => {
    expect(Object.keys(readManifest(folder))).toEqual(["skill-english", "skill-german"]);
  });

  test("cannot be read if the file is away and the code is there", () => {
    rmSync(join(folder, "objects.json"));
    expect(() => readManifest(folder)).toThrow(
      /objects\.json does not have skill-english, which .*skills\.ts has: restore both from git$/,
    );
  });

  test("cannot be read if the file lacks some of the code", () => {
    writeFileSync(join(folder, "objects.json"), filesOf("English")["objects.json"] ?? "");
    expect(() => readManifest(folder)).toThrow(/objects\.json does not have skill-german/);
  });

  test("are written first, so that a stopped run leaves no code without them", () => {
    const names = writeCode(temporaryFolder(), filesOf("German"), false).map(({ file }) => file);
    expect(names[0]).toMatch(/objects\.json$/);
    rmSync(join(folder, "skills.ts"));
    expect(Object.keys(readManifest(folder))).toHaveLength(2);
  });
});

test("organisations with similar names, or the name of a word of the language, are all added", () => {
  const project = temporaryFolder();
  for (const org of ["eu-1", "eu1", "new"]) {
    mkdirSync(join(project, "existing", org), { recursive: true });
    writeFileSync(join(project, "existing", org, "objects.json"), "{}");
  }
  const text = readFileSync(writeEntry(project).file, "utf8");
  const names = [...text.matchAll(/addObjects as (\w+)/g)].map(([, name]) => name);
  expect(names).toEqual(["add_eu_1", "add_eu1", "add_new"]);
});

test("a file for all organisations that somebody has changed is not written", () => {
  const project = temporaryFolder();
  expect(() => refuseEditedEntry(project)).not.toThrow();
  const { file } = writeEntry(project);
  expect(() => refuseEditedEntry(project)).not.toThrow();
  writeFileSync(file, "// mine\n");
  expect(() => refuseEditedEntry(project)).toThrow(
    `nothing was written, since somebody has changed ${file}`,
  );
  expect(readdirSync(join(project, "existing"))).toEqual(["index.ts"]);
});
