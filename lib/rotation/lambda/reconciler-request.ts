import type { RetirementRequest } from "../retirement-request";

/** What the reconciler can be asked for. */
export type ReconcilerRequest =
  /** By the schedule, and whenever a label moved. */
  | { readonly kind: "run" }
  | ({ readonly kind: "retire" } & Required<RetirementRequest>)
  /** By Terraform, of a credential's guard or of the stack's. */
  | { readonly kind: "guard made" }
  | { readonly kind: "guard destroyed"; readonly credential: string | undefined };

interface RawEvent {
  readonly retire?: unknown;
  readonly undo?: unknown;
  readonly dryRun?: unknown;
  readonly credential?: unknown;
  /** What `aws_lambda_invocation` adds to its input. */
  readonly tf?: { readonly action?: unknown };
}

/** @throws Error when the event looks like a request, and is none */
export function readRequest(raw: unknown): ReconcilerRequest {
  const { retire, undo = false, dryRun = false, credential, tf } = (raw ?? {}) as RawEvent;
  if (tf !== undefined) return readGuard(tf?.action, credential);
  if (retire === undefined) return { kind: "run" };
  const isRight = Array.isArray(retire) && retire.every((name) => typeof name === "string");
  if (isRight && typeof undo === "boolean" && typeof dryRun === "boolean") {
    return { kind: "retire", retire, undo, dryRun };
  }
  throw new Error(
    "retire is to be a list of credentials, undo and dryRun are to be true or false: nothing is done",
  );
}

function readGuard(action: unknown, credential: unknown): ReconcilerRequest {
  if (action === "create" || action === "update") return { kind: "guard made" };
  if (action === "delete" && (credential === undefined || typeof credential === "string")) {
    return { kind: "guard destroyed", credential };
  }
  throw new Error("tf.action is to be create, update or delete, and credential a name");
}
