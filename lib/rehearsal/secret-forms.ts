/** A form in which a secret may be written. */
export type SecretForm = "plain" | "JSON" | "URL-encoded" | "base64" | "base64url" | "hex";

/** The bytes of one secret in one form. */
export interface WrittenSecret {
  readonly form: SecretForm;
  readonly bytes: Buffer;
}

/** Returns every form of a secret that the scan looks for. */
export function formsOf(secret: string): WrittenSecret[] {
  const hex = Buffer.from(secret).toString("hex");
  const json = jsonEscaped(secret);
  const forms: [SecretForm, string][] = [
    ["plain", secret],
    ...json.map((text): [SecretForm, string] => ["JSON", text]),
    // A JSON document inside a string of another one: `jsonencode` in a state file.
    ...json.map((text): [SecretForm, string] => ["JSON", JSON.stringify(text).slice(1, -1)]),
    ["URL-encoded", encodeURIComponent(secret)],
    [
      "URL-encoded",
      encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    ],
    ["URL-encoded", new URLSearchParams([["", secret]]).toString().slice(1)],
    ...base64Cores(secret).flatMap((core): [SecretForm, string][] => [
      ["base64", core],
      ["base64url", core.replace(/\+/g, "-").replace(/\//g, "_")],
    ]),
    ["hex", hex],
    ["hex", hex.toUpperCase()],
  ];
  const seen = new Set<string>();
  return forms
    .filter(([, text]) => !seen.has(text) && seen.add(text))
    .map(([form, text]) => ({ form, bytes: Buffer.from(text) }));
}

// With and without `/` escaped, and as Go escapes: `&`, `<` and `>` as well.
function jsonEscaped(secret: string): string[] {
  const plain = JSON.stringify(secret).slice(1, -1);
  const go = plain.replace(/[&<>]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  return [plain, go, plain.replaceAll("/", "\\/")];
}

/**
 * Returns texts of which one is in the base64 form of every text that contains the secret. There are
 * three, since base64 takes three bytes at a time and the secret may begin at each of them. The ends
 * are left out, since they mix with the neighbouring bytes.
 */
function base64Cores(secret: string): string[] {
  return [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const encoded = bytes.toString("base64").replace(/=+$/, "");
    const first = [0, 2, 3][offset] ?? 0;
    const last = bytes.length % 3 === 0 ? encoded.length : encoded.length - 1;
    return encoded.slice(first, last);
  });
}
