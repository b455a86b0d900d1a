import type { PolicyRule } from "../rule";

/** Whoever changes a state holds its lock. */
export const stateLocked: PolicyRule = {
  id: "GO-STATE-LOCKED",
  severity: "error",
  title: "The state is locked while it changes",
  reason:
    "The S3 backend locks only when told to: without a lock two runs write over each other, and the state forgets what one of them made.",
  fix: "Use SecureStateBackend, which sets use_lockfile, or dynamodb_table where the lock mode says so.",
  *check({ backend }) {
    if (backend?.type !== "s3") return;
    const { use_lockfile, dynamodb_table } = backend.body;
    if (use_lockfile !== true && use_lockfile !== "true" && !dynamodb_table) {
      yield { at: backend, message: "neither use_lockfile nor dynamodb_table locks the state" };
    }
  },
};
