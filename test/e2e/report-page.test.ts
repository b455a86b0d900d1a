import { reportPage } from "../../lib/cli/runs/report-page";
import { fiftyStacks, runReport, stackRun, troubledRun } from "../cli/runs/run-reports";
import { describeInBrowser, inBrowser, loaded, whySkipped, withMarkup } from "./browser";

const page = () =>
  reportPage(
    runReport([
      stackRun("slow", { seconds: 12.5, environment: "production" }),
      stackRun("quick", { seconds: 2.5, environment: "staging" }),
      stackRun("late", { outcome: "not started", plan: undefined, seconds: 0 }),
      stackRun("broken", {
        outcome: "failed",
        error: "Error: </script><b>no</b> quota",
        seconds: 3,
      }),
    ]),
  );

describeInBrowser(`the page of a run's report${whySkipped}`, () => {
  const names = (...orgs: string[]) => orgs.map((org) => `org-${org}`).join(" ");

  test("shows problems first, sorts by a column both ways, finds words, and filters by outcome", () => {
    const script = `say(); head("Time").click(); say(); head("Time").click(); say();
      find("staging"); say(); find("QUOTA no"); say(); find("nothing"); say();
      said.push(document.querySelector("#none").hidden); find("");
      tile("applied").click(); say(); find("quick"); say(); tile("failed").click(); say(); find(""); say();
      said.push(tile("failed").getAttribute("aria-pressed")); tile("failed").click(); say();`;
    expect(inBrowser(page(), 1, script)).toEqual([
      names("broken", "late", "slow", "quick"),
      names("quick", "broken", "slow", "late"),
      names("slow", "broken", "quick", "late"),
      names("quick"),
      names("broken"),
      "",
      "false",
      names("slow", "quick"),
      names("quick"),
      "",
      names("broken"),
      "true",
      names("slow", "broken", "quick", "late"),
      "4 stacks: 2 applied, 1 failed, 1 not started in 14.2 s",
    ]);
  });

  test("runs its own script and style under its policy, and no other script", () => {
    const markup = `<script>document.title = "owned"</script><img src="x" onerror="document.title = 'owned'">`;
    const dom = loaded(withMarkup(page(), markup));
    expect(dom).toContain("<title>4 stacks");
    // The script shows the box, which does nothing without it.
    expect(dom).toContain('<label id="find">');
  });

  test("opens problems before it is printed", () => {
    const many = reportPage(
      runReport(
        Array.from({ length: 8 }, (_, n) =>
          stackRun(`org-${n}`, { outcome: "failed", error: "Error: no" }),
        ),
      ),
    );
    const script = `const open = () => said.push(document.querySelectorAll("details[open]").length);
      open(); dispatchEvent(new Event("beforeprint")); open();`;
    expect(inBrowser(many, 1, script).slice(0, 2)).toEqual(["0", "8"]);
  });

  test("does not scroll sideways in a narrow window", () => {
    const frame = (html: string) => `<iframe width="400" height="800" srcdoc="${html}"></iframe>`;
    const inFrame = frame(
      reportPage(troubledRun())
        .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "")
        .replace(/<script>.*<\/script>/s, "")
        .replaceAll("&", "&amp;")
        .replaceAll('"', "&quot;"),
    );
    const script = `<script>onload = () => { const page = frames[0].document.documentElement;
      document.title = page.querySelector("main").scrollWidth + " " + page.querySelector("main").clientWidth; }</script>`;
    const dom = loaded(`<!doctype html><title></title><body>${inFrame}${script}</body>`);
    const [, wide, shown] = /<title>(\d+) (\d+)<\/title>/.exec(dom) ?? [];
    expect(Number(shown)).toBeGreaterThan(300);
    expect(wide).toBe(shown);
  });

  test("of 1,000 stacks is sorted and searched in half a second", () => {
    const stacks = Array.from({ length: 20 }, (_, n) =>
      fiftyStacks().map((run) => ({ ...run, org: `${run.org}-${n}`, stack: `${run.stack}-${n}` })),
    ).flat();
    const script = `const begun = performance.now(); head("Time").click(); find("at-prod-7");
      document.body.offsetHeight; said.push(performance.now() - begun); say();`;
    const [milliseconds, found] = inBrowser(reportPage(runReport(stacks)), 1, script);
    expect(found).toBe("org-at-prod-7");
    expect(Number(milliseconds)).toBeLessThan(500);
  });
});
