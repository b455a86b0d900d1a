import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { COMMENT_MARK } from "../../../ci/github/plan";
import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import { MARKDOWN } from "../../runs/markup";
import type { StackPlan } from "../../runs/plan-summary";
import { type FailedPlan, planText } from "../../runs/plan-text";
import type { Io } from "../../terminal/io";

/** Characters that a comment may have. Source: GitHub's limit is 65,536. */
const MOST_CHARACTERS = 65_000;

/** `genesys-orgs ci comment`. */
export const commentCommand = (io: Io): Command =>
  new Command("comment")
    .summary("print the comment on a pull request, from the plans of its organisations")
    .description(
      "Print the comment on a pull request, from the plans of its organisations: weakened controls first",
    )
    .argument("<folder>", "folder with what `genesys-orgs plan --json` has printed")
    .action((folder: string) => {
      io.stdout.write(commentText(plansIn(resolve(io.cwd, folder))));
    });

/** What `plan --json` prints. */
interface PlanDocument {
  readonly plans: readonly StackPlan[];
  readonly failed: readonly FailedPlan[];
}

function plansIn(folder: string): PlanDocument {
  if (!existsSync(folder)) throw new UserError(`${folder} does not exist`);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
  const documents = files.map((name) => {
    const file = join(folder, name);
    try {
      const { plans, failed } = JSON.parse(readFileSync(file, "utf8")) as PlanDocument;
      if (Array.isArray(plans) && Array.isArray(failed)) return { plans, failed };
    } catch {
      // A job that failed early has written an empty file. The comment says so.
    }
    const org = name.slice(0, -".json".length);
    return { plans: [], failed: [{ org, stack: org, error: "its job has written no plan" }] };
  });
  return {
    plans: documents.flatMap(({ plans }) => plans),
    failed: documents.flatMap(({ failed }) => failed),
  };
}

/** Returns the comment. Its first line is a mark, by which the next run finds it again. */
function commentText({ plans, failed }: PlanDocument): string {
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
