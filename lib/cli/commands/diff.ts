import { Command } from "commander";
import { cutValues } from "../runs/cut-values";
import { MARKDOWN, PLAIN } from "../runs/markup";
import { countsOf } from "../runs/plan-summary";
import { ReportedFailure } from "../terminal/failure";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption } from "../terminal/options";
import { type Diff, diffOrgs } from "./diff/diff-orgs";
import { diffText } from "./diff/diff-text";
import { EXIT_CODES, riskOf } from "./diff/risk";

interface DiffOptions {
  readonly to?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** `genesys-orgs diff`. */
export const diffCommand = (io: Io): Command =>
  new Command("diff")
    .summary("show what the code changes in each organisation")
    .description(
      "Show what the code changes in each organisation, compared with an earlier synthesis",
    )
    .argument("<base>", "a git revision, or a folder with a synthesis")
    .argument("[org...]", "names of organisations (default: all, and the state homes)")
    .option("--to <revision>", "a git revision or a folder, in place of the working tree")
    .option("--markdown", "print Markdown, for a comment on a pull request")
    .addOption(jsonOption().conflicts("markdown"))
    .addHelpText(
      "after",
      `
Compares Terraform JSON. It needs no credential and no network, and reads no state. With two folders, it
runs no code of the project. It knows only some of the changes that replace an object: \`genesys-orgs plan\`
knows them all.

Exit codes: 0 nothing changes, 1 a mistake or a failure, 2 changes, 3 an object is destroyed or replaced, or
a stack is removed, 4 a control is weakened, 130 stopped by Ctrl-C.

Examples:
  genesys-orgs diff main                     what this branch changes
  genesys-orgs diff main na-prod             the same, for one organisation
  genesys-orgs diff v1.4.0 --to v1.5.0       what a release has changed
  genesys-orgs diff before --to after --markdown`,
    )
    .action((base: string, names: string[], options: DiffOptions) =>
      diff(io, base, names, options),
    );

async function diff(io: Io, base: string, names: string[], options: DiffOptions): Promise<void> {
  const found = await diffOrgs(io, { base, to: options.to, names });
  if (options.json) writeJson(io, documentOf(found));
  else {
    const markup = options.markdown ? MARKDOWN : PLAIN;
    const to = options.to === undefined ? "the working tree" : markup.code(options.to);
    io.stdout.write(diffText(found, `${markup.code(base)} to ${to}`, markup));
  }
  const code = EXIT_CODES[riskOf(found.stacks)];
  if (code !== 0) throw new ReportedFailure(code);
}

function documentOf({ stacks, unchanged, otherPackages }: Diff): object {
  return {
    risk: riskOf(stacks),
    counts: countsOf(
      stacks.map(({ changes, weakened }) => ({
        changes: changes.filter(({ isResource }) => isResource),
        weakened,
      })),
    ),
    unchanged,
    otherPackages,
    stacks: stacks.map(({ changes, ...stack }) => ({
      ...stack,
      changes: changes.map((change) => ({
        ...change,
        attributes: change.attributes.map(cutValues),
      })),
    })),
  };
}
