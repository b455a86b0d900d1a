import type { RetirementRequest } from "../retirement-request";
import type { RevocationRequest } from "../revocation-request";

/** A request to the reconciler. */
export type ReconcilerRequest =
  /** From the schedule. */
  | { readonly kind: "run" }
  /** From Secrets Manager, when a label of a secret has moved. */
  | { readonly kind: "label moved"; readonly secretArns: readonly string[] }
  | ({ readonly kind: "retire" } & Required<RetirementRequest>)
  | ({ readonly kind: "revoke" } & Required<RevocationRequest>)
  /** From Terraform, for the guard of a credential or of the whole stack. */
  | { readonly kind: "guard created" }
  | { readonly kind: "guard destroyed"; readonly credential: string | undefined };

interface RawEvent {
  readonly retire?: unknown;
  readonly revoke?: unknown;
  readonly clients?: unknown;
  readonly undo?: unknown;
  readonly dryRun?: unknown;
  readonly credential?: unknown;
  readonly source?: unknown;
  readonly resources?: unknown;
  /** The part that `aws_lambda_invocation` adds to its input. */
  readonly tf?: { readonly action?: unknown };
}

/**
 * Reads the request from an event.
 * @throws Error when the event looks like a request and is not valid
 */
export function readRequest(raw: unknown): ReconcilerRequest {
  const {
    retire,
    revoke,
    clients = [],
    undo = false,
    dryRun = false,
    credential,
    tf,
    ...event
  } = (raw ?? {}) as RawEvent;
  if (tf !== undefined) return readGuard(tf?.action, credential);
  if (event.source === "aws.secretsmanager" && Array.isArray(event.resources)) {
    return { kind: "label moved", secretArns: event.resources.map(String) };
  }
  if (revoke !== undefined) {
    if (typeof revoke === "string" && areTexts(clients)) return { kind: "revoke", revoke, clients };
    throw new Error(
      "revoke must be the name of a credential, and clients a list of client ids: nothing was changed",
    );
  }
  if (retire === undefined) return { kind: "run" };
  if (areTexts(retire) && typeof undo === "boolean" && typeof dryRun === "boolean") {
    return { kind: "retire", retire, undo, dryRun };
  }
  throw new Error(
    "retire must be a list of credential names, and undo and dryRun must be true or false: nothing was changed",
  );
}

const areTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

function readGuard(action: unknown, credential: unknown): ReconcilerRequest {
  if (action === "create" || action === "update") return { kind: "guard created" };
  if (action === "delete" && (credential === undefined || typeof credential === "string")) {
    return { kind: "guard destroyed", credential };
  }
  throw new Error("tf.action must be create, update or delete, and credential must be a name");
}
