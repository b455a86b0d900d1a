import { type S3Backend, withStateStore } from "../../../lib/cli/project/state-store";
import { type RunRecord, writeRunRecord } from "../../../lib/cli/runs/run-record";
import type { LoopbackStore } from "../../support/loopback-store";
import { HOME } from "../../support/sample-org";

export const KEY_ARN = "arn:aws:kms:us-east-1:111111111111:key/1";
export const RUN = "20261129t021500z-3f9c1b2e";

/** A record of a run of `na-prod`, which begins. */
export const record = (patch: Partial<RunRecord> = {}): RunRecord => ({
  version: 1,
  run: RUN,
  org: "na-prod",
  stack: "org-na-prod",
  event: "begun",
  command: "deploy",
  author: { user: "runner@ci", job: "https://ci.example.com/jobs/7" },
  at: "2026-11-29T02:15:00.000Z",
  commit: "4f0c0c3f5c1f7bd1f0f3f7e4f6d3a1b2c3d4e5f6",
  library: "0.1.0",
  terraform: "Terraform 1.11.4",
  digest: "0".repeat(64),
  counts: { add: 1, change: 0, replace: 0, destroy: 0, other: 0, weakened: 0 },
  ...patch,
});

/** The backend of the org's stack on a store. */
export const backendOn = (
  { backendSettings }: Pick<LoopbackStore, "backendSettings">,
  patch: Partial<S3Backend> = {},
): S3Backend => ({
  bucket: HOME.bucket,
  key: "orgs/na-prod/terraform.tfstate",
  region: "us-east-1",
  encrypt: true,
  kms_key_id: KEY_ARN,
  use_lockfile: true,
  ...backendSettings,
  ...patch,
});

/** Writes a record next to the state of a backend. */
export const writeRecord = (backend: S3Backend, written: RunRecord): Promise<void> =>
  withStateStore(backend, (store) => writeRunRecord(store, written, "production"));
