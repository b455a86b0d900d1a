import { isUtf8 } from "node:buffer";
import { partsOf, readingsOf, WRAPPED } from "../encodings";
import { assignmentsIn } from "./assignments";
import { knownSecretIn } from "./known-secrets";
import { PLACEHOLDER } from "./placeholder";
import { AWS_SECRET_LENGTH, GENESYS_SECRET_LENGTH, isMixed, isRandom } from "./random-text";
import { asObject, asText, type Block, isExpression, type Json } from "./synthesized-stack";

/** A secret that is written into a stack, without its value. */
export interface SecretLiteral {
  /** Where in the block, for example `fields.clientSecret`. */
  readonly path: string;
  /** Description, for example `a 43-character literal, not shown`. */
  readonly what: string;
}

/** Keys whose text value is the secret itself. In snake case; see {@link keyName}. */
const SECRET_KEY =
  /(?:^|_)(?:password|passwd|passphrase|pass|pwd|token|(?:api|private|secret|access|customer|shared|master)_?key|secret_(?:string|binary|key_base)|[a-z0-9]*secret)$/;

/** A permission of a workflow of GitHub: `id-token: write`. */
const PERMISSION = /^id_token=(?:read|write|none)$/;

/** Keys that end like a secret and are not one: for repeating a request, or for the next page. */
const HARMLESS_KEY =
  /(?:^|_)(?:creation|client|client_request|request|idempotency|next|continuation|pagination)_token$/;

/** Keys that may also have the name of a secret, as in Kubernetes. */
const NAMED_SECRET_KEY = /(?:^|_)(?<!client_|app_|shared_|signing_|webhook_)secret$/;
const NAME = /^[a-z][a-z0-9]*(?:[-_/.][a-z0-9]+)+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Keys that suggest a secret, so that a long random value under them is one. */
const SUSPECT_KEY = /secret|token|passw|credential|auth|private/;
export const DIGEST_KEY = /(?:hash|sha\d*|digest|fingerprint|thumbprint|checksum|etag)$/;

/** Lengths of random values that are secrets under any key. */
const KNOWN_LENGTHS = [AWS_SECRET_LENGTH, GENESYS_SECRET_LENGTH];

/** A sign of a {@link SECRET_KEY} in a text, in any notation. */
const ANY_SECRET_KEY = /pass|pwd|token|key|secret/i;

/**
 * Signs of a text in base64, gzip, zip or zlib in base64, hexadecimal, escapes or a list of bytes. Most
 * texts have none, also paths and hashes, so that they need not be decoded.
 */
const MAY_BE_ENCODED = new RegExp(
  [
    // Groups of base64 of which the three bytes are below 128.
    "(?:[A-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){5}",
    "H4sI|UEsDB|eJ[w-z]",
    "(?:(?:0x)?[2-7][0-9a-fA-F][\\s:,-]{0,2}){10}",
    "%[2-7][0-9a-fA-F]|\\\\[ux][0-9a-f]|&#|\\0",
    "(?:\\d{1,3}[\\s,]+){11}",
  ].join("|"),
);

/** Files of code. */
const CODE = /\.(?:[cm]?[jt]sx?|map|py|go|rb|java|class|cs|php|wasm)$/;

/** Functions that only change a literal, without other input. */
const PURE_CALLS = new Set([
  "base64decode",
  "base64encode",
  "format",
  "join",
  "jsonencode",
  "nonsensitive",
  "sensitive",
  "tostring",
  "trimspace",
  "urlencode",
]);

/**
 * Finds the secrets written into one block.
 *
 * @param literals the texts that expressions such as `local.greeting` stand for
 */
export function findSecretLiterals(
  block: Block,
  literals: ReadonlyMap<string, string> = new Map(),
): SecretLiteral[] {
  const { section, name, type, body } = block;
  const found: SecretLiteral[] = [];
  inspectKnown(name, "its name", found);
  for (const [key, value] of Object.entries(body)) {
    const named = namedAfterBlock(block, key) ? name : key;
    if (key !== name) inspectKnown(key, "the name of an argument", found);
    walk(resolved(value, literals), named, key, found);
  }
  const { sensitive, default: preset } = body;
  if (section === "variable" && sensitive === true && isWritten(preset) && found.length === 0) {
    found.push({ path: "default", what: literal(String(preset)) });
  }
  // Vault gets these values, so they are secret whatever the names of their fields.
  for (const key of ["data_json", "data_json_wo"]) {
    const value = body[key];
    if (type === "vault_generic_endpoint" && isEngineRole(value)) continue;
    if (isWritten(value) && value !== "{}" && !found.some(({ path }) => path.startsWith(key))) {
      found.push({ path: key, what: literal(String(value)) });
    }
  }
  if (type === "aws_ssm_parameter" && body.type === "SecureString") {
    for (const key of ["value", "value_wo", "insecure_value"]) {
      const value = body[key];
      if (isWritten(value) && !found.some(({ path }) => path === key)) {
        found.push({ path: key, what: literal(String(value)) });
      }
    }
  }
  return found;
}

/**
 * Finds the secrets in a file, or in the text that an encoding stands for.
 *
 * @param name name of the file, which begins the paths of the findings
 * @param fewest number of encodings of what is read
 */
export function findSecretsInFile(content: Buffer, name: string, fewest = 0): SecretLiteral[] {
  const found: SecretLiteral[] = [];
  for (const { bytes, encodings, members } of readingsOf(content)) {
    if (encodings.length < fewest) continue;
    const path = [name, ...members].join(" ");
    for (const text of partsOf(bytes).filter(isText)) {
      // In code, text after such a name is often the name of something.
      if (CODE.test(path) || isJoined(encodings)) inspectKnown(text, path, found);
      else inspectText(text, path, found);
    }
  }
  // A known form is also in the joined lines, and in other readings of the same text.
  const byText = new Map(found.map((literal) => [JSON.stringify(literal), literal]));
  return [...byText.values()];
}

/** Finds the secrets in the values and the names of any JSON, such as the context of an app. */
export function findSecretsInJson(json: unknown, path: string): SecretLiteral[] {
  const found: SecretLiteral[] = [];
  walk(json, "", path, found);
  return found;
}

/** Whether a value has the name of its block, as in a variable or an output. */
function namedAfterBlock({ section }: Block, key: string): boolean {
  return (section === "variable" && key === "default") || (section === "output" && key === "value");
}

function walk(value: unknown, key: string, path: string, found: SecretLiteral[]): void {
  if (typeof value === "string") {
    inspect(value, key, path, found);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      walk(item, key, `${path}[${index}]`, found);
    });
  } else if (typeof value === "object" && value !== null) {
    walkObject(value as Json, path, found);
  }
}

function walkObject(object: Json, path: string, found: SecretLiteral[]): void {
  if (object.type === "Buffer" && Array.isArray(object.data)) {
    inspectText(Buffer.from(object.data).toString(), path, found);
  }
  // The form of lists of environment variables: { name: "DB_PASSWORD", value: "…" }.
  const nameOfValue = asText(object.name ?? object.Name ?? object.key ?? object.Key);
  // In waivers and in cdktf's metadata, names are those of rules and of other blocks.
  const names = !/(?:^|\.)\/\/\.(?:waivers|waivedAt|waivedUntil|metadata|outputs)(?:\.|$)/.test(
    path,
  );
  for (const [key, value] of Object.entries(object)) {
    const named = /^[vV]alue$/.test(key) && nameOfValue ? nameOfValue : key;
    inspectKnown(key, `a name in ${path}`, found);
    walk(value, names ? named : "", `${path}.${key}`, found);
  }
}

function inspect(text: string, key: string, path: string, found: SecretLiteral[]): void {
  if (text.length < 2 || inspectKnown(text, path, found)) return;
  if (isSecret(keyName(key), text)) {
    found.push({ path, what: literal(text) });
    return;
  }
  const document = parseDocument(text);
  if (document) {
    walk(document, key, path, found);
    return;
  }
  const before = found.length;
  inspectText(text, path, found);
  if (found.length > before) return;
  for (const literal of literalsIn(text)) inspectText(literal, path, found);
  if (found.length > before) return;
  if (!MAY_BE_ENCODED.test(text)) return;
  for (const { bytes, encodings } of readingsOf(Buffer.from(text))) {
    if (found.length > before) return;
    if (encodings.length === 0) continue;
    const encoded = `${path} (${encodings.join(" of ")})`;
    for (const part of partsOf(bytes).filter(isText)) {
      if (isJoined(encodings)) inspectKnown(part, encoded, found);
      else inspectText(part, encoded, found);
    }
  }
}

/**
 * Whether a text is one of lines that were joined, where the next line may seem to belong to a name's
 * value. A value is found in the lines themselves.
 */
const isJoined = (encodings: readonly string[]): boolean => encodings.at(-1) === WRAPPED;

/** Finds a secret that its own form shows. */
function inspectKnown(text: string, path: string, found: SecretLiteral[]): boolean {
  const known = knownSecretIn(text);
  if (known) found.push({ path, what: `${known} (not shown)` });
  return known !== undefined;
}

/** Finds the secrets in a text that is not the value of a key, such as a script or a property file. */
function inspectText(text: string, path: string, found: SecretLiteral[]): void {
  if (inspectKnown(text, path, found)) return;
  const [first] = assignedSecretsIn(text);
  if (first) found.push({ path: `${path}.${first.key}`, what: first.what });
}

/** Finds the values of keys that end like a secret in a text that is not the value of a key. */
export function* assignedSecretsIn(
  text: string,
): Generator<{ readonly key: string; readonly what: string; readonly index: number }> {
  if (!ANY_SECRET_KEY.test(text)) return;
  for (const { key, value, index } of assignmentsIn(text)) {
    if (isSecret(keyName(key), value)) yield { key, what: literal(value), index };
  }
}

/** Replaces the references to literals in a value. */
function resolved(value: unknown, literals: ReadonlyMap<string, string>): unknown {
  if (typeof value !== "string" || literals.size === 0) return value;
  return value.replace(
    /(?<!\$)\$\{\s*((?:local|var)\.[\w-]+)\s*\}/g,
    (reference, name: string) => literals.get(name) ?? reference,
  );
}

/** Returns the literals of an expression, after the functions that only join literals. */
function literalsIn(text: string): string[] {
  if (!isExpression(text)) return [];
  const items = (list: string) => [...list.matchAll(/"([^"\\]*)"/g)].map(([, item = ""]) => item);
  const joined = text
    .replace(/join\(\s*"([^"\\]*)"\s*,\s*\[((?:\s*"[^"\\]*"\s*,?)+)\s*\]\s*\)/g, (_, by, list) =>
      JSON.stringify(items(list).join(by)),
    )
    .replace(/format\(\s*"([^"\\]*)"((?:\s*,\s*"[^"\\]*")+)\s*\)/g, (_, form, list) => {
      const values = items(list);
      return JSON.stringify(form.replace(/%[sv]/g, () => values.shift() ?? ""));
    })
    .replace(/\$\{\s*"([^"\\]*)"\s*\}/g, "$1");
  return [joined, ...[...joined.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, quoted = ""]) => quoted)];
}

function isSecret(key: string, text: string): boolean {
  if (DIGEST_KEY.test(key) || text === PLACEHOLDER) return false;
  if (PERMISSION.test(`${key}=${text}`)) return false;
  if (SECRET_KEY.test(key) && !HARMLESS_KEY.test(key)) {
    return isWritten(text) && !isReference(text) && !(NAMED_SECRET_KEY.test(key) && isName(text));
  }
  const hasLength = SUSPECT_KEY.test(key) || KNOWN_LENGTHS.includes(text.length);
  return hasLength && isRandom(text) && !isReference(text);
}

/** Whether bytes, written as characters, are text. */
function isText(part: string): boolean {
  return part.length >= 8 && !/(?!\s)\p{Cc}/u.test(part) && isUtf8(Buffer.from(part, "latin1"));
}

/** Whether a document is a role of the secrets engine of Genesys Cloud: only ids, addresses, numbers and switches. */
function isEngineRole(document: unknown): boolean {
  const role = typeof document === "string" ? parseDocument(document) : undefined;
  if (!role || Array.isArray(role)) return false;
  const { role_divisions, allowed_addresses = [], ...settings } = role as Record<string, unknown>;
  return (
    areTexts(role_divisions, ROLE_DIVISION) &&
    areTexts(allowed_addresses, ADDRESS_OR_RANGE) &&
    Object.values(settings).every((value) => /^(?:number|boolean)$/.test(typeof value))
  );
}

const areTexts = (values: unknown, pattern: RegExp): boolean =>
  Array.isArray(values) &&
  values.every((value) => typeof value === "string" && pattern.test(value));

const ROLE_DIVISION = /^[0-9a-f-]{36}:(?:\*|[0-9a-f-]{36})$/i;
const ADDRESS_OR_RANGE = /^[0-9a-f.:]{2,39}(?:\/\d{1,3})?$/i;

/** Whether a value is written out, and not found by Terraform at run time. */
function isWritten(value: unknown): boolean {
  if (typeof value !== "string") return false;
  if (!isExpression(value)) return value !== "" && !/^(?:true|false)$/i.test(value);
  return isWrittenExpression(value);
}

/** Whether an expression only wraps a text, such as `${sensitive("…")}`. */
function isWrittenExpression(text: string): boolean {
  const expression = /^\$\{([\s\S]*)\}$/.exec(text)?.[1];
  if (expression === undefined || !/"[^"]/.test(expression)) return false;
  const rest = expression.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) =>
    isExpression(quoted) ? "a.b" : '""',
  );
  const calls = [...rest.matchAll(/([A-Za-z_]\w*)\s*\(/g)].map(([, name = ""]) => name);
  return calls.every((name) => PURE_CALLS.has(name)) && !/[A-Za-z_]\w*\s*[.[]/.test(rest);
}

/** Whether a text is the place of a secret, and not the secret itself. */
function isReference(text: string): boolean {
  if (/^arn:aws[a-z-]*:/.test(text)) return true;
  // A path in JSON or a variable of Velocity, as in the templates of data actions.
  if (/^\$(?:\.|!|\$\{)/.test(text)) return true;
  if (/^https?:\/\/[^\s@]+$/i.test(text)) return true;
  return /^(?:~|\.{1,2})?(?:\/[\w.@:+-]+)+\/?$/.test(text) && !text.split("/").some(isMixed);
}

function isName(text: string): boolean {
  return UUID.test(text) || NAME.test(text);
}

/** Parses a JSON document in a string, for example a policy or the value of a secret. */
function parseDocument(text: string): Json | unknown[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const document: unknown = JSON.parse(text);
    return Array.isArray(document) ? document : asObject(document);
  } catch {
    return undefined;
  }
}

/** Returns a key in snake case, without endings such as `_wo` that only say how the value is passed. */
function keyName(key: string): string {
  // IAM condition keys, for example secretsmanager:ResourceTag/token.
  if (key.includes(":")) return "";
  return key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase()
    .replace(/(?:_(?:wo|value|plaintext))+$/, "");
}

function literal(text: string): string {
  return `a ${text.length}-character literal, not shown`;
}
