import { createHash } from "node:crypto";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync as gzip } from "node:zlib";
import { zipSync } from "fflate";
import { canary } from "../../../lib/rehearsal/world";
import { ofKind, type Planted } from "./planted";

/** The secret of a rehearsal that is planted. */
export const CANARY = canary("seed", "na-prod", "deployer");

const bytes = (text: string | Uint8Array) => Buffer.from(text as string);
const base64 = (text: string | Uint8Array) => bytes(text).toString("base64");
const hex = (text: string) => bytes(text).toString("hex");
const wrapped = (text: string, width = 76, end = "\n") =>
  text.replace(new RegExp(`.{${width}}`, "g"), `$&${end}`);
const each = (text: string, write: (code: string) => string) =>
  [...text].map((character) => write(character.charCodeAt(0).toString(16))).join("");
const halves = (text: string) => [text.slice(0, 22), text.slice(22)] as const;
const userData = `#!/bin/sh\nlogin --client-secret '${CANARY}'\n`;
const json = JSON.stringify({ client_secret: CANARY });

const counting = Array.from({ length: 500 }, (_, index) => `${index} more`).join("\n");

const noBeginning = "it has no beginning to recognise";
const noFunction = "neither Terraform nor a provider writes it";

/** How a rehearsal's secret may be written into a file. */
export const PLANTED_CANARIES: readonly Planted<string | Uint8Array>[] = [
  ...ofKind<string | Uint8Array>(
    "text",
    ["as it is", CANARY],
    ["in a log line", `level=debug body="${CANARY}" status=200`],
    ["in upper case", CANARY.toUpperCase()],
    ["in lower case", CANARY.toLowerCase()],
    ["reversed", [...CANARY].reverse().join("")],
    ["in UTF-16, little endian", Buffer.from(userData, "utf16le")],
    ["in UTF-16, big endian", Buffer.from(userData, "utf16le").swap16()],
    ["in UTF-32", Buffer.from([...CANARY].flatMap((one) => [one.charCodeAt(0), 0, 0, 0]))],
    ["in rot13", rot13(CANARY), "only a program can turn it back"],
    [
      "hashed with SHA-256",
      createHash("sha256").update(CANARY).digest("hex"),
      "it does not reveal a random text",
    ],
    ["encrypted", bytes(CANARY).map((byte) => byte ^ 0x5a), "only a program can turn it back"],
  ),
  ...ofKind<string | Uint8Array>(
    "parts",
    ["the first half", CANARY.slice(0, 22)],
    ["the last 16 characters", CANARY.slice(-16)],
    ["15 characters from the middle", CANARY.slice(14, 29)],
    ["two halves in one file", halves(CANARY).join('", "')],
    ["two halves in the other order", [...halves(CANARY)].reverse().join(" ")],
    ["the first half in base64", base64(CANARY.slice(0, 22))],
    ["wrapped after 20 characters", wrapped(CANARY, 20)],
    [
      "the first 10 characters",
      CANARY.slice(0, 10),
      "fewer than 15 characters may be the same by chance",
    ],
    [
      "in pieces of 5 characters",
      wrapped(CANARY, 5, '", "'),
      "fewer than 15 characters may be the same by chance",
    ],
    ["every second character", CANARY.replace(/(.)./g, "$1"), "it is not a part of the secret"],
  ),
  ...ofKind<string | Uint8Array>(
    "escapes",
    ["JSON", JSON.stringify(json)],
    ["JSON in JSON in JSON", JSON.stringify(JSON.stringify(JSON.stringify(json)))],
    ["JSON with \\/", CANARY.replaceAll("/", "\\/")],
    ["every character as \\u", each(CANARY, (code) => `\\u${code.padStart(4, "0")}`)],
    ["every character as \\\\u", each(CANARY, (code) => `\\\\u${code.padStart(4, "0")}`)],
    ["every character as \\x", each(CANARY, (code) => `\\x${code}`)],
    ["URL-encoded", encodeURIComponent(CANARY)],
    ["a form", new URLSearchParams({ client_secret: CANARY }).toString()],
    ["every character as %", each(CANARY, (code) => `%${code}`)],
    ["every character as %25", each(CANARY, (code) => `%25${code}`)],
    ["XML, every character as &#x", each(CANARY, (code) => `&#x${code};`)],
    ["XML, every character as &#", [...CANARY].map((one) => `&#${one.charCodeAt(0)};`).join("")],
    [
      "every character in octal",
      [...CANARY].map((one) => `\\${one.charCodeAt(0).toString(8)}`).join(""),
      noFunction,
    ],
    [
      "quoted-printable, every character",
      each(CANARY, (code) => `=${code.toUpperCase()}`),
      noFunction,
    ],
  ),
  ...ofKind<string | Uint8Array>(
    "base64 and hexadecimal",
    ["base64", base64(CANARY)],
    ["base64url", bytes(`>>>???${CANARY}`).toString("base64url")],
    ["base64 after 1 other byte", base64(`:${CANARY}`)],
    ["base64 after 2 other bytes", base64(`::${CANARY}`)],
    ["base64 directly after other text", `key${base64(CANARY)}`],
    ["base64 in wrapped lines", wrapped(base64(userData), 64)],
    ["base64 in wrapped and indented lines", wrapped(base64(userData), 24, "\r\n    ")],
    ["base64 in wrapped lines, in a form", `data=${wrapped(base64(userData), 64)}&end=1`],
    ["base64 in wrapped lines, in JSON", JSON.stringify(wrapped(base64(userData), 20))],
    ["base64 of base64", base64(base64(CANARY))],
    ["base64, three times", base64(base64(base64(userData)))],
    ["base64 of base64 in wrapped lines", base64(wrapped(base64(userData), 20))],
    ["base64 of UTF-16", base64(Buffer.from(userData, "utf16le"))],
    ["base64 of a URL-encoded text", base64(encodeURIComponent(json))],
    ["the claims of a JSON web token", `eyJhbGciOiJub25lIn0.${bytes(json).toString("base64url")}.`],
    ["hexadecimal", hex(CANARY)],
    ["hexadecimal in upper case", hex(CANARY).toUpperCase()],
    ["hexadecimal with colons", each(CANARY, (code) => `:${code}`).slice(1)],
    ["hexadecimal with 0x", each(CANARY, (code) => `0x${code}, `)],
    ["hexadecimal in wrapped lines", wrapped(hex(CANARY), 16)],
    ["hexadecimal of base64", hex(base64(CANARY))],
    ["base64 of hexadecimal", base64(hex(CANARY))],
    ["base32", base32(CANARY), noFunction],
    ["base58, ascii85 or another base", BigInt(`0x${hex(CANARY)}`).toString(36), noFunction],
    [
      "base64, seven times",
      [1, 2, 3, 4, 5, 6, 7].reduce(base64, CANARY),
      "deeper than 6 encodings",
    ],
  ),
  ...ofKind<string | Uint8Array>(
    "lists",
    ["a Buffer in JSON", JSON.stringify({ secret: bytes(CANARY) })],
    ["a Buffer in indented JSON", JSON.stringify({ secret: bytes(CANARY) }, null, 2)],
    ["bytes as Go prints them", `[${[...bytes(CANARY)].join(" ")}]`],
    ["characters", JSON.stringify([...CANARY])],
    ["characters in indented JSON", JSON.stringify({ secret: [...CANARY] }, null, 2)],
    [
      "characters with other keys between them",
      JSON.stringify([...CANARY].map((value) => ({ value }))),
      "fewer than 15 characters may be the same by chance",
    ],
  ),
  ...ofKind<string | Uint8Array>(
    "archives",
    ["gzip", gzip(userData)],
    ["gzip in gzip", gzip(gzip(userData))],
    ["gzip without its end", gzip(`${userData}${"# more\n".repeat(50)}`).subarray(0, -12)],
    ["gzip after other bytes", Buffer.concat([bytes("Content-Type: …\n\n"), gzip(userData)])],
    ["base64gzip", base64(gzip(userData))],
    [
      "base64gzip in JSON",
      JSON.stringify(base64(gzip(userData)))
        .replaceAll("/", "\\/")
        .replaceAll("+", "\\u002b"),
    ],
    ["base64gzip in wrapped lines", wrapped(base64(gzip(userData)), 40)],
    ["gzip of base64", gzip(base64(userData))],
    ["gzip in hexadecimal", gzip(userData).toString("hex")],
    ["zlib", deflateSync(userData)],
    ["zlib in base64", base64(deflateSync(userData))],
    ["a zip", zipSync({ tfplan: bytes(userData) })],
    ["a zip that stores", zipSync({ tfplan: bytes(userData) }, { level: 0 })],
    ["a zip in a zip", zipSync({ "inner.zip": zipSync({ tfplan: bytes(userData) }) })],
    ["a zip in base64", base64(zipSync({ "index.js": bytes(userData) }))],
    [
      "a zip without its directory",
      zipSync({ a: bytes(userData), b: bytes("more") }).subarray(0, -80),
    ],
    ["deflate without a header", deflateRawSync(userData + counting), noBeginning],
    ["brotli", brotliCompressSync(userData + counting), noBeginning],
  ),
];

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (one) =>
    String.fromCharCode(((one.toLowerCase().charCodeAt(0) - 97 + 13) % 26) + 97),
  );
}

function base32(text: string): string {
  const bits = [...bytes(text)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups
    .map((group) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(group.padEnd(5, "0"), 2)])
    .join("");
}
