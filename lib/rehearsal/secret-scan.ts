import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { type Reading, readingsOf, SHORTEST } from "../encodings";
import type { Canary } from "./world";

/** A secret that was found where none may be. */
export interface SecretFinding {
  readonly file: string;
  /** Path inside the file, if it is an archive. */
  readonly member?: string;
  /** Organisation that owns the secret. The file may be another one's. */
  readonly org: string;
  readonly credential: string;
  /** `plain`, or the encodings around the secret from the outermost: `base64 of gzip`. */
  readonly form: string;
  /** Length of the parts of the secret that were found, of all occurrences. */
  readonly bytes: number;
}

/** A part of a secret, by which the scan recognises the secret. */
interface Part {
  readonly canary: Canary;
  readonly secret: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Distance between the parts of a secret that are looked for. */
const STEP = 4;

/**
 * Finds secrets in buffers, files and folders, also encoded, in other case, reversed, and in parts of at
 * least 15 bytes (`SHORTEST + STEP - 1`). The time that it takes does not grow with the number
 * of secrets.
 */
export class SecretScanner {
  private readonly known = new Set<string>();
  private readonly parts = new Map<number, Part[]>();
  /** Whether a part may begin with four bytes, by the hash of the bytes. */
  private readonly beginnings = new Uint8Array(1 << 20);

  constructor(canaries: Iterable<Canary>) {
    for (const canary of canaries) this.add(canary);
  }

  /** Adds a secret, which later scans look for. */
  add(canary: Canary): void {
    const key = JSON.stringify(canary);
    if (this.known.has(key)) return;
    this.known.add(key);
    const forwards = Buffer.from(canary.value).map(small) as Buffer;
    const length = canary.whole ? forwards.length : Math.min(SHORTEST, forwards.length);
    if (length < STEP) return;
    for (const secret of [forwards, Buffer.from(forwards).reverse()]) {
      for (let start = 0; start + length <= secret.length; start += STEP) {
        const beginning = secret.readInt32LE(start);
        const part = { canary, secret, start, end: start + length };
        this.parts.set(beginning, [...(this.parts.get(beginning) ?? []), part]);
        this.beginnings[hash(beginning)] = 1;
      }
    }
  }

  /** Scans the names and the contents of all files in the folder and in its subfolders. */
  scanFolder(folder: string): SecretFinding[] {
    return [...filesIn(folder)].flatMap(([path, content]) => {
      const file = relative(folder, path);
      return [...this.scan(file, "name of a file"), ...this.scan(content, file)];
    });
  }

  /** Scans a text or the content of a file. Findings carry the name `file`. */
  scan(content: string | Uint8Array, file: string): SecretFinding[] {
    const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(content);
    const found = new Map<Reading, Map<Canary, number>>();
    const findings: SecretFinding[] = [];
    for (const reading of readingsOf(bytes)) {
      const counts = this.search(reading.bytes);
      found.set(reading, counts);
      const before = reading.rewritten && found.get(reading.rewritten);
      for (const [canary, count] of counts) {
        const more = count - (before?.get(canary) ?? 0);
        if (more > 0) findings.push(findingOf(canary, more, reading, file));
      }
    }
    return findings;
  }

  /** Counts the bytes of each secret. */
  private search(content: Buffer): Map<Canary, number> {
    const counts = new Map<Canary, number>();
    let beginning = 0;
    for (let end = 0; end < content.length; end++) {
      beginning = (beginning >>> 8) | (small(content[end]) << 24);
      if (this.beginnings[hash(beginning)] !== 1) continue;
      const match = longest(this.parts.get(beginning) ?? [], content, end + 1 - STEP);
      for (const canary of match.canaries) {
        counts.set(canary, (counts.get(canary) ?? 0) + match.length);
      }
      if (match.length > 0) end = match.end - 1;
    }
    return counts;
  }
}

/** Describes a finding in one line. */
export function describeFinding(finding: SecretFinding): string {
  const place = finding.member ? `${finding.file} (${finding.member})` : finding.file;
  return `${place}: ${finding.bytes} bytes of the secret ${finding.org}/${finding.credential}, ${finding.form}`;
}

function findingOf(canary: Canary, bytes: number, reading: Reading, file: string): SecretFinding {
  const { encodings, members } = reading;
  const member = members.length > 0 ? { member: members.join("/") } : {};
  const form = encodings.filter((encoding) => encoding !== "zip").join(" of ") || "plain";
  return { file, ...member, org: canary.org, credential: canary.credential, form, bytes };
}

/** Returns the secrets that have the most bytes in common with a content around a place. */
function longest(parts: readonly Part[], content: Buffer, at: number) {
  let match = { canaries: new Set<Canary>(), length: 0, end: 0 };
  for (const { canary, secret, start, end } of parts) {
    let after = 0;
    while (start + after < secret.length && secret[start + after] === small(content[at + after])) {
      after++;
    }
    if (after < end - start) continue;
    let before = 0;
    while (before < start && secret[start - 1 - before] === small(content[at - 1 - before])) {
      before++;
    }
    const length = before + after;
    if (length > match.length) match = { canaries: new Set(), length, end: at + after };
    if (length === match.length) match.canaries.add(canary);
  }
  return match;
}

// In Jest, a global name is slow to look up, and this one is looked up for every byte.
const { imul } = Math;

/** Returns 20 bits that depend on all bits of a number. */
const hash = (beginning: number) => imul(beginning, 0x9e3779b1) >>> 12;

/** The small letter for each letter, so that `upper()` hides nothing, and any other byte itself. */
const SMALL = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

const small = (byte: number | undefined) => SMALL[byte ?? 0] ?? 0;

/** Yields each file with its content. The content of a link is its target, which is not followed. */
function* filesIn(folder: string): Generator<[path: string, content: string | Uint8Array]> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const entry = lstatSync(path);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield [path, readFileSync(path)];
    else if (entry.isSymbolicLink()) yield [path, readlinkSync(path)];
  }
}
