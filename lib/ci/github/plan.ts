import { commandsOf, PLANS, PROPOSED } from "../commands";
import { before } from "../commented-yaml";
import type { PipelineSettings } from "../pipeline";
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
  RUNNER,
  targetsJob,
  upload,
} from "./steps";

/** File of the workflow that plans pull requests. The roles in Vault name it. */
export const PLAN_FILE = "genesys-plan.yml";

/**
 * The workflow that plans the organisations that a pull request changes. Tools, rules and provider
 * versions are those of the deployed branch; of the pull request it takes the Terraform JSON only.
 *
 * @param shards number of matrices for all organisations
 */
export function planWorkflow(settings: PipelineSettings, shards: number): object {
  const commands = commandsOf(settings);
  const { branch } = settings;
  const trusted = { ref: `refs/heads/${branch}` };
  const names = numbered("all", shards);
  const jobs = numbered("plan", shards, "-");
  const expected = Object.fromEntries(
    names.map((name) => [name.toUpperCase(), `\${{ needs.targets.outputs.${name} }}`]),
  );
  return {
    name: "genesys-orgs: plan of a pull request",
    on: { workflow_call: {} },
    permissions: {},
    env: { CHECKPOINT_DISABLE: "1" },
    jobs: {
      targets: targetsJob(names, {
        name: "changed organisations",
        steps: [
          ...install(settings, { ...trusted, tools: false }),
          download({ name: PROPOSED }, PROPOSED),
          {
            name: "Compare with the deployed branch",
            id: "targets",
            run: `${commands.targets(`--changed-since ${PROPOSED}`)} >> "$GITHUB_OUTPUT"`,
          },
        ],
      }),
      ...Object.fromEntries(
        jobs.map((job, index) => [
          job,
          forEachTarget(names[index] as string, settings, {
            name: "${{ matrix.target.org }}",
            needs: ["targets"],
            if: hasTargets(names[index] as string),
            ...RUNNER,
            "timeout-minutes": 30,
            environment: { name: ENVIRONMENTS.plan },
            permissions: IDENTITY,
            steps: [
              ...install(settings, trusted),
              download({ name: PROPOSED }, PROPOSED),
              assumeRole("reader"),
              {
                name: "Plan with the planner's credential",
                env: ORG,
                run: `mkdir ${PLANS}\n${commands.planProposed} > "${PLANS}/$ORG.json"\n`,
              },
              upload("plan-${{ matrix.target.org }}", PLANS, { if: "!cancelled()" }),
            ],
          }),
        ]),
      ),
      comment: {
        name: "comment",
        needs: ["targets", ...jobs],
        if: "!cancelled() && needs.targets.result == 'success'",
        ...RUNNER,
        "timeout-minutes": 10,
        permissions: { contents: "read", "pull-requests": before("write", "for the comment") },
        steps: [
          ...install(settings, { ...trusted, tools: false }),
          download({ pattern: "plan-*", "merge-multiple": true }, PLANS),
          download({ name: PROPOSED }, PROPOSED),
          {
            name: "Write the comment, or update it",
            env: {
              GH_TOKEN: "${{ github.token }}",
              NUMBER: "${{ github.event.pull_request.number }}",
              ...expected,
            },
            run: commentScript(commands.comment(Object.keys(expected).map((name) => `"$${name}"`))),
          },
        ],
      },
    },
  };
}

/** First line of the comment, by which it is found again. */
export const COMMENT_MARK = "<!-- genesys-orgs: plan -->";

const commentScript = (comment: string): string => `mkdir -p ${PLANS}
${comment} > comment.md
comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
own='.[] | select(.user.login == "github-actions[bot]" and (.body | startswith("${COMMENT_MARK}"))) | .id'
id=$(gh api --paginate "$comments" --jq "$own" | head -n 1)
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field body=@comment.md
else
  gh api --silent --method POST "$comments" --field body=@comment.md
fi
`;
