/** Characters of a value that are shown. */
const LONGEST_VALUE = 60;

/** Returns the values of an attribute, of long ones the parts that differ. */
export function cutValues<Values extends { readonly before?: string; readonly after?: string }>(
  values: Values,
): Values {
  const { before = "", after = "" } = values;
  const longest = Math.max(before.length, after.length);
  const different = [...before].findIndex((character, index) => character !== after[index]);
  const start = longest > LONGEST_VALUE && before && after ? Math.max(0, different - 20) : 0;
  const part = (text: string | undefined) =>
    text === undefined ? undefined : cutText(start > 0 ? `…${text.slice(start)}` : text);
  return { ...values, before: part(values.before), after: part(values.after) };
}

/** Returns a text, of a long one the beginning. */
export const cutText = (text: string): string =>
  text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
