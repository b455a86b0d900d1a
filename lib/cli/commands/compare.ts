import { resolve } from "node:path";
import { Argument, Command } from "commander";
import { UserError } from "../../errors";
import { pathText } from "../../existing/model";
import { replaceFile } from "../project/replace-file";
import { MARKDOWN, PLAIN } from "../runs/markup";
import { ReportedFailure } from "../terminal/failure";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption } from "../terminal/options";
import { comparePage } from "./compare/compare-page";
import { type ComparedSources, compareSources } from "./compare/compare-sources";
import { compareText, countsOf } from "./compare/compare-text";

interface CompareOptions {
  readonly configuration?: boolean;
  readonly html?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** The exit code if there are differences. */
const DIFFERENT = 2;
/** Names of people and their mail addresses may be in it. */
const OWNER_ONLY = 0o600;

/** `genesys-orgs compare`. */
export const compareCommand = (io: Io): Command =>
  new Command("compare")
    .summary("show how two organisations differ")
    .description(
      "Show how two organisations differ, an organisation and a snapshot, or an organisation and its code",
    )
    .argument("<from>", "name of an organisation, or a folder with a snapshot")
    .argument("[to]", "the other one; not with --configuration")
    .addArgument(new Argument("[type...]", "types of objects, for example queues (default: all)"))
    .option("--configuration", "compare with the organisation's own code")
    .option("--html <file>", "also write one page for a browser, without external assets")
    .option("--markdown", "print Markdown, for a comment or an issue")
    .addOption(jsonOption().conflicts("markdown"))
    .addHelpText(
      "after",
      `
Objects are the same if they have the same type and name, and references if they name the same object: ids
and order do not matter. Organisations are read as their planners, which may only view. The registry's
ignoredDifferences of both are left out, and counted.

Exit codes: 0 no difference, 1 a mistake or a failure, 2 differences, 130 stopped by Ctrl-C.

Examples:
  genesys-orgs compare na-staging na-prod
  genesys-orgs compare na-staging na-prod queues users --html differences.html
  genesys-orgs compare snapshots/na-prod na-prod        what has changed since the snapshot
  genesys-orgs compare na-prod --configuration          what differs from the code`,
    )
    .action((here: string, there: string | undefined, types: string[], options: CompareOptions) =>
      compare(io, [here, ...(there === undefined ? [] : [there]), ...types], options),
    );

async function compare(
  io: Io,
  [here = "", ...words]: readonly string[],
  { configuration, html, json, markdown }: CompareOptions,
): Promise<void> {
  const there = configuration ? undefined : words[0];
  const types = configuration ? words : words.slice(1);
  if (there === undefined && !configuration) {
    throw new UserError(
      `${here} alone cannot be compared: give another organisation, a folder with a snapshot, or --configuration`,
    );
  }
  const compared = await compareSources(io, { here, types, ...(there !== undefined && { there }) });
  if (html !== undefined) writePage(io, html, comparePage(compared, io.now()));
  if (json) writeJson(io, documentOf(compared));
  else io.stdout.write(compareText(compared, markdown ? MARKDOWN : PLAIN));
  if (compared.differences.length > 0) throw new ReportedFailure(DIFFERENT);
}

function writePage(io: Io, file: string, page: string): void {
  try {
    replaceFile(resolve(io.cwd, file), page, OWNER_ONLY);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${file} cannot be written (${code ?? message}): give another file`);
  }
  io.stderr.write(`${file} was written\n`);
}

function documentOf(compared: ComparedSources): object {
  const { here, there, types, skipped, differences, ignored, unused, unnamed } = compared;
  const { notComparable } = compared;
  return {
    here,
    there,
    counts: countsOf(differences),
    types: types.map((each) => ({
      ...each,
      differences: differences.filter(({ type }) => type === each.type).length,
    })),
    notCompared: skipped,
    notComparable: {
      computed: notComparable.computed,
      leftOut: notComparable["left out"],
      notFound: notComparable["not found"],
      secret: notComparable.secret,
      unnamed,
    },
    ignored: ignored.map(({ org, entry, count }) => ({ org, ...entry, count })),
    unusedRules: unused.map(({ org, entry }) => ({ org, ...entry })),
    differences: differences.map((each) => ({ ...each, name: pathText(each.path) })),
  };
}
