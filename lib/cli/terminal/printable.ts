/**
 * Returns foreign text without the characters that control a terminal or change the direction of text. New
 * lines and tabs stay.
 */
export const printable = (text: string): string =>
  text.replace(/\r\n?/g, "\n").replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");

/** Returns foreign text on one line. See {@link printable}. */
export const onOneLine = (text: string): string => printable(text).replace(/\s+/g, " ").trim();
