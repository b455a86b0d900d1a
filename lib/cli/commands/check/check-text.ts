import { counted } from "../../../counted";
import { onOneLine, printable } from "../../terminal/printable";
import { type Checked, isClean, type PlaceScan } from "./check-project";

/** Files of one place that are named. */
const MOST_NAMES = 5;

/** Returns what a check found, the problems of each part below its line. It has no secret. */
export function checkText(checked: Checked): string {
  const { synthesis, scans } = checked;
  return [
    ...(synthesis === undefined ? [] : [synthesisText(synthesis)]),
    ...scans.map(scanText),
    ...(scans.some(({ findings }) => findings.length > 0) ? [ADVICE] : []),
    isClean(checked) ? "all is well\n" : "",
  ].join("");
}

const ADVICE =
  'Replace each secret, since the history keeps it, and read it at run time. If a finding is no secret: docs/secret-scans.md, "What is no secret"\n';

function synthesisText({ orgs, stacks, problem }: NonNullable<Checked["synthesis"]>): string {
  if (problem !== undefined) {
    return `registry and policies: the synthesis fails\n${indented(printable(problem))}\n`;
  }
  return `registry and policies: ${counted(orgs, "organisation")}, ${counted(stacks, "stack")}, no problem\n`;
}

function scanText({ place, files, skipped, findings }: PlaceScan): string {
  const found = findings.length === 0 ? "no secret" : `${counted(findings.length, "secret")} found`;
  return [
    `secrets in ${place}: ${counted(files, "file")}, ${found}${skippedText(skipped)}\n`,
    ...findings.map(
      ({ file, line, column, rule, what }) =>
        `  ${onOneLine(file)}:${line}:${column}: ${onOneLine(what)} (${rule})\n`,
    ),
  ].join("");
}

function skippedText(skipped: PlaceScan["skipped"]): string {
  const text = (["binary", "larger than 1 MB"] as const).flatMap((why) => {
    const names = skipped.filter((each) => each.why === why).map(({ file }) => onOneLine(file));
    if (names.length === 0) return [];
    const more = names.length > MOST_NAMES ? ", …" : "";
    return `${names.length} ${why}: ${names.slice(0, MOST_NAMES).join(", ")}${more}`;
  });
  return text.length > 0 ? `; not read: ${text.join("; ")}` : "";
}

const indented = (text: string): string => text.replace(/^/gm, "  ");
