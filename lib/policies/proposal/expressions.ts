import { asObject, type Json } from "../synthesized-stack";
import { isTemplate, placesIn, type TextPlace, textsIn } from "./texts";

/**
 * Functions that read files, or that reveal what is sensitive. Their names alone are refused: a comment may
 * stand between a name and its bracket.
 */
const FORBIDDEN =
  /\b(file(?:base64(?:sha256|sha512)?|exists|md5|set|sha1|sha256|sha512)?|template(?:file|string)|nonsensitive|pathexpand|abspath)\b/;

/** Arguments that never reach state or plan, of types whose providers send them nowhere else. */
const WRITE_ONLY =
  /^resource\.(?:aws_secretsmanager_secret_version\.[\w-]+\.secret_string_wo|aws_ssm_parameter\.[\w-]+\.value_wo)$/;

/**
 * The expressions with which the library hands an entry on. No others may have the credential: the error of a
 * function repeats its argument, and an expression that fails for one value only tells a letter.
 */
export const HANDED_ON =
  /^\$\{(?:\(?var\.genesys_credential == "planner"\)? \? "[\w ]*" : )?(?:jsonencode\(ephemeral\.vault_kv_secret_v2\.[\w-]+\.data\)|ephemeral\.vault_kv_secret_v2\.[\w-]+\.data\.[\w-]+)\}$/;

/**
 * Returns the names of the deployed variables that are secret, and of the locals that have one of them, or an
 * ephemeral value.
 */
function secretNames({ variable, locals }: Json): Set<string> {
  const names = new Set(
    Object.entries(asObject(variable))
      .filter(([, body]) => asObject(body).sensitive || asObject(body).ephemeral)
      .map(([name]) => name),
  );
  names.delete(CREDENTIAL);
  const isSecret = (text: string) =>
    isTemplate(text) && (/\bephemeral\b/.test(text) || mentions(text, names));
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const [name, value] of Object.entries(asObject(locals))) {
      if (textsIn(value).some(isSecret)) names.add(name);
    }
  }
  return names;
}

/** The variable that chooses deployer or planner. It is ephemeral, and no secret. */
const CREDENTIAL = "genesys_credential";

/** Whether a text has one of the names. Spaces and comments may stand before it, as in `var . x`. */
const mentions = (text: string, names: ReadonlySet<string>): boolean =>
  [...names].some((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(text));

/** Refuses expressions that read files or reveal secrets, wherever they are. */
export function* expressionRefusals(base: Json, stack: Json): Iterable<string> {
  const keyOf = ({ path, text }: TextPlace) => JSON.stringify([path, text]);
  const known = new Set([...placesIn(base)].map(keyOf));
  const secrets = secretNames(base);
  for (const place of placesIn(stack)) {
    const { path, text } = place;
    // The same text elsewhere would be something else: a provider's secret in an output. New reads of
    // credentials have rules of their own.
    if (!isTemplate(text) || known.has(keyOf(place)) || path.startsWith("ephemeral.")) continue;
    const [, name] = FORBIDDEN.exec(text) ?? [];
    if (name !== undefined) yield `${path} uses the function ${name}`;
    if (mentions(text, secrets)) yield `${path} uses a secret variable, or a local that has one`;
    if (/\bephemeral\b/.test(text) && !(WRITE_ONLY.test(path) && HANDED_ON.test(text))) {
      yield `${path} uses an ephemeral value, and does not only hand it on to a secret`;
    }
  }
}
