import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { parseDocument } from "yaml";
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
    return parsed(file, readFileSync(file, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { problem: unreadable(file, "", `the system says ${code}`, "file") };
  }
}

function parsed(file: string, text: string): { value: unknown } | { problem: RegistryProblem } {
  // JSON is also YAML, and this parser names line and column for both. An unknown tag is only a warning.
  const document = parseDocument(text);
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake) {
    const [place] = mistake.linePos ?? [];
    const where = place ? `line ${place.line}, column ${place.col}` : "";
    return { problem: unreadable(file, where, reasonOf(mistake), "syntax") };
  }
  try {
    return { value: document.toJS() };
  } catch (error) {
    // The parser finds a name without an anchor only now.
    if (!(error instanceof ReferenceError)) throw error;
    return { problem: unreadable(file, "", withoutCapital(error.message), "syntax") };
  }
}

/** The parser's words, without the place and the quoted text that follow. */
function reasonOf({ code, message }: { readonly code: string; readonly message: string }): string {
  if (code === "MULTIPLE_DOCS") return "it has several documents, and may have one";
  const [first = ""] = message.split("\n");
  return withoutCapital(first.replace(/ at line \d+, column \d+:$/, ""));
}

const withoutCapital = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const unreadable = (file: string, path: string, expected: string, rule: string) => ({
  subject: basename(file),
  path,
  value: "not readable",
  rule,
  expected,
});
