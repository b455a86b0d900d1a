import type { PipelineSettings } from "./pipeline";

/** Folder with what a job hands on to the next one. */
export const PROPOSED = "proposed";
export const PLANS = "plans";
export const REVIEWED = "reviewed";

/**
 * Returns the commands of the jobs. They name the organisation by the variable `ORG`, since a name in the
 * text of a script could be a script.
 */
export function commandsOf({ command }: Pick<PipelineSettings, "command">) {
  const run = (args: string) => `${command} ${args}`;
  return {
    check: run("check"),
    checkPipeline: (engine: "github" | "gitlab") => run(`ci ${engine} --check`),
    rehearse: run("rehearse --require-terraform"),
    diff: (base: string) => run(`diff ${base} --markdown`),
    synthesize: run(`synth --output ${PROPOSED}`),
    targets: (options: string) => run(`ci targets ${options}`.trim()),
    planProposed: run(`plan "$ORG" --proposed ${PROPOSED} --json`),
    plan: run(`plan "$ORG" --out ${REVIEWED} --markdown`),
    comment: (targets: readonly string[]) =>
      run(`ci comment ${PLANS} --proposed ${PROPOSED} --targets ${targets.join(" ")}`),
    checkApi: run('api-check "$ORG"'),
    deploy: run(`deploy "$ORG" --reviewed ${REVIEWED}`),
    drift: run('drift "$ORG" --markdown'),
    secrets: run('secrets "$ORG" --live --check'),
    reconcile: run('reconcile "$ORG"'),
    planMaster: run('rotate "$ORG" master --dry-run'),
    freshness: run("ci actions"),
  };
}
