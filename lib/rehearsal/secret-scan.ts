import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync, unzipSync } from "fflate";
import { formsOf, type SecretForm } from "./secret-forms";
import type { Canary } from "./world";

/** A secret that was found where none may be. */
export interface SecretFinding {
  readonly file: string;
  /** Path inside the file, if it is an archive. */
  readonly member?: string;
  /** Organisation that owns the secret. The file may be another one's. */
  readonly org: string;
  readonly credential: string;
  readonly form: SecretForm;
  /** Length of the form that was found, times the number of occurrences. */
  readonly bytes: number;
}

interface Pattern {
  readonly canary: Canary;
  readonly form: SecretForm;
  readonly bytes: Buffer;
}

const prefixLength = 4;
const deepestArchive = 8;

/**
 * Finds secrets in buffers, files and folders, in every form in which they may be written. It looks
 * into zip and gzip archives, and into the output of `base64gzip`. The time that it takes does not
 * grow with the number of secrets.
 */
export class SecretScanner {
  private readonly patterns = new Map<number, Pattern[]>();
  private readonly beginnings = new Uint8Array(0x10000);

  constructor(canaries: Iterable<Canary>) {
    for (const canary of canaries) this.add(canary);
  }

  /** Adds a secret, which later scans look for. */
  add(canary: Canary): void {
    for (const { form, bytes } of formsOf(canary.value)) {
      if (bytes.length < prefixLength) continue;
      const key = bytes.readUInt32LE(0);
      const known = this.patterns.get(key);
      if (known) known.push({ canary, form, bytes });
      else this.patterns.set(key, [{ canary, form, bytes }]);
      this.beginnings[key & 0xffff] = 1;
    }
  }

  /** Scans every regular file of the folder and of its subfolders. */
  scanFolder(folder: string): SecretFinding[] {
    return [...filesIn(folder)].flatMap((file) =>
      this.scan(readFileSync(file), relative(folder, file)),
    );
  }

  /** Scans a text or the content of a file. Findings carry the name `file`. */
  scan(content: string | Uint8Array, file: string): SecretFinding[] {
    const buffer = typeof content === "string" ? Buffer.from(content) : Buffer.from(content);
    return this.scanMember(buffer, file, undefined, 0);
  }

  private scanMember(
    content: Buffer,
    file: string,
    member: string | undefined,
    depth: number,
  ): SecretFinding[] {
    const inside = depth < deepestArchive ? unpack(content) : [];
    return [
      ...this.search(content).map((found) => ({ file, ...(member ? { member } : {}), ...found })),
      ...inside.flatMap(([name, bytes]) =>
        this.scanMember(bytes, file, member ? `${member}/${name}` : name, depth + 1),
      ),
    ];
  }

  private search(content: Buffer): Omit<SecretFinding, "file" | "member">[] {
    const bytes = new Map<Pattern, number>();
    for (let at = 0; at + prefixLength <= content.length; at++) {
      const start = (content[at] ?? 0) | ((content[at + 1] ?? 0) << 8);
      if (this.beginnings[start] !== 1) continue;
      for (const pattern of this.patterns.get(content.readUInt32LE(at)) ?? []) {
        const end = at + pattern.bytes.length;
        if (end > content.length || pattern.bytes.compare(content, at, end) !== 0) continue;
        bytes.set(pattern, (bytes.get(pattern) ?? 0) + pattern.bytes.length);
      }
    }
    return [...bytes].map(([{ canary, form }, count]) => ({
      org: canary.org,
      credential: canary.credential,
      form,
      bytes: count,
    }));
  }
}

/** Describes a finding in one line. */
export function describeFinding(finding: SecretFinding): string {
  const place = finding.member ? `${finding.file} (${finding.member})` : finding.file;
  return `${place}: ${finding.bytes} bytes of the secret ${finding.org}/${finding.credential}, ${finding.form}`;
}

function* filesIn(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const entry = lstatSync(path);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

function unpack(content: Buffer): [string, Buffer][] {
  const isZip = content.length > 4 && content.readUInt32LE(0) === 0x04034b50;
  const isGzip = content.length > 2 && content.readUInt16BE(0) === 0x1f8b;
  try {
    if (isGzip) return [["gunzip", Buffer.from(gunzipSync(content))]];
    if (!isZip) return base64Gzips(content);
    return Object.entries(unzipSync(content)).map(([name, bytes]) => [name, Buffer.from(bytes)]);
  } catch {
    // It only began like an archive. Its bytes were searched already.
    return [];
  }
}

/** Unpacks every output of Terraform's `base64gzip`, which is used for user data, for example. */
function base64Gzips(content: Buffer): [string, Buffer][] {
  // In base64, a gzip archive begins with `H4sI`. JSON may escape the characters after that.
  const found = content.toString("latin1").matchAll(/H4sI(?:[\w+/-]|\\\/|\\u002[Bb])+/g);
  return [...found].flatMap(([text]): [string, Buffer][] => {
    const base64 = text.replace(/\\u002b/gi, "+").replaceAll("\\/", "/");
    try {
      return [["base64gzip", Buffer.from(gunzipSync(Buffer.from(base64, "base64")))]];
    } catch {
      return [];
    }
  });
}
