/**
 * Returns text of somebody else for a terminal: it must neither control the terminal that shows it, nor
 * change the direction of text.
 */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
