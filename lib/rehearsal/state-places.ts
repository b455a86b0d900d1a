import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import type { LockMode } from "../registry/model";
import { sharedPlaces } from "../registry/state-place";
import { readStackJson, STACK_FILE, type StackJson } from "../terraform/stack-folder";
import type { RehearsalStack } from "./rehearse-stack";

/** The part of a stack's backend that a rehearsal reports. */
export interface StatePlace {
  /** Object key, or what Terraform uses in its place. */
  readonly stateKey: string;
  /** Undefined if the state is not in S3. */
  readonly bucket?: string;
  readonly lock?: LockMode;
}

/** Reads where a stack keeps its state, and how it locks it. */
export function statePlaceOf({ terraform }: StackJson): StatePlace {
  const backend = terraform?.backend ?? {};
  const { s3 } = backend;
  if (!s3) {
    const [other = "local"] = Object.keys(backend);
    return { stateKey: other === "local" ? "local file" : other };
  }
  const [file, table] = [s3.use_lockfile === true, s3.dynamodb_table !== undefined];
  return {
    stateKey: String(s3.key),
    bucket: String(s3.bucket),
    ...((file || table) && { lock: file && table ? "both" : file ? "s3" : "dynamodb" }),
  };
}

/**
 * Returns an error for each stack whose state is that of another stack as well. A rehearsal keeps each
 * state in a folder of its own, so Terraform would report nothing before the second deploy destroys
 * what the first created.
 */
export function sharedStates(stacks: readonly RehearsalStack[]): ReadonlyMap<string, UserError> {
  const backends = stacks
    .filter(({ folder }) => existsSync(join(folder, STACK_FILE)))
    .map(({ stack, folder }) => [stack, readStackJson(folder).terraform?.backend] as const);
  return new Map(
    sharedPlaces(backends).flatMap(([place, names]) => {
      const text = `${names.join(" and ")} have the same state, ${place}: give each stack its own key (docs/library.md)`;
      return names.map((name) => [name, new UserError(text)] as const);
    }),
  );
}

/**
 * Refuses a stack whose state is elsewhere than the registry says.
 *
 * @throws UserError
 */
export function checkExpectedPlace({ stack, expected }: RehearsalStack, place: StatePlace): void {
  if (!expected) return;
  const text = ({ bucket, stateKey }: Pick<StatePlace, "bucket" | "stateKey">) =>
    [bucket, stateKey].filter((part) => part !== undefined).join("/");
  if (text(place) === text(expected)) return;
  throw new UserError(
    `the state of ${stack} is in ${text(place)}, but by the registry it is in ${text(expected)}: remove the override of its backend`,
  );
}
