import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { readReport, writeReport } from "../../../lib/cli/runs/write-report";
import { temporaryFolder } from "../../support/folders";
import { runReport, stackRun, troubledRun } from "./run-reports";

const FILES = ["report.html", "report.json", "report.md"];

describe("a report that is written", () => {
  test("is three files that only the user may read, and can be read again", () => {
    const folder = join(temporaryFolder(), "new", "folder");
    writeReport(folder, troubledRun());
    expect(readdirSync(folder).sort()).toEqual(FILES);
    for (const file of FILES) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(readReport(join(folder, "report.json"))).toEqual(
      JSON.parse(JSON.stringify(troubledRun())),
    );
    expect(readFileSync(join(folder, "report.md"), "utf8")).toMatch(/^### 50 stacks: /);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toMatch(/^<!doctype html>/);
  });

  test("replaces an earlier one, whoever may read that, and what a killed run left", () => {
    const folder = temporaryFolder();
    const victim = join(temporaryFolder(), "victim");
    writeFileSync(victim, "untouched");
    writeFileSync(join(folder, "report.json"), "{}", { mode: 0o644 });
    symlinkSync(victim, join(folder, ".report.json.new"));
    writeReport(folder, runReport([stackRun("na-prod")]));
    expect(readdirSync(folder).sort()).toEqual(FILES);
    expect(statSync(join(folder, "report.json")).mode & 0o777).toBe(0o600);
    expect(readReport(join(folder, "report.json")).stacks).toHaveLength(1);
    expect(readFileSync(victim, "utf8")).toBe("untouched");
  });

  test("leaves an earlier one whole if it cannot be written", () => {
    const folder = temporaryFolder();
    writeReport(folder, runReport([]));
    mkdirSync(join(folder, ".report.json.new"));
    expect(() => writeReport(folder, troubledRun())).toThrow(
      /^the report cannot be written into .* \(\w+\): give another folder$/,
    );
    expect(readReport(join(folder, "report.json")).stacks).toEqual([]);
  });
});

describe("a file that is read", () => {
  const messageOf = (text: string | undefined) => {
    const file = join(temporaryFolder(), "report.json");
    if (text !== undefined) writeFileSync(file, text);
    try {
      readReport(file);
    } catch (error) {
      return (error as Error).message.replace(file, "<file>");
    }
    return undefined;
  };
  const GIVE = "give the report.json that `genesys-orgs deploy` or `destroy` wrote";

  test.each([
    ["does not exist", undefined, "<file> cannot be read (ENOENT): give the report.json of a run"],
    ["is no JSON", "{", `<file> is not the report of a run (it is not JSON): ${GIVE}`],
    ["is no object", "null", `<file> is not the report of a run (it is not an object): ${GIVE}`],
    [
      "is a newer version",
      '{"version":2}',
      "<file> is a report of version 2, but this genesys-orgs reads version 1: update cdktf-genesys-orgs",
    ],
    [
      "is the JSON of another command",
      '{"version":1,"plans":[]}',
      `<file> is not the report of a run (run: Invalid input: expected string, received undefined): ${GIVE}`,
    ],
    [
      "has a mistake in it",
      JSON.stringify(runReport([{ ...stackRun("na-prod"), seconds: "2" as never }])),
      `<file> is not the report of a run (stacks.0.seconds: Invalid input: expected number, received string): ${GIVE}`,
    ],
  ])("and %s is refused", (_, text, message) => {
    expect(messageOf(text)).toBe(message);
  });

  test("has no prototype of its own", () => {
    const text = JSON.stringify(runReport([])).replace("{", '{"__proto__":{"polluted":true},');
    const file = join(temporaryFolder(), "report.json");
    writeFileSync(file, text);
    expect("polluted" in readReport(file)).toBe(false);
  });
});
