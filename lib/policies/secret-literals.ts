import { asObject, asText, type Block, isExpression, type Json } from "./synthesized-stack";

/** A secret that is written into a stack, without its value. */
export interface SecretLiteral {
  /** Where in the block, for example `fields.clientSecret`. */
  readonly path: string;
  /** Description, for example `a 43-character literal, not shown`. */
  readonly what: string;
}

/** Forms that are secrets under any key. */
const KNOWN_FORMS: readonly (readonly [string, RegExp])[] = [
  ["an AWS access key id", /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[^-]*/],
  ["a JSON web token", /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/],
  ["a Vault token", /(?<![A-Za-z0-9])hv[sbr]\.[\w-]{20,}|^[sb]\.[A-Za-z0-9]{24}$/],
  ["a GitHub token", /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/],
  ["a Slack token", /(?<![A-Za-z0-9])xox[abeprs]-[A-Za-z0-9-]{10,}/],
  ["a Slack webhook", /hooks\.slack\.com\/(?:services|workflows)\/[\w/]{20,}/],
  ["a password in a connection string", /(?:^|;)\s*(?:password|pwd)\s*=\s*(?!\$\{)[^;\s]{4,}/i],
  ["an authorization header", /\b(?:Basic|Bearer)\s+(?=\S*\d)[A-Za-z0-9+/=._-]{20,}/],
  ["a URL with a password", /(?<=[a-z]:\/\/[^/\s:@$]*:)(?![^@\s]*\$\{)[^/\s@]+(?=@)/i],
];
// One test in place of ten, for the many strings that contain none of them.
const ANY_KNOWN_FORM = new RegExp(KNOWN_FORMS.map(([, { source }]) => source).join("|"), "i");

/** Keys whose text value is the secret itself. In snake case; see {@link keyName}. */
const SECRET_KEY =
  /(?:^|_)(?:password|passwd|passphrase|pass|pwd|token|(?:api|private|secret|access|customer|shared|master)_?key|secret_(?:string|binary|key_base)|[a-z0-9]*secret)$/;

/** Keys that end like a secret and are not one: for repeating a request, or for the next page. */
const HARMLESS_KEY =
  /(?:^|_)(?:creation|client|client_request|request|idempotency|next|continuation|pagination)_token$/;

/** Keys that may also have the name of a secret, as in Kubernetes. */
const NAMED_SECRET_KEY = /(?:^|_)(?<!client_|app_|shared_|signing_|webhook_)secret$/;
const NAME = /^[a-z][a-z0-9]*(?:[-_/.][a-z0-9]+)+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Keys that suggest a secret, so that a long random value under them is one. */
const SUSPECT_KEY = /secret|token|passw|credential|auth|private/;
const DIGEST_KEY = /(?:hash|sha\d*|digest|fingerprint|thumbprint|checksum|etag)$/;

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

/** Finds the secrets written into one block. */
export function findSecretLiterals(block: Block): SecretLiteral[] {
  const { section, name, type, body } = block;
  const found: SecretLiteral[] = [];
  for (const [key, value] of Object.entries(body)) {
    if (key === "//") continue;
    const named = namedAfterBlock(block, key) ? name : key;
    walk(value, named, key, found);
  }
  const { sensitive, default: preset } = body;
  if (section === "variable" && sensitive === true && isWritten(preset) && found.length === 0) {
    found.push({ path: "default", what: literal(String(preset)) });
  }
  // Vault gets these values, so they are secret whatever the names of their fields.
  for (const key of ["data_json", "data_json_wo"]) {
    const value = body[key];
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

/** Removes every secret of a known form from a text, for messages that quote values. */
export function withoutSecrets(text: string): string {
  if (!ANY_KNOWN_FORM.test(text)) return text;
  return KNOWN_FORMS.reduce(
    (rest, [what, form]) => rest.replace(new RegExp(form, "g"), `(${what}, not shown)`),
    text,
  );
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
  // The form of lists of environment variables: { name: "DB_PASSWORD", value: "…" }.
  const nameOfValue = asText(object.name ?? object.Name ?? object.key ?? object.Key);
  for (const [key, value] of Object.entries(object)) {
    if (key === "//") continue;
    const named = /^[vV]alue$/.test(key) && nameOfValue ? nameOfValue : key;
    walk(value, named, `${path}.${key}`, found);
  }
}

function inspect(text: string, key: string, path: string, found: SecretLiteral[]): void {
  if (text.length < 2) return;
  if (ANY_KNOWN_FORM.test(text)) {
    const form = KNOWN_FORMS.find(([, pattern]) => pattern.test(text));
    if (form) {
      found.push({ path, what: `${form[0]} (not shown)` });
      return;
    }
  }
  const name = keyName(key);
  if (isSecret(name, text)) {
    found.push({ path, what: literal(text) });
    return;
  }
  const document = parseDocument(text);
  if (document) {
    walk(document, key, path, found);
  } else if (isExpression(text)) {
    inspectExpression(text, path, found);
  }
}

/** Finds `"client_secret" = "…"` in jsonencode() and similar calls. */
function inspectExpression(text: string, path: string, found: SecretLiteral[]): void {
  const pairs = /[{,(\s]"?([A-Za-z_][\w-]*)"?\s*(?:=(?!=)|:)\s*"((?:[^"\\$]|\\.|\$(?!\{))+)"/g;
  for (const [, key = "", value = ""] of text.matchAll(pairs)) {
    if (isSecret(keyName(key), value)) {
      found.push({ path: `${path}.${key}`, what: literal(value) });
      return;
    }
  }
}

function isSecret(key: string, text: string): boolean {
  if (SECRET_KEY.test(key) && !HARMLESS_KEY.test(key)) {
    return isWritten(text) && !isReference(text) && !(NAMED_SECRET_KEY.test(key) && isName(text));
  }
  return SUSPECT_KEY.test(key) && !DIGEST_KEY.test(key) && isRandom(text);
}

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
  if (/^https?:\/\/[^\s@]+$/i.test(text)) return true;
  return /^(?:~|\.{1,2})?(?:\/[\w.@:+-]+)+\/?$/.test(text) && !text.split("/").some(isMixed);
}

function isName(text: string): boolean {
  return UUID.test(text) || NAME.test(text);
}

/** Whether a path segment is too random for the name of a folder. */
function isMixed(segment: string): boolean {
  return (
    segment.length >= 20 && /\d/.test(segment) && /[A-Z]/.test(segment) && /[a-z]/.test(segment)
  );
}

/** Whether a text is 40 or more characters of base64 with as much information as random ones. */
function isRandom(text: string): boolean {
  if (!/^[A-Za-z0-9+/=_-]{40,}$/.test(text) || isReference(text) || !isMixed(text)) return false;
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) {
    entropy -= (count / text.length) * Math.log2(count / text.length);
  }
  // Bits per character: random base64 of this length has about 5, words and hyphens up to 4.3.
  return entropy > 4.5;
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
