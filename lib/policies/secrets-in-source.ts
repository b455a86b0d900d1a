import { findKnownSecret } from "./known-secrets";
import { GENESYS_SECRET_LENGTH, isMixed, isRandom } from "./random-text";
import { assignedSecretsIn, DIGEST_KEY, findSecretsInFile } from "./secret-literals";

/** A secret in a file of a repository, without its value. */
export interface SecretInSource {
  /** Index of a character on its line. */
  readonly index: number;
  /** Description, for example `a client secret of Genesys Cloud`. */
  readonly what: string;
}

const GENESYS = "a client secret of Genesys Cloud";

/** Text of the length and the characters of a client secret, that is not a part of a longer one. */
const ANY_GENESYS_SECRET = new RegExp(
  `(?<![\\w+/.-]|sha256[:-])[\\w-]{${GENESYS_SECRET_LENGTH}}(?![\\w+/=-])`,
  "gi",
);
/** The same with its key, in case the length of new ones is another. */
const NAMED_GENESYS_SECRET = /client_?secret["']?\s*(?:=>|[:=])\s*["'`]?([\w-]{40,50})(?![\w-])/gi;
/** Keys of values that have the form of a secret: digests, and the public parts of a JSON web key. */
const PUBLIC_KEY = /(?:challenge|integrity|nonce|kid|jti|(?:^|[^\w])[xy])$/;

/** Files that have keys and values, and no code in which a text after a name is often another name. */
const SETTINGS =
  /(?:^|[\\/])\.env[^\\/]*$|\.(?:ya?ml|json5?|env|properties|tfvars|ini|toml|conf|cfg|xml)$/;

/**
 * Finds the secrets in a file of a repository: client secrets of Genesys Cloud and the known forms in any
 * file, and values of keys that end like a secret in files of settings. At most one for each line.
 *
 * @param name path of the file
 */
export function findSecretsInSource(text: string, name: string): SecretInSource[] {
  const found = new Map<number, SecretInSource>();
  const add = (line: number, secret: SecretInSource) => found.set(line, found.get(line) ?? secret);
  const lines = text.split("\n");
  let start = 0;
  lines.forEach((line, number) => {
    const index = genesysSecretIn(line);
    const known = index < 0 ? findKnownSecret(line) : { index, what: GENESYS };
    if (known) add(number, { ...known, index: start + known.index });
    start += line.length + 1;
  });
  for (const { index, what } of SETTINGS.test(name) ? literalsIn(text, name, found.size > 0) : []) {
    add(text.slice(0, index).split("\n").length - 1, { index, what });
  }
  return [...found.values()].sort((one, other) => one.index - other.index);
}

/** Returns where a client secret of Genesys Cloud is in a line; -1 if it has none. */
function genesysSecretIn(line: string): number {
  for (const match of line.matchAll(ANY_GENESYS_SECRET)) {
    const key = /([^\s"':=]*)["']?\s*[:=]?\s*["'`]?$/.exec(line.slice(0, match.index))?.[1] ?? "";
    const isPublic = PUBLIC_KEY.test(key.toLowerCase()) || DIGEST_KEY.test(key.toLowerCase());
    if (!isPublic && isRandom(match[0])) return match.index;
  }
  for (const match of line.matchAll(NAMED_GENESYS_SECRET)) {
    if (isMixed(match[1] ?? "")) return match.index;
  }
  return -1;
}

/**
 * Finds the values of keys that end like a secret, also in encoded texts.
 *
 * @param isFound whether a line has a secret of a known form, which an encoding may repeat
 */
function* literalsIn(text: string, name: string, isFound: boolean): Generator<SecretInSource> {
  const found = [...assignedSecretsIn(text)];
  for (const { key, what, index } of found) yield { index, what: `${key} with ${what}` };
  if (isFound || found.length > 0) return;
  // The place in the file is not known.
  for (const { what } of findSecretsInFile(Buffer.from(text), name, 1)) {
    yield { index: 0, what: `${what} (encoded)` };
  }
}
