import { UserError } from "../errors";

// The options of a pipeline are kept in the heading of its files, so that the next `ci` command and
// `--check` use them again.

const MARK = "Written by `genesys-orgs ci";

/** Returns the comment at the top of a file. */
export function headingOf(engine: string, options: Readonly<Record<string, string>>): string {
  const words = Object.entries(options).map(([name, value]) => `--${name} ${quoted(name, value)}`);
  return [
    `${MARK} ${[engine, ...words].join(" ")}\`.`,
    "Do not edit it: change the options, and run the command again.",
  ].join("\n");
}

function quoted(name: string, value: string): string {
  if (/['`\n]/.test(value)) {
    throw new UserError(`--${name} ${value}: it must have no quotation mark and no line break`);
  }
  return /^[\w./@:-]+$/.test(value) ? value : `'${value}'`;
}

/** Returns the options in the heading of a file; undefined if `genesys-orgs ci` has not written it. */
export function optionsIn(text: string): Readonly<Record<string, string>> | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`# ${MARK}`));
  if (line === undefined) return undefined;
  const pairs = [...line.matchAll(/--([a-z-]+) (?:'([^']*)'|([\w./@:-]*[\w/@:-]))/g)];
  return Object.fromEntries(
    pairs.map(([, name = "", inQuotes, plain]) => [name, inQuotes ?? plain ?? ""]),
  );
}
