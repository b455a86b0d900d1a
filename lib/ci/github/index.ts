import type { RegistryReport } from "../../registry/report";
import { toYaml } from "../commented-yaml";
import { deployable, orgsOf, type PipelineFiles, STAGES, shardsFor } from "../pipeline";
import { DEPLOY_FILE, deployWorkflow, type Shards } from "./deploy";
import { NIGHTLY_FILE, nightlyWorkflow } from "./nightly";
import { PLAN_FILE, planWorkflow } from "./plan";
import { pullRequestWorkflow } from "./pull-request";
import { MOST_JOBS } from "./steps";

/** File of the workflow of a pull request. */
const PULL_REQUEST_FILE = "genesys-pull-request.yml";

/** Returns the numbers of matrices that the organisations need. */
export function shardsIn(report: RegistryReport): Shards {
  const orgs = deployable(report);
  const stages = STAGES.map((stage) => ({ stage, orgs: orgsOf(orgs, stage) }));
  return {
    all: shardsFor(orgs.length, MOST_JOBS),
    stages: stages
      .filter(({ orgs }) => orgs.length > 0)
      .map(({ stage, orgs }) => ({ stage, shards: shardsFor(orgs.length, MOST_JOBS) })),
  };
}

const FOLDER = ".github/workflows";

/** Returns the workflows for GitHub Actions. */
export const githubFiles: PipelineFiles = (report, settings, heading) => {
  const shards = shardsIn(report);
  const workflows = {
    [PULL_REQUEST_FILE]: pullRequestWorkflow(settings),
    [PLAN_FILE]: planWorkflow(settings, shards.all),
    [DEPLOY_FILE]: deployWorkflow(settings, shards),
    [NIGHTLY_FILE]: nightlyWorkflow(settings, shards.all),
  };
  return new Map(
    Object.entries(workflows).map(([file, workflow]) => [
      `${FOLDER}/${file}`,
      toYaml(workflow, heading, ["jobs"]),
    ]),
  );
};
