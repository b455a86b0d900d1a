import { differences } from "../backend-arguments";
import type { PolicyRule } from "../rule";

/** Every run that changes a state has its lock. */
export const stateLocked: PolicyRule = {
  id: "GO-STATE-LOCKED",
  severity: "error",
  title: "The state is locked while it changes",
  reason:
    "The S3 backend locks only on request, and runs with different locks do not see each other. Without a lock, two runs overwrite each other's state, and the resources of one are lost from it.",
  fix: "Use SecureStateBackend, which sets use_lockfile or dynamodb_table, by the org's lock mode.",
  *check({ backend }, context) {
    if (backend?.type !== "s3") return;
    const { use_lockfile, dynamodb_table } = backend.body;
    if (use_lockfile !== true && use_lockfile !== "true" && !dynamodb_table) {
      yield { at: backend, message: "neither use_lockfile nor dynamodb_table locks the state" };
      return;
    }
    for (const message of differences(backend.body, context.backend, "lock")) {
      yield { at: backend, message };
    }
  },
};
