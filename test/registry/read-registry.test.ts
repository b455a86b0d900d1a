import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { OrgRegistry } from "../../lib/registry";
import { loadRegistry } from "../../orgs";
import { temporaryFolder } from "../support/folders";
import { messageOf, ORG_KEYS, problemsText } from "./patched";
import { folderFiles, json, SAMPLE, written, yaml } from "./registry-files";

const { homes, orgs } = SAMPLE;
const KNOWN = ORG_KEYS;

const byName = (registry: OrgRegistry) =>
  [...registry.orgs].sort((one, other) => one.name.localeCompare(other.name));

/** The message about a folder with these files. */
const messageAbout = (files: Readonly<Record<string, string>>): string => {
  const folder = written(temporaryFolder(), files);
  return messageOf(() => OrgRegistry.load(folder));
};

describe("the sample registry in files has the same orgs as in TypeScript", () => {
  test.each([
    ["a folder of YAML", folderFiles("yaml", yaml)],
    ["a folder of YAML with the other ending", folderFiles("yml", yaml)],
    ["a folder of JSON", folderFiles("json", json)],
  ])("from %s", (_, files) => {
    const registry = OrgRegistry.load(written(temporaryFolder(), files));
    expect(registry.orgs).toEqual(byName(loadRegistry()));
    expect(registry.homes).toEqual(loadRegistry().homes);
  });

  test.each([
    ["orgs.yaml", yaml({ homes, orgs })],
    ["orgs.json", json({ homes, orgs })],
  ])("from the single file %s, the record beside it", (name, text) => {
    const folder = written(temporaryFolder(), {
      [name]: text,
      "state-homes.json": json(SAMPLE.record),
    });
    const registry = OrgRegistry.load(join(folder, name));
    expect(registry.orgs).toEqual(loadRegistry().orgs);
    expect(registry.homes).toEqual(loadRegistry().homes);
  });
});

test("a YAML anchor is resolved at each place", () => {
  const [naProd] = orgs;
  const text = yaml([...homes]).replace("github:", "github: &github");
  const shared = text.replace(/github:\n(\s+\w+: .*\n)+/m, "github: *github\n");
  const files = { "homes.yaml": shared, "na-prod.yaml": yaml(naProd) };
  const [first, second] = OrgRegistry.load(written(temporaryFolder(), files)).homes;
  expect(second?.github).toEqual(first?.github);
});

describe("a file that cannot be read", () => {
  const valid = { "homes.yaml": yaml(homes) };

  test.each([
    [
      "broken YAML",
      "a.yaml",
      "name: a\n  environment: b\n",
      "line 1, column 7 is not readable: nested mappings are not allowed in compact mappings",
    ],
    [
      "broken JSON",
      "a.json",
      '{\n  "name": "a"\n  "x": 1\n}\n',
      "line 3, column 3 is not readable: missing , between flow map items",
    ],
    [
      "a key twice in YAML",
      "a.yaml",
      "name: a\nname: b\n",
      "line 2, column 1 is not readable: map keys must be unique",
    ],
    [
      "a key twice in JSON",
      "a.json",
      '{"name": "a", "name": "b"}',
      "line 1, column 15 is not readable: map keys must be unique",
    ],
    [
      "an alias of nothing",
      "a.yaml",
      "name: *a\n",
      " is not readable: unresolved alias (the anchor must be set before the alias): a",
    ],
    [
      "a tag that makes code",
      "a.yaml",
      "name: !!js/function a\n",
      "line 1, column 7 is not readable: unresolved tag: tag:yaml.org,2002:js/function",
    ],
  ])("is reported with line and column: %s", (_, name, text, problem) => {
    expect(messageAbout({ ...valid, [name]: text })).toBe(
      problemsText(`${name}${problem.startsWith(" ") ? "" : ": "}${problem} [syntax]`),
    );
  });

  test("may contain several documents", () => {
    expect(messageAbout({ ...valid, "a.yaml": "a: 1\n---\nb: 1\n" })).toBe(
      problemsText(
        "a.yaml: line 2, column 1 is not readable: it has several documents, and may have one [syntax]",
      ),
    );
  });

  test("may be a folder", () => {
    const folder = written(temporaryFolder(), valid);
    mkdirSync(join(folder, "a.yaml"));
    expect(messageOf(() => OrgRegistry.load(folder))).toBe(
      problemsText("a.yaml is not readable: it is a folder [file]"),
    );
  });

  test("does not hide mistakes in the others", () => {
    const files = { "a.yaml": "name: [", "b.yaml": yaml({ ...orgs[0], owner: 5 }) };
    expect(messageAbout({ ...valid, ...files })).toBe(
      problemsText(
        "a.yaml: line 1, column 8 is not readable: flow sequence in block collection must be sufficiently indented and end with a ] [syntax]",
        "na-prod: owner is 5: give text, in quotes [type]",
      ),
    );
  });

  test("may be the homes, which is reported once and not for each org", () => {
    expect(messageAbout({ "homes.yaml": "- name: [", "b.yaml": yaml(orgs[0]) })).toBe(
      problemsText(
        "homes.yaml: line 1, column 10 is not readable: flow sequence in block collection must be sufficiently indented and end with a ] [syntax]",
      ),
    );
  });
});

describe("a file of another form", () => {
  test.each([
    ["nothing", "", "null"],
    ["null", "null\n", "null"],
    ["text", "na-prod\n", '"na-prod"'],
    ["a list", "- name: na-prod\n", "a list"],
  ])("is reported by its name: %s", (_, text, value) => {
    expect(messageAbout({ "homes.yaml": yaml(homes), "a.yaml": text })).toBe(
      problemsText(`a.yaml is ${value}: give an object; possible keys are ${KNOWN} [type]`),
    );
  });

  test("is reported when the homes are not a list", () => {
    expect(messageAbout({ "homes.yaml": yaml(homes[0]), "a.yaml": yaml(orgs[0]) })).toBe(
      problemsText("homes.yaml is an object: give a list of homes [file]"),
    );
  });

  test("is reported when there are orgs and no homes", () => {
    expect(messageAbout({ "homes.yaml": "[]\n", "a.yaml": yaml(orgs[0]) })).toBe(
      problemsText(
        "registry: homes is an empty list: define at least one state home, for the states of the orgs [required]",
      ),
    );
  });

  test("is reported when a single file has unknown keys or lacks one of its own", () => {
    const folder = written(temporaryFolder(), { "all.yaml": yaml({ homes, org: orgs }) });
    expect(messageOf(() => OrgRegistry.load(join(folder, "all.yaml")))).toBe(
      problemsText(
        "all.yaml: orgs is missing: give a list of orgs [file]",
        "all.yaml: org is not a known key: use homes, orgs and consumers; the record is the file state-homes.json next to this one [unknown-key]",
      ),
    );
  });

  test("is reported when the record is empty", () => {
    const files = { "homes.yaml": yaml(homes), "a.yaml": yaml(orgs[0]), "state-homes.json": "" };
    expect(messageAbout(files)).toBe(
      problemsText("record is null: give an object; possible keys are version, homes [type]"),
    );
  });
});

test("an account without quotes is a number in YAML", () => {
  const text = yaml(orgs[0]).replace('account: "111111111111"', "account: 111111111111");
  expect(messageAbout({ "homes.yaml": yaml(homes), "na-prod.yaml": text })).toBe(
    problemsText("na-prod: aws.account is 111111111111: give 12 digits, in quotes [aws-account]"),
  );
});

test("two files with the same org are both named", () => {
  const text = yaml(orgs[0]);
  const other = text.replace("4f7c1f0a", "5f7c1f0a");
  expect(messageAbout({ "homes.yaml": yaml(homes), "a.yaml": text, "b.yaml": other })).toBe(
    problemsText(
      'na-prod (a.yaml), na-prod (b.yaml): name is "na-prod" in both: give one of the two another name [name-shared]',
    ),
  );
});

test("a folder that does not exist is reported by its path", () => {
  expect(messageOf(() => OrgRegistry.load("/no/such/registry"))).toBe(
    problemsText(
      "/no/such/registry is missing: create the folder or the file, or correct the path [file]",
    ),
  );
});

test("a folder without homes is reported with the file that it needs", () => {
  const folder = written(temporaryFolder(), { "na-prod.yaml": yaml(orgs[0]) });
  expect(messageOf(() => OrgRegistry.load(folder))).toBe(
    problemsText(
      `${join(folder, "homes.yaml")} is missing: create it with the list of state homes [file]`,
    ),
  );
});

test("a folder must not have two files of homes", () => {
  const files = { ...folderFiles("json", json), "homes.yaml": yaml(homes) };
  expect(messageAbout(files)).toBe(
    problemsText(
      "homes.yaml is a second file of homes next to homes.json: keep one of the two [file]",
    ),
  );
});
