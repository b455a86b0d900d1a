import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPolicies } from "../../../policies/check";
import { secretLiteral } from "../../../policies/rules/secret-literal";
import { STACK_FILE } from "../../../terraform/stack-folder";
import type { ProjectFiles } from "./git-files";
import type { SecretFinding, SecretScan } from "./secretlint";

/** A secret in a file. */
export interface FileFinding extends SecretFinding {
  /** Path from the scanned folder. */
  readonly file: string;
}

/** A file that was not read. */
export interface SkippedFile {
  readonly file: string;
  readonly why: "binary" | "larger than 1 MB";
}

/** The result of a scan of some files. */
export interface FilesScan {
  /** Number of files that were read. */
  readonly files: number;
  readonly skipped: readonly SkippedFile[];
  readonly findings: readonly FileFinding[];
}

/** How files are scanned. */
export interface ScanProps {
  readonly scan: SecretScan;
  readonly signal: AbortSignal;
  /** Called with the number of files before each. */
  readonly onFile?: (done: number) => void;
  /**
   * Whether the policies have checked the stacks among the files, as every synthesis does.
   * @default false
   */
  readonly isChecked?: boolean;
  /**
   * Hashes of contents that are not scanned again. Those of the files are added.
   * @default - every file is scanned
   */
  readonly seen?: Set<string>;
}

const LARGEST = 1_000_000;
/** Bytes in which a binary file has a zero, as git sees it. */
const BEGINNING = 8_000;

/** Looks for secrets in files. Links, and files that no longer exist, are left out. */
export async function scanFiles(
  { folder, names }: ProjectFiles,
  { scan, signal, onFile, isChecked = false, seen = new Set() }: ScanProps,
): Promise<FilesScan> {
  const skipped: SkippedFile[] = [];
  const findings: FileFinding[] = [];
  let files = 0;
  for (const [index, file] of names.entries()) {
    signal.throwIfAborted();
    onFile?.(index);
    const path = join(folder, file);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile()) continue;
    if (stat.size > LARGEST) {
      skipped.push({ file, why: "larger than 1 MB" });
      continue;
    }
    const content = readFileSync(path);
    if (content.subarray(0, BEGINNING).includes(0)) {
      skipped.push({ file, why: "binary" });
      continue;
    }
    files += 1;
    const hash = createHash("sha256")
      .update(file.endsWith(STACK_FILE) ? "stack" : "")
      .update(content);
    const digest = hash.digest("hex");
    if (seen.has(digest)) continue;
    seen.add(digest);
    const text = content.toString("utf8");
    const found = file.endsWith(STACK_FILE)
      ? await scanStack(text, file, scan, isChecked)
      : await scan.all(text, file);
    findings.push(...found.map((finding) => ({ file, ...finding })));
  }
  return { files, skipped, findings };
}

/** A stack is read by its own rule, which knows its keys, its references and its waivers. */
async function scanStack(
  text: string,
  name: string,
  scan: SecretScan,
  isChecked: boolean,
): Promise<SecretFinding[]> {
  const isWaived = text.includes(`"${secretLiteral.id}"`);
  const others = isWaived ? [] : await scan.recommended(text, name);
  const found = isChecked ? [] : checkPolicies(parsed(text), {}, [secretLiteral]);
  return [
    ...found
      .filter(({ severity }) => severity === "error")
      .map(({ address, message, rule }) => ({
        line: 1,
        column: 1,
        rule,
        what: `${address}: ${message}`,
      })),
    ...others,
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half written, by a synthesis that was stopped.
    return {};
  }
}

/** Returns the files of a folder of a synthesis, if there is one, without what Terraform has downloaded. */
export function filesIn(folder: string): ProjectFiles {
  const names: string[] = [];
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const name = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== ".terraform") walk(name);
      else if (entry.isFile()) names.push(name);
    }
  };
  if (existsSync(folder)) walk("");
  return { folder, names: names.sort() };
}
