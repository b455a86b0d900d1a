import { comparePage } from "../../lib/cli/commands/compare/compare-page";
import type { ComparedSources } from "../../lib/cli/commands/compare/compare-sources";
import type { Difference } from "../../lib/existing/compare/difference";
import { describeInBrowser, inBrowser, whySkipped } from "./browser";

const OWNED = "</div><script>document.title='owned'</script>";

const difference = (name: string, more: Partial<Difference>): Difference => ({
  kind: "different",
  type: "queues",
  path: [name],
  argument: "description",
  here: "old",
  there: OWNED,
  ...more,
});

const compared: ComparedSources = {
  here: { kind: "organisation", name: "na-prod" },
  there: { kind: "snapshot", name: "before" },
  types: [{ type: "queues", here: 3, there: 3 }],
  skipped: [],
  differences: [
    difference("support", {}),
    difference("sales", { kind: "only here", argument: undefined, here: undefined }),
    difference("billing", { there: "new words" }),
  ],
  notComparable: { computed: 0, "left out": 0, "not found": 0, secret: 0 },
  ignored: [],
  unused: [],
  unnamed: [],
};

describeInBrowser(`the page of a comparison${whySkipped}`, () => {
  test("sorts, finds words of both sides, and filters by kind", () => {
    const script = `say(); head("Object").click(); say(); find("new words"); say();
      find("nobody"); say(); find(""); tile("only in na-prod").click(); say();`;
    expect(inBrowser(comparePage(compared, 0), 2, script)).toEqual([
      "support sales billing",
      "billing sales support",
      "billing",
      "",
      "sales",
      // The value of an argument is no script.
      "na-prod and before: 3 differences",
    ]);
  });
});
