import { environmentNamesOf } from "../registry/names";
import type { OrgReport, RegistryReport } from "../registry/report";
import { commandsOf, REVIEWED } from "./commands";
import { below, toYaml } from "./commented-yaml";
import {
  deployable,
  orgsOf,
  type PipelineFiles,
  rotatable,
  STAGES,
  shardsFor,
  shardsOf,
  targetOf,
} from "./pipeline";

const FILE = ".gitlab/genesys-orgs.yml";

/** Jobs that one `parallel: matrix` may have. Source: docs.gitlab.com/ci/yaml, parallel:matrix. */
const MOST_JOBS = 200;

/**
 * Returns the pipeline for GitLab, one file to include. A merge request is checked and rehearsed without
 * any credential: GitLab runs its jobs as its own branch describes them, so that none of them can be
 * trusted with the planner's credential. The organisations are planned after the merge.
 */
export const gitlabFiles: PipelineFiles = (report, settings, heading) => {
  const commands = commandsOf(settings);
  const orgs = deployable(report);
  const environments = environmentNamesOf("$ORG");
  const stages = STAGES.map((stage) => ({ ...stage, orgs: orgsOf(orgs, stage) })).filter(
    (stage) => stage.orgs.length > 0,
  );
  const onMerge = [
    { if: `$CI_COMMIT_BRANCH == "${settings.branch}" && $CI_PIPELINE_SOURCE != "schedule"` },
  ];
  const onSchedule = [
    { if: `$CI_COMMIT_BRANCH == "${settings.branch}" && $CI_PIPELINE_SOURCE == "schedule"` },
  ];
  const forOrgs = (name: string, chosen: readonly OrgReport[], job: object) =>
    Object.fromEntries(
      matricesOf(chosen, report).map((matrix, index) => [
        index === 0 ? name : `${name}-${index + 1}`,
        { ...job, parallel: { matrix } },
      ]),
    );
  const plans = forOrgs("genesys-plan", orgs, {
    extends: [".genesys-orgs", ".genesys-login"],
    stage: "genesys-plan",
    rules: onMerge,
    variables: { ROLE_ARN: "$READER" },
    environment: { name: environments.plan, action: "prepare" },
    script: [commands.checkApi, commands.plan],
    artifacts: { paths: [`${REVIEWED}/`], expire_in: "30 days", access: "developer" },
  });
  const pipeline = {
    stages: [
      "genesys-check",
      "genesys-plan",
      ...stages.flatMap(({ name }) => [
        ...(isApproved(name) ? [`genesys-approve-${name}`] : []),
        `genesys-${name}`,
      ]),
    ],
    ".genesys-orgs": {
      image: below("An image with Node.js, git and Terraform.", "$GENESYS_ORGS_IMAGE"),
      variables: { CHECKPOINT_DISABLE: "1", GIT_DEPTH: "0" },
      before_script: ["npm ci --ignore-scripts"],
    },
    ".genesys-login": {
      id_tokens: below("No secret is stored: GitLab signs who the job is.", {
        GENESYS_AWS_TOKEN: { aud: "sts.amazonaws.com" },
        ...(report.orgs.some(({ vault }) => vault) && {
          TERRAFORM_VAULT_AUTH_JWT: { aud: audienceOf(report.orgs) },
        }),
      }),
      before_script: ["npm ci --ignore-scripts", LOGIN],
    },
    "genesys-check": {
      extends: [".genesys-orgs"],
      stage: "genesys-check",
      rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }],
      script: [
        commands.check,
        commands.checkPipeline("gitlab"),
        commands.rehearse,
        `${commands.diff('"$CI_MERGE_REQUEST_DIFF_BASE_SHA"')} > genesys-diff.md || [ $? -ne 1 ]`,
        "cat genesys-diff.md",
      ],
      artifacts: { paths: ["genesys-diff.md"], expire_in: "30 days" },
    },
    ...plans,
    ...stageJobs(
      stages,
      (name, chosen) =>
        forOrgs(`genesys-deploy-${name}`, chosen, {
          extends: [".genesys-orgs", ".genesys-login"],
          stage: `genesys-${name}`,
          rules: onMerge,
          variables: { ROLE_ARN: "$WRITER" },
          environment: { name: environments.apply },
          resource_group: "genesys-$ORG",
          interruptible: below("An apply is never cancelled.", false),
          dependencies: Object.keys(plans),
          script: [commands.deploy],
          artifacts: { when: "always", paths: ["cdktf.out/deploy/"], expire_in: "30 days" },
        }),
      (name) => ({
        // In a stage of its own, since a job may need only 50 others by name.
        stage: `genesys-approve-${name}`,
        rules: [{ ...onMerge[0], when: "manual", allow_failure: false }],
        environment: below("Its approvers let the stage begin.", { name: `genesys-${name}` }),
        script: [`echo "${name} may begin"`],
      }),
    ),
    ...forOrgs("genesys-nightly", orgs, {
      extends: [".genesys-orgs", ".genesys-login"],
      stage: "genesys-check",
      rules: onSchedule,
      variables: { ROLE_ARN: "$READER" },
      environment: { name: environments.plan, action: "prepare" },
      script: all(commands.drift, commands.secrets, commands.reconcile),
    }),
    ...forOrgs("genesys-nightly-master", rotatable(orgs), {
      extends: [".genesys-orgs", ".genesys-login"],
      stage: "genesys-check",
      rules: onSchedule,
      variables: { ROLE_ARN: "$READER" },
      environment: { name: environments.rotate, action: "prepare" },
      script: [commands.planMaster],
    }),
  };
  return new Map([[FILE, toYaml(pipeline, heading)]]);
};

/** Returns a script that runs all commands, and fails if one of them did. */
const all = (...commands: readonly string[]): string[] => [
  "failed=0",
  ...commands.map((command) => `${command} || failed=1`),
  '[ "$failed" -eq 0 ]',
];

/** Whether somebody must let a stage begin, also if no other one comes before it. */
const isApproved = (stage: string): boolean => stage !== "development";

/** Returns the jobs of all stages, and those that let them begin. */
function stageJobs(
  stages: readonly { readonly name: string; readonly orgs: readonly OrgReport[] }[],
  deploy: (name: string, orgs: readonly OrgReport[]) => object,
  approve: (name: string) => object,
): object {
  return Object.assign(
    {},
    ...stages.map(({ name, orgs }) => ({
      ...(isApproved(name) && { [`genesys-approve-${name}`]: approve(name) }),
      ...deploy(name, orgs),
    })),
  );
}

/** Returns the matrices for organisations: the variables of each one's job. */
const matricesOf = (orgs: readonly OrgReport[], report: RegistryReport) => {
  const several = audienceOf(report.orgs) === "$VAULT";
  return shardsOf(
    orgs.map((org) => targetOf(org, report)),
    { shards: shardsFor(orgs.length, MOST_JOBS), most: MOST_JOBS },
  ).map((targets) =>
    targets.map(({ org, region, reader, writer }) => ({
      ORG: org,
      AWS_REGION: region,
      READER: reader,
      WRITER: writer,
      ...(several && { VAULT: orgs.find(({ name }) => name === org)?.vault?.address ?? "none" }),
    })),
  );
};

/** Returns the audience of the tokens for Vault: its address. With several, each job has that of its org. */
function audienceOf(orgs: readonly OrgReport[]): string {
  const [address = "", ...others] = new Set(orgs.flatMap(({ vault }) => vault?.address ?? []));
  return others.length === 0 ? address : "$VAULT";
}

/**
 * Logs in to AWS: with the job's token as the role of the project, and from it as the role of the
 * organisation, which trusts that role by `state.assumedBy`.
 */
const LOGIN = `umask 077
login=$(mktemp -d)
printf '%s' "$GENESYS_AWS_TOKEN" > "$login/token"
{
  printf '[profile project]\\nrole_arn = %s\\nweb_identity_token_file = %s\\n' "$GENESYS_ORGS_ROLE_ARN" "$login/token"
  printf '[profile org]\\nrole_arn = %s\\nsource_profile = project\\n' "$ROLE_ARN"
} > "$login/config"
export AWS_CONFIG_FILE="$login/config" AWS_PROFILE=org
`;
