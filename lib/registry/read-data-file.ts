import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { CORE_SCHEMA, load, YAMLException } from "js-yaml";
import type { RegistryProblem } from "./registry-error";

/** Reads a YAML or JSON file. */
export function readDataFile(file: string): { value: unknown } | { problem: RegistryProblem } {
  try {
    // A named pipe would be read for ever.
    const stats = statSync(file);
    if (!stats.isFile()) {
      const expected = stats.isDirectory() ? "it is a folder" : "it is not a regular file";
      return { problem: unreadable(file, "", expected, "file") };
    }
    // JSON is also YAML, and this parser names line and column for both.
    return { value: load(readFileSync(file, "utf8"), { schema: CORE_SCHEMA }) ?? null };
  } catch (error) {
    if (error instanceof YAMLException) return { problem: syntaxProblem(file, error) };
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { problem: unreadable(file, "", `the system says ${code}`, "file") };
  }
}

function syntaxProblem(file: string, { mark, reason }: YAMLException): RegistryProblem {
  // Only the error about several documents in one file has no place.
  const place = mark ? `line ${mark.line + 1}, column ${mark.column + 1}` : "";
  return unreadable(file, place, reason, "syntax");
}

const unreadable = (file: string, path: string, expected: string, rule: string) => ({
  subject: basename(file),
  path,
  value: "not readable",
  rule,
  expected,
});
