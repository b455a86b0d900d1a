import { before } from "./commented-yaml";

/** An action of GitHub, pinned by its commit: somebody could move a tag. */
export interface PinnedAction {
  /** Owner and name of its repository. */
  readonly repository: string;
  readonly version: string;
  readonly commit: string;
}

/** The actions of the workflows. All of them run on Node.js 24. Each commit is that of the tag. */
export const ACTIONS = {
  checkout: {
    repository: "actions/checkout",
    version: "v7.0.1",
    commit: "3d3c42e5aac5ba805825da76410c181273ba90b1",
  },
  setupNode: {
    repository: "actions/setup-node",
    version: "v7.0.0",
    commit: "820762786026740c76f36085b0efc47a31fe5020",
  },
  setupTerraform: {
    repository: "hashicorp/setup-terraform",
    version: "v4.0.1",
    commit: "dfe3c3f87815947d99a8997f908cb6525fc44e9e",
  },
  uploadArtifact: {
    repository: "actions/upload-artifact",
    version: "v7.0.0",
    commit: "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f",
  },
  downloadArtifact: {
    repository: "actions/download-artifact",
    version: "v8.0.1",
    commit: "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
  },
  awsCredentials: {
    repository: "aws-actions/configure-aws-credentials",
    version: "v6.2.3",
    commit: "e6de054238d6b7531b4efff3b6587d9aade6a06c",
  },
} as const satisfies Record<string, PinnedAction>;

/** Returns the `uses` of a step, with the version as a comment. */
export const uses = ({ repository, version, commit }: PinnedAction): unknown =>
  before(`${repository}@${commit}`, version);
