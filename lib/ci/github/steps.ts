import { environmentNamesOf } from "../../registry/names";
import { ACTIONS, uses } from "../actions";
import { before, below } from "../commented-yaml";
import type { PipelineSettings } from "../pipeline";

/** Jobs that one matrix of GitHub may have. Source: docs.github.com, actions/reference/limits. */
export const MOST_JOBS = 256;

/** The fields that all jobs have. */
export const RUNNER = { "runs-on": "ubuntu-24.04" } as const;

export const READ = { contents: "read" } as const;

/** The identity token is for AWS and Vault, and stands for the environment of the job. */
export const IDENTITY = {
  contents: "read",
  "id-token": before("write", "for the roles in AWS and Vault; no secret is stored"),
};

/**
 * Returns the steps that install the project and its tools.
 *
 * @param ref @default - the commit that started the workflow
 */
export function install(
  { node, terraform }: PipelineSettings,
  { ref, history = false, tools = true }: Checkout = {},
): object[] {
  return [
    {
      name: "Check the project out",
      uses: uses(ACTIONS.checkout),
      with: { ref, "fetch-depth": history ? 0 : undefined, "persist-credentials": false },
    },
    {
      name: "Install Node.js",
      uses: uses(ACTIONS.setupNode),
      // A cache could bring in what another workflow wrote.
      with: { "node-version": node, "package-manager-cache": false },
    },
    ...(tools
      ? [
          {
            name: "Install Terraform",
            uses: uses(ACTIONS.setupTerraform),
            with: { terraform_version: terraform, terraform_wrapper: false },
          },
        ]
      : []),
    { name: "Install the packages", run: "npm ci --ignore-scripts" },
  ];
}

interface Checkout {
  readonly ref?: string;
  /** Whether earlier commits are needed. @default false */
  readonly history?: boolean;
  /** Whether Terraform is needed. @default true */
  readonly tools?: boolean;
}

/** Logs in to AWS with a role of the organisation. */
export const assumeRole = (role: "reader" | "writer") => ({
  name: `Log in to AWS as the ${role} of the state`,
  uses: uses(ACTIONS.awsCredentials),
  with: {
    "role-to-assume": `\${{ matrix.target.${role} }}`,
    "aws-region": "${{ matrix.target.region }}",
  },
});

export const upload = (name: string, path: string, more: object = {}) => ({
  name: "Keep the result",
  ...more,
  uses: uses(ACTIONS.uploadArtifact),
  with: { name, path, "if-no-files-found": "error", "retention-days": 30, overwrite: true },
});

export const download = (what: object, path: string) => ({
  name: "Download the result of an earlier job",
  uses: uses(ACTIONS.downloadArtifact),
  with: { ...what, path },
});

/** The variable that names the organisation in the scripts of a job with a matrix. */
export const ORG = { ORG: "${{ matrix.target.org }}" };

/** The environments of a job with a matrix. Each one decides what its job may do. */
export const ENVIRONMENTS = environmentNamesOf(ORG.ORG);

/**
 * Returns a job for each organisation of an output of the job `targets`.
 *
 * @param output for example `development_1`
 */
export const forEachTarget = (
  output: string,
  { parallel }: Pick<PipelineSettings, "parallel">,
  { steps, ...job }: { readonly steps: readonly object[] } & Readonly<Record<string, unknown>>,
): object => ({
  ...job,
  strategy: {
    "fail-fast": below("The failure of one organisation stops no other.", false),
    "max-parallel": parallel,
    matrix: { target: `\${{ fromJSON(needs.targets.outputs.${output}) }}` },
  },
  steps,
});

/** Returns names with the numbers of shards, such as `plan_1`. */
export const numbered = (name: string, shards: number, separator: "_" | "-" = "_"): string[] =>
  Array.from({ length: shards }, (_, index) => `${name}${separator}${index + 1}`);

interface TargetsJob {
  readonly name: string;
  readonly if?: unknown;
  readonly concurrency?: object;
  readonly steps: readonly object[];
}

/**
 * Returns the job that chooses the organisations.
 *
 * @param names its outputs, which its step `targets` prints
 */
export const targetsJob = (
  names: readonly string[],
  { steps, name, ...job }: TargetsJob,
): object => ({
  name,
  ...job,
  ...RUNNER,
  "timeout-minutes": 15,
  permissions: READ,
  outputs: Object.fromEntries(
    names.map((output) => [output, `\${{ steps.targets.outputs.${output} }}`]),
  ),
  steps,
});

/** The condition of workflows that only the repository itself runs, on the branch that is deployed. */
export const onDeployedBranch = ({
  repository,
  branch,
}: Pick<PipelineSettings, "repository" | "branch">): unknown =>
  below(
    "Not in a fork, and not if somebody starts the workflow on another branch.",
    `github.repository == '${repository}' && github.ref == 'refs/heads/${branch}'`,
  );

/** A condition that is true if an output of the job `targets` names an organisation. */
export const hasTargets = (output: string): string => `needs.targets.outputs.${output} != '[]'`;

/** Lets one run at a time do something for a group, and the others wait. */
export const queued = (group: string): object => ({
  group,
  "cancel-in-progress": false,
  queue: "max",
});
