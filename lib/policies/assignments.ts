/** A name with its value in a text: `client_secret=…`, `password: …`, `--token …`, `<secret>…</secret>`. */
export interface Assignment {
  readonly key: string;
  readonly value: string;
  /** Where it begins in the text. */
  readonly index: number;
}

const VALUE = String.raw`(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'&;,<>)}\]\\]+))`;
/** `key=value`, `key: value`, `"key" = "value"` of commands, URLs, properties, YAML, JSON and Terraform. */
const PAIR = new RegExp(
  String.raw`(["']?)(?<![\w$@])([A-Za-z_][\w.-]{0,80})\1([ \t]*(?:=>|=(?![=~])|:(?=[\s"'])))([ \t]*)${VALUE}`,
  "g",
);
const FLAG = new RegExp(String.raw`(?<=\s|^)--?([A-Za-z][\w-]+)[ \t]+${VALUE}`, "g");
const ELEMENT = /<([A-Za-z][\w:.-]*)>([^<>]+)<\/\1>/g;
const NAMED_VALUE = /\b(?:name|key)\s*[=:]\s*"([^"]+)"\s*,?\s*value\s*[=:]\s*"([^"]+)"/gi;

/** A line of YAML. In a text with several, a word after a colon is a value and no prose. */
const YAML_LINE = /^[ \t-]*[\w.-]+:(?:[ \t]+\S+)?[ \t]*$/gm;

/** Finds the names with values in a text, without values that are found at run time and without prose. */
export function* assignmentsIn(text: string): Generator<Assignment> {
  // In an expression of Terraform, a value without quotes is a reference.
  const expression = /^\$\{[\s\S]*\}$/.test(text);
  const yaml = (text.match(YAML_LINE) ?? []).length > 1;
  for (const match of text.matchAll(PAIR)) {
    const [, , key = "", operator = "", space, double, single, bare] = match;
    const prose = operator.endsWith(":") ? !yaml : space !== "";
    const value = double ?? single ?? bare ?? "";
    if (bare !== undefined && expression) continue;
    const isValue = bare === undefined ? isWrittenOut(value) : isBareValue(value, prose);
    if (isValue) yield { key, value, index: match.index };
  }
  for (const match of text.matchAll(FLAG)) {
    const [, key = "", double, single, bare] = match;
    const value = double ?? single ?? bare ?? "";
    const isValue = bare === undefined ? isWrittenOut(value) : isBareValue(value, false);
    if (isValue) yield { key, value, index: match.index };
  }
  for (const form of [ELEMENT, NAMED_VALUE]) {
    for (const match of text.matchAll(form)) {
      const [, key = "", value = ""] = match;
      if (isWrittenOut(value)) yield { key, value, index: match.index };
    }
  }
}

/** Whether a value is neither a variable nor a placeholder. */
function isWrittenOut(value: string): boolean {
  if (value.length < 4 || /^\s*(?:\\?[$`%<{]|\*+$|\.\.\.|x+$)/i.test(value)) return false;
  return !/^(?:true|false|null|none|nil|undefined|string|your[-_ ].*|replace[-_ ]?(?:me|this).*|todo)$/i.test(
    value,
  );
}

/** Whether text without quotes is a value, and not code such as `get_token()`, or in prose a word. */
function isBareValue(value: string, prose: boolean): boolean {
  if (!isWrittenOut(value) || /[([{`\\]|\$/.test(value) || /^-/.test(value)) return false;
  if (/^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+$/.test(value) || /^\d{1,5}$/.test(value))
    return false;
  return !prose || (value.length >= 6 && /\d/.test(value) && /[A-Za-z]/.test(value));
}
