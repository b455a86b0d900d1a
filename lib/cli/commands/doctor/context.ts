import type { StateRole } from "../../../registry/model";
import { roleNamesOf } from "../../../registry/names";
import type { HomeReport, OrgReport, VaultOrgReport } from "../../../registry/report";
import type { Identity } from "../../project/caller-identity";
import type { S3Backend } from "../../project/state-store";
import type { WantedGrant } from "../../project/wanted-grants";
import type { Io } from "../../terminal/io";
import type { Bounds } from "./checklist";
import type { StateHistory } from "./state-history";

/** A function of an org's stack, and the SHA-256 of its code in Base64. */
export interface DeclaredFunction {
  readonly name: string;
  readonly sha256: string;
}

/** An org, with all that its checks need. */
export interface DoctorContext {
  readonly io: Io;
  readonly bounds: Bounds;
  readonly org: OrgReport;
  readonly home: HomeReport;
  /** The backend of the org's stack; undefined if the org has no stack. */
  readonly backend?: S3Backend & { readonly allowed_account_ids?: readonly string[] };
  /** The roles that the org's credentials need for the clients of its stack. */
  readonly wanted: readonly WantedGrant[];
  /** Names of the clients whose credentials the rotator writes to integration credentials. */
  readonly integrated: readonly string[];
  /** Addresses of the resources in the org's stack. */
  readonly declared: ReadonlySet<string>;
  /** Policy of the bucket in the home's stack; undefined if this run did not synthesize it. */
  readonly bucketPolicy?: string;
  /** Functions in the org's stack. */
  readonly functions: readonly DeclaredFunction[];
  /** @default - states are not compared with those of earlier runs */
  readonly history?: StateHistory;
  /** Whether the lock is only read, and not taken. */
  readonly readOnly: boolean;
  /** Whether roles are assumed. */
  readonly assume: boolean;
}

/** An org with a Vault, with all that its checks need. */
export interface VaultContext extends DoctorContext {
  readonly org: VaultOrgReport;
}

/** Returns which of an org's roles this is; undefined for any other identity. */
export function stateRoleOf(org: string, identity: Identity | undefined): StateRole | undefined {
  const [, name] = /:assumed-role\/([^/]+)\//.exec(identity?.arn ?? "") ?? [];
  const names = roleNamesOf(org);
  return (["reader", "writer", "unlocker"] as const).find((role) => names[role] === name);
}
