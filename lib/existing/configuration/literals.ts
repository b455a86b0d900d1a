/** The body of a block in Terraform JSON. */
export type Body = Readonly<Record<string, unknown>>;

/** Whether a text has an expression of Terraform. `$${` is the text `${`. */
export const isExpression = (text: string): boolean => /(?<!\$)\$\{|(?<!%)%\{/.test(text);

/** Returns the text that a literal of Terraform JSON stands for. */
export const unescaped = (text: string): string => text.replace(/([$%])\1\{/g, "$1{");

/** Returns a literal text; undefined for anything else. */
export const literalText = (value: unknown): string | undefined =>
  typeof value === "string" && !isExpression(value) ? unescaped(value) : undefined;

/** Returns a block that can be there once: Terraform JSON has it alone, or in a list. */
export function nestedBlock(value: unknown): Body | undefined {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null ? (one as Body) : undefined;
}
