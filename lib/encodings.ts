import { constants, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

/** Returns the texts that were decoded together, with one character for each byte. */
export const partsOf = (bytes: Buffer): string[] => bytes.toString("latin1").split(SEPARATOR);

/** A content, or what an encoding in it stands for. */
export interface Reading {
  readonly bytes: Buffer;
  /** Encodings that were undone, from the outermost: `base64`, `gzip`. */
  readonly encodings: readonly string[];
  /** Names inside zip archives, from the outermost. */
  readonly members: readonly string[];
  /** The reading that this one repeats, with its escapes undone. */
  readonly rewritten?: Reading;
}

/** Number of encodings inside each other that are undone. */
const DEEPEST = 6;

/** Shortest text in base64, hexadecimal and so on that is read, in bytes of its content. */
export const SHORTEST = 12;

/** Encoding of lines that are joined, although no character says that the text goes on. */
export const WRAPPED = "wrapped";

/** Stands between texts that were decoded together. It is in no encoding, and in no UTF-8. */
const SEPARATOR = "\xff";

/**
 * Yields a content and everything that is encoded in it, also several times: escapes of JSON, XML and
 * URLs, line breaks, UTF-16, base64, hexadecimal, lists of bytes and of characters, gzip, zlib and zip.
 * It guesses: text that only looks encoded gives readings of random bytes.
 */
export function readingsOf(bytes: Buffer): Generator<Reading> {
  return inside({ bytes, encodings: [], members: [] }, new Map());
}

function* inside(reading: Reading, seen: Map<string, Set<string>>): Generator<Reading> {
  yield reading;
  const { bytes, encodings, members } = reading;
  if (encodings.length >= DEEPEST) return;
  // As one character for each byte, so that regular expressions work on any content.
  const text = bytes.toString("latin1");
  const archives = reading.rewritten ? [] : archivesIn(bytes);
  for (const [encoding, content, member] of [...archives, ...encodedIn(text, bytes, seen)]) {
    const inner = { encodings: [...encodings, encoding], bytes: content };
    yield* inside({ ...inner, members: member ? [...members, member] : members }, seen);
  }
  for (const [encoding, plain] of rewritingsOf(text, bytes)) {
    const rewritten = { encodings: [...encodings, encoding], bytes: Buffer.from(plain, "latin1") };
    yield* inside({ ...rewritten, members, rewritten: reading }, seen);
  }
}

type Encoded = readonly [encoding: string, content: Buffer, member?: string];
type Decoder = (part: string) => Buffer;

const HEX = /(?:(?:0x)?[0-9a-f]{2}[\s:,-]{0,2}){12,}/gi;
const BYTES = /(?:\d{1,3}[\s,]+){11,}\d{1,3}/g;
const CHARACTERS = /(?:"(?:[^"\\]|\\.)"[\s,]*){12,}/g;

// Other text may stand directly before the encoded one, and a group then begins at any character.
const FROM_BASE64: readonly Decoder[] = [0, 1, 2, 3].map(
  (skipped) => (part) => Buffer.from(part.slice(skipped), "base64"),
);
const FROM_HEX: readonly Decoder[] = [0, 1].map(
  (skipped) => (part) => Buffer.from(part.replace(/0x|[\s:,-]/gi, "").slice(skipped), "hex"),
);
const FROM_BYTES: Decoder = (part) => Buffer.from(part.split(/[\s,]+/).map(Number));
const FROM_CHARACTERS: Decoder = (part) => Buffer.from(part.replace(/"(\\?.)"[\s,]*/g, "$1"));

/** Decodes the encoded parts of a text that were not `seen` before. */
function* encodedIn(
  text: string,
  bytes: Buffer,
  seen: Map<string, Set<string>>,
): Generator<Encoded> {
  const decode = function* (encoding: string, parts: string[], ...ways: readonly Decoder[]) {
    const known = seen.get(encoding) ?? new Set();
    seen.set(encoding, known);
    const isNew = (part: string) => !known.has(part) && known.add(part);
    const found = parts.filter(isNew);
    if (found.length === 0) return;
    for (const way of ways) {
      const decoded = found.map((part) => way(part).toString("latin1")).join(SEPARATOR);
      yield [encoding, Buffer.from(decoded, "latin1")] as const;
    }
  };
  const { base64, numbers } = runsIn(text, bytes);
  yield* decode("base64", base64, ...FROM_BASE64);
  yield* decode("hex", numbers.match(HEX) ?? [], ...FROM_HEX);
  yield* decode("list", numbers.match(BYTES) ?? [], FROM_BYTES);
  yield* decode("list", text.match(CHARACTERS) ?? [], FROM_CHARACTERS);
}

/** Whether a byte may be in base64 (1), or in hexadecimal or a list of bytes (2). */
const SETS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return (/[\w+/-]/.test(character) ? 1 : 0) + (/[0-9a-fx\s:,-]/i.test(character) ? 2 : 0);
});

/** Returns the parts that may be encoded. Regular expressions on the whole text would be slow. */
function runsIn(text: string, bytes: Buffer) {
  const base64: string[] = [];
  const numbers: string[] = [];
  let start = 0;
  let numbersStart = 0;
  for (let at = 0; at <= bytes.length; at++) {
    const sets = at < bytes.length ? (SETS[bytes[at] as number] as number) : 0;
    if ((sets & 1) === 0) {
      if (at - start >= 16) base64.push(text.slice(start, at));
      start = at + 1;
    }
    if ((sets & 2) === 0) {
      if (at - numbersStart >= 24) numbers.push(text.slice(numbersStart, at));
      numbersStart = at + 1;
    }
  }
  // Of the characters of base64, two fifths are capital letters. Most paths and names have none.
  return { base64: base64.filter((run) => /[A-Z]/.test(run)), numbers: numbers.join("|") };
}

/**
 * Returns the words of a text that have escapes, or zero bytes as in UTF-16, with one level of escapes
 * undone; and the words that only go on in the next line, joined. A word with both is joined later.
 */
function rewritingsOf(text: string, bytes: Buffer): (readonly [encoding: string, text: string])[] {
  const { escaped, wrapped } = wordsToRewrite(text, bytes);
  const plain = escaped
    .join(SEPARATOR)
    .replace(
      ESCAPE,
      (_, utf16?: string, hex?: string, entity?: string, end?: string, character = "") => {
        if (utf16) return utf8(JSON.parse(`"${utf16}"`));
        if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
        if (entity) return fromCodePoint(Number(entity.replace(/^x/i, "0x")));
        return end ? "\n" : character;
      },
    );
  const joined = wrapped.join(SEPARATOR).replace(/\r?\n[ \t]*/g, "");
  const rewritings = [["escaped", plain] as const, [WRAPPED, joined] as const];
  return rewritings.filter(([, rewritten]) => rewritten !== "");
}

const ESCAPE =
  /((?:\\u[0-9a-f]{4})+)|(?:\\x|%)([0-9a-f]{2})|&#(x[0-9a-f]{1,6}|\d{1,7});|((?:\\r)?\\n)|\\([\\/"'])|\\\r?\n[ \t]*|\0/gi;
const ANY_ESCAPE = new RegExp(ESCAPE.source, "i");

/** Returns the words that {@link rewritingsOf} may change. On the whole text, it would be slow. */
function wordsToRewrite(text: string, bytes: Buffer) {
  const escaped: string[] = [];
  const wrapped: string[] = [];
  let start = 0;
  let escapes = false;
  let wraps = false;
  for (let at = 0; at <= bytes.length; at++) {
    const byte = at < bytes.length ? bytes[at] : SPACE;
    if (byte === BACKSLASH || byte === PERCENT || byte === AMPERSAND || byte === 0) escapes = true;
    if (byte !== SPACE && byte !== TAB && byte !== CR && byte !== LF) continue;
    const next = wrappedUntil(bytes, at);
    if (next > at) {
      wraps = true;
      at = next - 1;
      continue;
    }
    const word = escapes || wraps ? text.slice(start, at) : "";
    if (escapes && ANY_ESCAPE.test(word)) escaped.push(word);
    else if (wraps) wrapped.push(word);
    escapes = wraps = false;
    start = at + 1;
  }
  return { escaped, wrapped };
}

const [TAB, LF, CR, SPACE, PERCENT, AMPERSAND, BACKSLASH] = [9, 10, 13, 32, 37, 38, 92];

/** Returns where a word goes on after the end of a line and the next one's indentation, if it does. */
function wrappedUntil(bytes: Buffer, at: number): number {
  const line = bytes[at] === CR ? at + 1 : at;
  // The end of the line may be an escape itself.
  const escaped = bytes[at - 1] === 0x6e && bytes[at - 2] === BACKSLASH;
  if (bytes[line] !== LF && !escaped) return at;
  const before = bytes[at - 1] === BACKSLASH ? at - 2 : at - 1;
  let next = line + 1;
  while (bytes[next] === SPACE || bytes[next] === TAB) next++;
  // A line that ends with "=" is the end of base64, or a variable without a value.
  return (escaped || inWord(bytes[before])) && (inWord(bytes[next]) || bytes[next] === 0x3d)
    ? next
    : at;
}

const inWord = (byte: number | undefined) => ((SETS[byte ?? 0] ?? 0) & 1) === 1;

const utf8 = (text: string) => Buffer.from(text).toString("latin1");

const fromCodePoint = (code: number) => (code <= 0x10ffff ? utf8(String.fromCodePoint(code)) : "");

/** Unpacks the archives in a content, wherever they begin, and also if their end is missing. */
function* archivesIn(bytes: Buffer): Generator<Encoded> {
  for (const at of positionsOf(GZIP, bytes)) yield* unpacked("gzip", gunzipSync, bytes, at);
  for (const mark of ZLIB) {
    for (const at of positionsOf(mark, bytes)) yield* unpacked("deflate", inflateSync, bytes, at);
  }
  for (const at of positionsOf(ZIP, bytes)) {
    if (at + 30 > bytes.length) continue;
    // The header of one file, which has its name and its compression. 8 is deflate.
    const nameEnd = at + 30 + bytes.readUInt16LE(at + 26);
    const start = nameEnd + bytes.readUInt16LE(at + 28);
    if (bytes.readUInt16LE(at + 8) !== 8 || start >= bytes.length) continue;
    yield* unpacked("zip", inflateRawSync, bytes, start, bytes.toString("utf8", at + 30, nameEnd));
  }
}

const GZIP = Buffer.from([0x1f, 0x8b, 8]);
const ZLIB = [0x01, 0x5e, 0x9c, 0xda].map((level) => Buffer.from([0x78, level]));
const ZIP = Buffer.from("PK\x03\x04");

function* positionsOf(mark: Buffer, bytes: Buffer): Generator<number> {
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) yield at;
}

/** Yields nothing for bytes that only began like an archive. */
function* unpacked(
  encoding: string,
  unpack: typeof gunzipSync,
  bytes: Buffer,
  start: number,
  member?: string,
): Generator<Encoded> {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 28 };
  try {
    const content = unpack(bytes.subarray(start), options);
    if (content.length > 0) yield [encoding, content, member];
  } catch {}
}
