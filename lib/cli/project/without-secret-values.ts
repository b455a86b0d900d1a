import type { ExistingObject, Value } from "../../existing/model";
import { WITHHELD } from "../../existing/read/read-org";
import { findSecretsInSource } from "../../policies/secrets-in-source";

/**
 * Leaves out the arguments of an object that has a secret in one of them, for example a token in the settings of
 * an integration. Neither code nor a snapshot may have it.
 */
export function withoutSecretValues(object: ExistingObject): ExistingObject {
  for (const { place, text } of textsIn(object.arguments, "")) {
    const [secret] = text.includes(WITHHELD)
      ? [{ what: "a secret" }]
      : findSecretsInSource(text, "value.json");
    if (!secret) continue;
    return {
      ...object,
      arguments: {},
      unmanaged: `${place} has ${secret.what}`,
    };
  }
  return object;
}

function* textsIn(
  value: Value,
  place: string,
): Generator<{ readonly place: string; readonly text: string }> {
  if (typeof value === "string") yield { place, text: withKey(place, value) };
  if (typeof value !== "object") return;
  for (const [name, one] of Object.entries(value)) {
    yield* textsIn(one as Value, place === "" ? name : `${place}.${name}`);
  }
}

/** What a value is shows in its key as well. A value that is JSON has keys of its own. */
const withKey = (place: string, value: string): string =>
  /^\s*[{[]/.test(value) ? value : JSON.stringify({ [place.split(".").at(-1) ?? place]: value });
