import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Name of the file in a stack's folder that has its Terraform JSON. */
export const STACK_FILE = "cdk.tf.json";

/** The Terraform JSON of a stack, as far as it is read here. */
export interface StackJson {
  readonly terraform?: {
    readonly required_providers?: Readonly<Record<string, { readonly source?: string }>>;
    readonly backend?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  readonly variable?: Readonly<Record<string, StackVariable>>;
  readonly resource?: BlocksByType;
  readonly data?: BlocksByType;
  readonly ephemeral?: BlocksByType;
  readonly provider?: Readonly<Record<string, unknown>>;
  readonly import?: ImportJson | readonly ImportJson[];
  readonly check?: Readonly<Record<string, { readonly data?: BlocksByType }>>;
  readonly module?: Readonly<Record<string, { readonly source?: string }>>;
}

/** An `import` block. */
export interface ImportJson {
  readonly to?: unknown;
  readonly id?: unknown;
}

/** Blocks by type and name. */
export type BlocksByType = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>
>;

/** A variable of a stack. */
export interface StackVariable {
  readonly type?: string;
  readonly sensitive?: boolean;
  readonly ephemeral?: boolean;
}

/** Reads the Terraform JSON of the stack in the folder. */
export function readStackJson(folder: string): StackJson {
  return JSON.parse(readFileSync(join(folder, STACK_FILE), "utf8"));
}

/** Returns the backend block of the synthesized stack in the folder. */
export function backendOf(folder: string): unknown {
  return readStackJson(folder).terraform?.backend;
}
