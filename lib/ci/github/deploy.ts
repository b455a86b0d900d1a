import { commandsOf, REVIEWED } from "../commands";
import { below } from "../commented-yaml";
import type { PipelineSettings, Stage } from "../pipeline";
import {
  assumeRole,
  download,
  ENVIRONMENTS,
  forEachTarget,
  hasTargets,
  IDENTITY,
  install,
  numbered,
  ORG,
  onDeployedBranch,
  queued,
  RUNNER,
  targetsJob,
  upload,
} from "./steps";

/** File of the workflow that deploys. The roles in Vault name it. */
export const DEPLOY_FILE = "genesys-deploy.yml";

/** Numbers of matrices: for all organisations, and for those of each stage that has some. */
export interface Shards {
  readonly all: number;
  readonly stages: readonly { readonly stage: Stage; readonly shards: number }[];
}

/**
 * The workflow that deploys what was merged: it plans the changed organisations, and deploys stage by
 * stage what the reviewers of each environment approve.
 */
export function deployWorkflow(settings: PipelineSettings, shards: Shards): object {
  const commands = commandsOf(settings);
  const { branch } = settings;
  const all = numbered("all", shards.all);
  const plans = numbered("plan", shards.all, "-");
  const stageOutputs = shards.stages.flatMap(({ stage, shards }) => numbered(stage.name, shards));
  return {
    name: "genesys-orgs: deploy",
    on: { push: { branches: [branch] }, workflow_dispatch: {} },
    permissions: {},
    env: { CHECKPOINT_DISABLE: "1" },
    jobs: {
      targets: targetsJob([...all, ...stageOutputs], {
        name: "changed organisations",
        if: onDeployedBranch(settings),
        concurrency: queued("genesys-deploy-${{ github.run_id }}"),
        steps: [
          ...install(settings, { history: true, tools: false }),
          {
            name: "Compare with what was merged before",
            id: "targets",
            env: { BEFORE: "${{ github.event.before }}" },
            run: `# Without an earlier commit, for example when it is started by hand, all are deployed.
if [ -n "$BEFORE" ] && git cat-file -e "$BEFORE^{commit}" 2>/dev/null; then
  ${commands.targets('--changed-since "$BEFORE"')} >> "$GITHUB_OUTPUT"
else
  ${commands.targets("")} >> "$GITHUB_OUTPUT"
fi
`,
          },
        ],
      }),
      ...Object.fromEntries(
        plans.map((job, index) => [job, planJob(settings, all[index] as string)]),
      ),
      ...deployJobs(settings, plans, shards),
    },
  };
}

function planJob(settings: PipelineSettings, output: string): object {
  const commands = commandsOf(settings);
  return forEachTarget(output, settings, {
    name: "plan ${{ matrix.target.org }}",
    needs: ["targets"],
    if: hasTargets(output),
    ...RUNNER,
    "timeout-minutes": 30,
    environment: { name: ENVIRONMENTS.plan },
    // A reviewer sees the plans of an organisation in the order of the commits.
    concurrency: queued("genesys-plan-${{ matrix.target.org }}"),
    permissions: IDENTITY,
    steps: [
      ...install(settings),
      assumeRole("reader"),
      { name: "Check the Platform API of the organisation", env: ORG, run: commands.checkApi },
      {
        name: "Plan with the planner's credential",
        env: ORG,
        run: `${commands.plan} >> "$GITHUB_STEP_SUMMARY"`,
      },
      upload("reviewed-${{ matrix.target.org }}", REVIEWED),
    ],
  });
}

/** Returns the jobs of all stages: each one waits for all jobs of the stage before. */
function deployJobs(
  settings: PipelineSettings,
  plans: readonly string[],
  { stages }: Shards,
): Record<string, object> {
  const jobs: Record<string, object> = {};
  let earlier: string[] = [];
  for (const { stage, shards } of stages) {
    const names = numbered(`deploy-${stage.name}`, shards, "-");
    numbered(stage.name, shards).forEach((output, index) => {
      jobs[names[index] as string] = deployJob(settings, output, plans, earlier);
    });
    earlier = [...earlier, ...names];
  }
  return jobs;
}

function deployJob(
  settings: PipelineSettings,
  output: string,
  plans: readonly string[],
  earlier: readonly string[],
): object {
  const commands = commandsOf(settings);
  return forEachTarget(output, settings, {
    name: "deploy ${{ matrix.target.org }}",
    needs: ["targets", ...plans, ...earlier],
    if: below(
      "A stage without changes is skipped, and one that failed stops the later ones. An organisation whose plan\nfailed fails here as well, and stops no other of its stage.",
      [
        "!cancelled()",
        "needs.targets.result == 'success'",
        // A job that takes too long is cancelled, and has not failed.
        ...earlier.map(
          (job) => `contains(fromJSON('["success", "skipped"]'), needs.${job}.result)`,
        ),
        hasTargets(output),
      ].join(" && "),
    ),
    ...RUNNER,
    "timeout-minutes": 120,
    environment: below("Its reviewers approve the plan.", {
      name: "apply-${{ matrix.target.org }}",
    }),
    concurrency: below(
      "An apply is never cancelled; runs of one organisation wait for each other.",
      queued("genesys-apply-${{ matrix.target.org }}"),
    ),
    permissions: IDENTITY,
    steps: [
      ...install(settings),
      download({ name: "reviewed-${{ matrix.target.org }}" }, REVIEWED),
      assumeRole("writer"),
      { name: "Apply what was reviewed", env: ORG, run: commands.deploy },
      {
        name: "Show the report",
        if: "!cancelled()",
        run: 'if [ -f cdktf.out/deploy/report.md ]; then cat cdktf.out/deploy/report.md >> "$GITHUB_STEP_SUMMARY"; fi',
      },
    ],
  });
}
