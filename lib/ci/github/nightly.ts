import { commandsOf } from "../commands";
import type { PipelineSettings } from "../pipeline";
import {
  assumeRole,
  ENVIRONMENTS,
  forEachTarget,
  hasTargets,
  IDENTITY,
  install,
  numbered,
  ORG,
  onDeployedBranch,
  READ,
  RUNNER,
  targetsJob,
} from "./steps";

/** File of the nightly workflow. The roles in Vault name it. */
export const NIGHTLY_FILE = "genesys-nightly.yml";

/**
 * The nightly workflow: drift, the age of credentials, and what the reconciler and a rotation of the master would
 * do.
 */
export function nightlyWorkflow(settings: PipelineSettings, shards: number): object {
  const commands = commandsOf(settings);
  const { repository } = settings;
  const names = numbered("all", shards);
  const rotatable = numbered("rotatable", shards);
  return {
    name: "genesys-orgs: nightly",
    on: { schedule: [{ cron: "17 3 * * *" }], workflow_dispatch: {} },
    permissions: {},
    concurrency: { group: "genesys-nightly", "cancel-in-progress": true },
    env: { CHECKPOINT_DISABLE: "1" },
    jobs: {
      targets: targetsJob([...names, ...rotatable], {
        name: "organisations",
        if: onDeployedBranch(settings),
        steps: [
          ...install(settings, { tools: false }),
          {
            name: "List the organisations",
            id: "targets",
            run: `${commands.targets("")} >> "$GITHUB_OUTPUT"`,
          },
        ],
      }),
      actions: {
        name: "newer actions",
        if: `github.repository == '${repository}'`,
        ...RUNNER,
        "timeout-minutes": 10,
        permissions: READ,
        steps: [
          ...install(settings, { tools: false }),
          {
            name: "Compare the pinned actions with their releases",
            env: { GITHUB_TOKEN: "${{ github.token }}" },
            run: commands.freshness,
          },
        ],
      },
      ...Object.fromEntries(
        names.flatMap((output, index) => {
          const masters = rotatable[index] as string;
          return [
            [
              `look-${index + 1}`,
              forEachTarget(output, settings, {
                name: "${{ matrix.target.org }}",
                needs: ["targets"],
                if: hasTargets(output),
                ...RUNNER,
                "timeout-minutes": 60,
                environment: { name: ENVIRONMENTS.plan },
                permissions: IDENTITY,
                steps: [
                  ...install(settings),
                  assumeRole("reader"),
                  {
                    name: "Look for drift",
                    env: ORG,
                    run: `${commands.drift} >> "$GITHUB_STEP_SUMMARY"`,
                  },
                  {
                    name: "Check the credentials, and their last rotations",
                    if: "!cancelled()",
                    env: ORG,
                    run: commands.secrets,
                  },
                  {
                    name: "Ask the reconciler what it would do",
                    if: "!cancelled()",
                    env: ORG,
                    run: commands.reconcile,
                  },
                ],
              }),
            ],
            [
              `master-${index + 1}`,
              forEachTarget(masters, settings, {
                name: "master of ${{ matrix.target.org }}",
                needs: ["targets"],
                if: hasTargets(masters),
                ...RUNNER,
                "timeout-minutes": 15,
                environment: { name: ENVIRONMENTS.rotate },
                permissions: IDENTITY,
                steps: [
                  ...install(settings, { tools: false }),
                  {
                    name: "Plan the rotation of the master",
                    env: ORG,
                    run: commands.planMaster,
                  },
                ],
              }),
            ],
          ];
        }),
      ),
    },
  };
}
