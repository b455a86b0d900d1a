import type { ManagedCredential } from "./judge";
import type { ClientSpecification } from "./specification";

/** A credential of any kind, as far as the start of its rotation depends on it. */
export type RotatedCredential = Pick<
  ManagedCredential,
  "name" | "problem" | "retiring" | "history" | "status" | "attempt"
> & {
  /** Undefined if nothing rotates it. */
  readonly specification?: Pick<ClientSpecification, "secretArn" | "rotationDays">;
};
