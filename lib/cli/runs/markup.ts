import { onOneLine, printable } from "../terminal/printable";

/** How a summary is written: as plain text, or as Markdown. */
export interface Markup {
  readonly title: (text: string) => string;
  readonly heading: (text: string) => string;
  readonly item: (text: string) => string;
  /** A line below an item. */
  readonly detail: (text: string) => string;
  /** A name of somebody else's making. */
  readonly code: (text: string) => string;
  /** Lines of somebody else's making, below an item. */
  readonly block: (text: string) => string;
}

const indented = (text: string, indent: string): string =>
  text
    .split("\n")
    .map((line) => `${indent}${line}`.trimEnd())
    .join("\n");

export const PLAIN: Markup = {
  title: (text) => `${text}\n`,
  heading: (text) => `${text}\n`,
  item: (text) => `  ${text}\n`,
  detail: (text) => `      ${text}\n`,
  code: onOneLine,
  block: (text) => `${indented(printable(text), "    ")}\n`,
};

export const MARKDOWN: Markup = {
  title: (text) => `### ${text}\n\n`,
  heading: (text) => `\n#### ${text}\n\n`,
  item: (text) => `- ${text}\n`,
  detail: (text) => `  - ${text}\n`,
  code: (text) => `\`${onOneLine(text).replaceAll("`", "'")}\``,
  block: (text) => {
    // A fence that is longer than those in the text.
    const ticks = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = "`".repeat(ticks + 1);
    return `\n${indented(`${fence}text\n${printable(text)}\n${fence}`, "  ")}\n`;
  },
};
