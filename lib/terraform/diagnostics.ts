import type { ChildResult } from "./child";

const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const FRAME = /^[│╷╵]\s?/;
/** A line of the configuration that Terraform quotes, which may be all of a file that has one line. */
const LONG_QUOTE = /(^ *on .* line \d+.*:\n *\d+: .{160}).+$/gmu;

/**
 * Returns the errors in Terraform's output, in their order and without their frames. Empty if there
 * is no error.
 */
export function errorsIn(output: string): string {
  const errors: string[][] = [];
  let current: string[] | undefined;
  for (const raw of output.replace(ANSI, "").split(/\r?\n/)) {
    if (/^[╷╵]\s*$/.test(raw)) {
      current = undefined;
      continue;
    }
    const line = raw.replace(FRAME, "").trimEnd();
    if (/^Error: /.test(line)) {
      current = [line];
      errors.push(current);
    } else if (/^Warning: /.test(line)) current = undefined;
    else current?.push(line);
  }
  return errors.map((lines) => tidy(lines)).join("\n\n");
}

/** Why a Terraform command failed, in its own words: its errors, or what it wrote, or its exit code. */
export function failureText({ code, stdout, stderr }: ChildResult): string {
  // One stream after the other: without a frame, an error does not end where the plan begins.
  return errorsIn(stderr) || errorsIn(stdout) || stderr.trim() || `exit code ${code}`;
}

function tidy(lines: readonly string[]): string {
  return lines
    .join("\n")
    .replace(LONG_QUOTE, "$1…")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Returns the addresses of the objects that a plan would change, each with its change. */
export function plannedChanges(output: string): string[] {
  const line = /^\s*# ([^\s(].*? (?:will be|must be|has been|has changed).*)$/gm;
  return [...output.replace(ANSI, "").matchAll(line)].map((match) => match[1] ?? "");
}

/**
 * Whether a plan would only read the data sources of `check` blocks again, as Terraform does at every
 * apply.
 */
export function onlyVerifiesChecks(output: string): boolean {
  const plain = output.replace(ANSI, "");
  const reads =
    plain.match(/# data\.\S+ will be read during apply\n.*to verify a check block\)/g) ?? [];
  return (
    reads.length > 0 &&
    reads.length === plannedChanges(plain).length &&
    !/^Changes to Outputs:/m.test(plain)
  );
}
