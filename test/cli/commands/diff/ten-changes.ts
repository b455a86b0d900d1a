import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessStacksOf, type RegistryReport } from "../../../../lib/registry/report";
import { homeReport, orgReport } from "../../../rehearsal/reports";
import { temporaryFolder } from "../../../support/folders";
import { ROOT } from "../../../support/synthesized-app";
import { readJson } from "../../stored-orgs";

// biome-ignore lint/suspicious/noExplicitAny: the JSON of a stack, as a test changes it
type StackText = any;

/** A change of the code, and what it does to the stacks that it concerns. */
export interface PreparedChange {
  readonly name: string;
  readonly stacks: readonly string[];
  readonly apply: (stack: StackText) => void;
  /** Exit code of a difference with this change alone. */
  readonly code: number;
  /** A line of its text. */
  readonly line: string;
}

const ORGS = ["apac-prod", "eu-prod", "na-dev", "na-prod", "na-staging"];
const WITH_ROTATION = ORGS.filter((name) => name !== "na-dev").map((name) => `org-${name}`);

/** Ten changes of the sample deployment. The first three weaken a control. */
export const TEN_CHANGES: readonly PreparedChange[] = [
  {
    name: "weakens: the secrets' key no longer rotates, in two organisations",
    code: 4,
    line: "eu-prod, na-prod: aws_kms_key.rotation_secrets-key_A1D7BB25: the key no longer rotates (encryption)",
    stacks: ["org-na-prod", "org-eu-prod"],
    apply: ({ resource }) => {
      resource.aws_kms_key["rotation_secrets-key_A1D7BB25"].enable_key_rotation = false;
    },
  },
  {
    name: "weakens: versioning of the states' bucket is suspended",
    code: 4,
    line: "state-production: aws_s3_bucket_versioning.home_states_versioning_F7EBB73C: versioning is suspended (deletion protection)",
    stacks: ["state-production"],
    apply: ({ resource }) => {
      const { home_states_versioning_F7EBB73C: states } = resource.aws_s3_bucket_versioning;
      states.versioning_configuration.status = "Suspended";
    },
  },
  {
    name: "weakens: a state is no longer locked",
    code: 4,
    line: "apac-prod: terraform.backend.s3: the state is no longer locked (lock)",
    stacks: ["org-apac-prod"],
    apply: ({ terraform }) => {
      delete terraform.backend.s3.use_lockfile;
    },
  },
  {
    name: "replaces: a function has another name",
    code: 3,
    line: "org-na-staging: ± aws_lambda_function.rotation_rotator_function_FD24E4A1",
    stacks: ["org-na-staging"],
    apply: ({ resource }) => {
      const { rotation_rotator_function_FD24E4A1: rotator } = resource.aws_lambda_function;
      rotator.function_name = "genesys-rotator-of-na-staging";
    },
  },
  {
    name: "replaces: a queue has another address",
    code: 3,
    line: "org-na-dev: ± genesyscloud_routing_queue.enquiries from genesyscloud_routing_queue.general-enquiries, without a block that moves it, otherwise the same",
    stacks: ["org-na-dev"],
    apply: ({ resource }) => {
      const { "general-enquiries": queue } = resource.genesyscloud_routing_queue;
      resource.genesyscloud_routing_queue = { enquiries: queue };
    },
  },
  {
    name: "removes a role",
    code: 3,
    line: "- genesyscloud_auth_role.crm-sync_Role_BC677262",
    stacks: ["org-na-staging"],
    apply: ({ resource }) => {
      delete resource.genesyscloud_auth_role["crm-sync_Role_BC677262"];
    },
  },
  {
    name: "changes the memory of a function, in four organisations",
    code: 2,
    line: "memory_size: 256 → 512",
    stacks: WITH_ROTATION,
    apply: ({ resource }) => {
      resource.aws_lambda_function.rotation_reconciler_function_DD6B95BF.memory_size = 512;
    },
  },
  {
    name: "changes one statement of a policy",
    code: 2,
    line: 'policy.Statement[List].Action[s3:GetBucketTagging]: none → "s3:GetBucketTagging"',
    stacks: ["state-access-na-prod"],
    apply: ({ resource }) => {
      const policy = resource.aws_iam_role_policy["access_reader-policy_2B467E67"];
      const [first] = policy.policy.Statement;
      first.Action = [first.Action, "s3:GetBucketTagging"].flat();
    },
  },
  {
    name: "changes a setting: a provider's newest version",
    code: 2,
    line: 'required_providers.aws.version: ">= 6.26.0, < 7.0.0" → ">= 6.26.0, < 8.0.0"',
    stacks: WITH_ROTATION,
    apply: ({ terraform }) => {
      terraform.required_providers.aws.version = ">= 6.26.0, < 8.0.0";
    },
  },
  {
    name: "adds a queue",
    code: 2,
    line: "+ genesyscloud_routing_queue.claims",
    stacks: ["org-na-prod"],
    apply: ({ resource }) => {
      resource.genesyscloud_routing_queue.claims = { name: "Claims" };
    },
  },
];

/** Writes the sample deployment's snapshots as a synthesis, with some changes, and returns the folder. */
export function sampleSynthesis(
  changes: readonly PreparedChange[] = [],
  without: readonly string[] = [],
): string {
  const folder = temporaryFolder();
  const orgs = ORGS.map((name) => {
    const { access } = orgReport(name);
    const vaultAccess = { ...access, stack: `vault-access-${name}` };
    return orgReport(name, {}, { vaultAccess });
  });
  const homes = ["production", "nonproduction"].map((name) => homeReport(name));
  const stacks = [
    ...homes.map(({ stack }) => stack),
    ...orgs.flatMap((org) => [org, ...accessStacksOf(org)]).map(({ stack }) => stack),
  ];
  for (const stack of stacks.filter((each) => !without.includes(each))) {
    const json = readJson(join(ROOT, "test/snapshots", `${stack}.json`));
    for (const { apply } of changes.filter((each) => each.stacks.includes(stack))) apply(json);
    mkdirSync(join(folder, "stacks", stack), { recursive: true });
    writeFileSync(join(folder, "stacks", stack, "cdk.tf.json"), textOf(json));
  }
  const report: RegistryReport = { version: 1, homes, orgs, otherStacks: [] };
  writeFileSync(join(folder, "genesys-orgs.json"), JSON.stringify(report));
  return folder;
}

/** Snapshots have policies as JSON, and stacks as texts. */
const textOf = (json: object): string =>
  JSON.stringify(json, (key, value) =>
    /^(?:assume_role_)?policy$/.test(key) && typeof value === "object"
      ? JSON.stringify(value)
      : value,
  );
