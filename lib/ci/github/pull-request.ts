import { commandsOf, PROPOSED } from "../commands";
import { before, below } from "../commented-yaml";
import type { PipelineSettings } from "../pipeline";
import { PLAN_FILE } from "./plan";
import { IDENTITY, install, READ, RUNNER, upload } from "./steps";

/** The workflow of a pull request: its own code runs without any credential; `main` then plans. */
export function pullRequestWorkflow(settings: PipelineSettings): object {
  const { branch, repository } = settings;
  const commands = commandsOf(settings);
  return {
    name: "genesys-orgs: pull request",
    on: { pull_request: { branches: [branch] } },
    permissions: {},
    concurrency: {
      group: "genesys-pull-request-${{ github.event.pull_request.number }}",
      "cancel-in-progress": below("A plan takes no lock.", true),
    },
    env: { CHECKPOINT_DISABLE: "1" },
    jobs: {
      rehearse: below("Runs the code of the pull request, and so has no credential.", {
        name: "check and rehearse",
        ...RUNNER,
        "timeout-minutes": 30,
        permissions: READ,
        steps: [
          ...install(settings, { history: true }),
          { name: "Check registry, policies and secrets", run: commands.check },
          { name: "Check the workflows", run: commands.checkPipeline("github") },
          { name: "Rehearse without any account", run: commands.rehearse },
          {
            name: "Show what changes in the Terraform JSON",
            env: { BASE: "${{ github.event.pull_request.base.sha }}" },
            // Its exit code tells the risk, which is for the reviewers to judge.
            run: `${commands.diff('"$BASE"')} >> "$GITHUB_STEP_SUMMARY" || [ $? -ne 1 ]`,
          },
          { name: "Synthesize", run: commands.synthesize },
          upload(PROPOSED, PROPOSED),
        ],
      }),
      plan: {
        name: "plan",
        needs: ["rehearse"],
        if: below(
          "A fork has no identity, and gets the rehearsal only.",
          "github.event.pull_request.head.repo.full_name == github.repository && github.event.pull_request.user.login != 'dependabot[bot]'",
        ),
        permissions: {
          ...IDENTITY,
          "pull-requests": before("write", "for the comment"),
        },
        uses: below(
          `The branch and not a commit: Vault gives the planner's credential only to the workflow of ${branch},\nwhich a pull request cannot change. No tag may have this name.`,
          before(
            `${repository}/.github/workflows/${PLAN_FILE}@${branch}`,
            "zizmor: ignore[unpinned-uses]",
          ),
        ),
      },
    },
  };
}
