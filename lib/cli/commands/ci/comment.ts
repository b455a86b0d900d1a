import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { COMMENT_MARK } from "../../../ci/github/plan";
import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import { REPORT_FILE, type RegistryReport } from "../../../registry/report";
import { listOrgs } from "../../project/synthesize";
import { MARKDOWN } from "../../runs/markup";
import type { StackPlan } from "../../runs/plan-summary";
import { type FailedPlan, planText } from "../../runs/plan-text";
import type { Io } from "../../terminal/io";

/** Characters that a comment may have. Source: GitHub's limit is 65,536. */
const MOST_CHARACTERS = 65_000;

interface CommentOptions {
  readonly targets: readonly string[];
  readonly proposed: string;
}

/** `genesys-orgs ci comment`. */
export const commentCommand = (io: Io): Command =>
  new Command("comment")
    .summary("print the comment on a pull request, from the plans of its organisations")
    .description(
      "Print the comment on a pull request, from the plans of its organisations: weakened controls first",
    )
    .argument("<folder>", "folder with what `genesys-orgs plan <org> --json` has printed, by org")
    .requiredOption("--targets <json...>", "what `genesys-orgs ci targets` has printed for all")
    .requiredOption("--proposed <folder>", "folder that was planned")
    .action((folder: string, options: CommentOptions) => comment(io, folder, options));

async function comment(io: Io, folder: string, options: CommentOptions): Promise<void> {
  const orgs = options.targets.flatMap(orgsIn);
  const documents = orgs.map((org) => planOf(org, join(resolve(io.cwd, folder), `${org}.json`)));
  const plans = documents.flatMap((document) => document.plans);
  const failed = documents.flatMap((document) => document.failed);
  const added = await newStacks(io, resolve(io.cwd, options.proposed));
  io.stdout.write(commentText(plans, [...failed, ...added]));
}

function orgsIn(targets: string): string[] {
  try {
    return (JSON.parse(targets) as { readonly org: string }[]).map(({ org }) => org);
  } catch {
    throw new UserError(
      `--targets ${targets}: it is not a list of organisations: give what \`genesys-orgs ci targets\` prints after the =`,
    );
  }
}

/** What `plan --json` prints. */
interface PlanDocument {
  readonly plans: readonly StackPlan[];
  readonly failed: readonly FailedPlan[];
}

/** Returns the plan of an organisation, or that its job has failed before it had one. */
function planOf(org: string, file: string): PlanDocument {
  try {
    const document = JSON.parse(readFileSync(file, "utf8")) as PlanDocument;
    if (isPlain(document, org)) return document;
  } catch {
    // The job has written no file, or an empty one.
  }
  return { plans: [], failed: [{ org, stack: org, error: "its job has written no plan" }] };
}

/**
 * Whether the document is that of the organisation, and has no text that Markdown would take for more:
 * other jobs of the pull request may upload files as well.
 */
const isPlain = ({ plans, failed }: PlanDocument, org: string): boolean =>
  plans.every(
    (plan) =>
      plan.org === org &&
      plan.changes.every(({ action }) => /^[a-z]+$/.test(action)) &&
      plan.weakened.every(({ control, what }) => /^[\w ,.'()-]*$/.test(`${control} ${what}`)),
  ) && failed.every((each) => each.org === org);

/** Returns the stacks that only the proposal has. */
async function newStacks(io: Io, folder: string): Promise<FailedPlan[]> {
  const file = join(folder, REPORT_FILE);
  if (!existsSync(file))
    throw new UserError(`${file} does not exist: name the folder of a synthesis`);
  const { orgs } = JSON.parse(readFileSync(file, "utf8")) as RegistryReport;
  const known = new Set((await listOrgs(io)).orgs.map(({ name }) => name));
  return orgs
    .filter(({ name, status }) => status === "synthesized" && !known.has(name))
    .map(({ name, stack }) => ({
      org: name,
      stack,
      error: "it is new, and is planned after the merge only",
    }));
}

/** Returns the comment. Its first line is a mark, by which the next run finds it again. */
function commentText(plans: readonly StackPlan[], failed: readonly FailedPlan[]): string {
  const stacks = plans.length + failed.length;
  const text =
    stacks === 0 ? "\nNo stack of an organisation changes.\n" : planText(plans, failed, MARKDOWN);
  const title = MARKDOWN.title(`Plan of ${counted(stacks, "stack")}`);
  return shortened(`${COMMENT_MARK}\n${title}${text}`);
}

/** Cuts whole lines off at the end, where the least important is. */
function shortened(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const cut = text.slice(0, text.lastIndexOf("\n", MOST_CHARACTERS - 200));
  return `${cut}\n\nThe comment is too long for GitHub. The jobs of the organisations have all of it.\n`;
}
