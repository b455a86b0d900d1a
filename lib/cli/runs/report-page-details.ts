import { counted } from "../../counted";
import type { PlannedChange } from "../../terraform/changes/planned-changes";
import { inHtml, list } from "../pages/html";
import { SIGNS } from "./plan-text";
import type { StackRun } from "./run-report";

/** Changes of a stack that are listed. The page of 1,000 stacks must stay small; `report.json` has all. */
const MOST_CHANGES = 40;
/** Attributes of a change that are listed. */
const MOST_ATTRIBUTES = 8;
/** Addresses in the line of a stack. */
const MOST_ADDRESSES = 3;
/** Characters of an error. */
const MOST_CHARACTERS = 6000;

/** How the details of a stack are shown. */
interface DetailsProps {
  /** Whether they are printed although they are closed. */
  readonly isUrgent: boolean;
  readonly open: boolean;
}

/** Returns what happened to a stack as HTML: a line, and below it all that is known. */
export function detailsOf(run: StackRun, { isUrgent, open }: DetailsProps): string {
  const { outcome, error, differences = [], retries = [], plan } = run;
  const summary = inHtml(summaryOf(run));
  const parts = [
    error === undefined ? "" : `<pre>${inHtml(cut(error))}</pre>`,
    part("Differences from the review", differences.map(inHtml)),
    part(
      "Weakened controls",
      (plan?.weakened ?? []).map(
        ({ address, control, what }) =>
          `<code>${inHtml(address)}</code> ${inHtml(what)} (${control})`,
      ),
    ),
    part(outcome === "applied" ? "Changes" : "Planned changes", changesOf(plan?.changes ?? [])),
    part(
      "Outputs",
      (plan?.outputs ?? []).map((name) => `<code>${inHtml(name)}</code>`),
    ),
    part("Steps that were repeated after", retries.map(inHtml)),
  ].join("");
  if (parts === "") return summary;
  return `<details${isUrgent ? ' class="urgent"' : ""}${open ? " open" : ""}><summary>${summary}</summary>${parts}</details>`;
}

const part = (name: string, items: readonly string[]): string =>
  items.length === 0 ? "" : `<h3>${name}</h3>${list(items)}`;

/** Returns the most important thing about a stack; empty if nothing is known. */
export function summaryOf({ error, differences = [], retries = [], plan }: StackRun): string {
  if (error !== undefined) return firstLineOf(error);
  const [difference] = differences;
  if (difference !== undefined) {
    return `${counted(differences.length, "difference")} from the review: ${firstLineOf(difference)}`;
  }
  const { changes = [], weakened = [], outputs = [] } = plan ?? {};
  const counts = [
    [retries, "repeated step"],
    [weakened, "weakened control"],
    [outputs, "output"],
    [changes, "change"],
  ] as const;
  const said = counts.flatMap(([items, noun]) =>
    items.length === 0 ? [] : counted(items.length, noun),
  );
  const addresses = changes.slice(0, MOST_ADDRESSES).map(({ address }) => address);
  return `${said.join(", ")}${addresses.length > 0 ? `: ${addresses.join(", ")}` : ""}`;
}

/** Returns the line of an error that says most: Terraform's own, if it has one. */
function firstLineOf(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const first = lines.find((line) => line.startsWith("Error: ")) ?? lines[0] ?? "";
  return first.length > 200 ? `${first.slice(0, 200)}…` : first;
}

const cut = (text: string): string =>
  text.length > MOST_CHARACTERS
    ? `${text.slice(0, MOST_CHARACTERS)}…\n(report.json has the whole error)`
    : text;

const changesOf = (changes: readonly PlannedChange[]): string[] => [
  ...changes.slice(0, MOST_CHANGES).map(changeOf),
  ...(changes.length > MOST_CHANGES
    ? [`and ${counted(changes.length - MOST_CHANGES, "further change")} in report.json`]
    : []),
];

function changeOf({ address, action, attributes, movedFrom }: PlannedChange): string {
  const from = movedFrom === undefined ? "" : ` from <code>${inHtml(movedFrom)}</code>`;
  const head = `${SIGNS[action]} <code>${inHtml(address)}</code>${from}`;
  if (action !== "update" && action !== "replace") return head;
  const paths = attributes.slice(0, MOST_ATTRIBUTES).map(({ path }) => inHtml(path));
  const more = attributes.length - MOST_ATTRIBUTES;
  return `${head}: ${[...paths, ...(more > 0 ? [`and ${more} more`] : [])].join(", ")}`;
}
