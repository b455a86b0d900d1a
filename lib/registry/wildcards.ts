/**
 * Returns a pattern for the whole of a text, in which `*` stands for any text.
 *
 * @param end regular expression for what may follow
 */
export function wildcardPattern(text: string, end = ""): RegExp {
  const parts = text.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}${end}$`, "s");
}
