/** A block at the top level of an HCL text. */
export interface HclBlock {
  /** Its type, for example `resource`, and its labels. */
  readonly header: readonly string[];
  /** The text between its braces. */
  readonly body: string;
  /** Whether the text ends before the block does. */
  readonly isOpen?: true;
}

/** A comment, a text or a heredoc, in which braces do not count. */
const SKIPPED = /#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|<<-?(\w+)\n[\s\S]*?\n[ \t]*\1(?=\n|$)/y;
const WORD = /[\w-]+/y;

/**
 * Returns the blocks at the top level of an HCL text. Enough to see what a module uses; Terraform itself
 * judges the text.
 */
export function hclBlocks(text: string): HclBlock[] {
  const blocks: HclBlock[] = [];
  let header: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; ) {
    const skipped = match(SKIPPED, text, at);
    if (skipped) {
      at += skipped.length;
      continue;
    }
    const character = text[at];
    if (character === '"') {
      const end = endOfText(text, at);
      if (depth === 0) header.push(text.slice(at + 1, end));
      at = end + 1;
      continue;
    }
    const word = depth === 0 ? match(WORD, text, at) : undefined;
    if (word) header.push(word);
    if (character === "{" && depth++ === 0) start = at + 1;
    if (character === "}" && --depth === 0) {
      blocks.push({ header, body: text.slice(start, at) });
      header = [];
    }
    at += word?.length ?? 1;
  }
  if (header.length > 0) {
    blocks.push({ header, body: depth > 0 ? text.slice(start) : "", isOpen: true });
  }
  return blocks;
}

/** Returns an HCL text without its comments, and without what is in quotes and has no expression. */
export function hclCode(text: string): string {
  let code = "";
  for (let at = 0; at < text.length; ) {
    const skipped = match(SKIPPED, text, at);
    const end = text[at] === '"' ? endOfText(text, at) + 1 : at + (skipped?.length ?? 1);
    const part = text.slice(at, end);
    const isCode = skipped ? skipped.startsWith("<<") : end === at + 1 || /[$%]\{/.test(part);
    code += isCode ? part : " ";
    at = end;
  }
  return code;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Returns the place of the quote that ends a text, in which expressions may have texts of their own. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
    else if (/^[$%]\{/.test(text.slice(at, at + 2)) && text[at - 1] !== text[at]) {
      at = endOfExpression(text, at + 2);
    }
  }
  return text.length;
}

function endOfExpression(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '"') at = endOfText(text, at);
    else if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return text.length;
}
