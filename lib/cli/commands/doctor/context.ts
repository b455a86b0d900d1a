import type { StateRole } from "../../../registry/model";
import { roleNamesOf } from "../../../registry/names";
import type { HomeReport, OrgReport } from "../../../registry/report";
import type { S3Backend } from "../../project/state-store";
import type { Io } from "../../terminal/io";
import type { Bounds } from "./checklist";

/** Whose AWS credentials are at hand. */
export interface Identity {
  readonly arn: string;
  readonly account: string;
}

/** An org, and what its checks need to know. */
export interface DoctorContext {
  readonly io: Io;
  readonly bounds: Bounds;
  readonly org: OrgReport;
  readonly home: HomeReport;
  /** As the org's stack has it; undefined where there is no stack. */
  readonly backend?: S3Backend & { readonly allowed_account_ids?: readonly string[] };
  /** Whether the lock is only looked at, and not taken. */
  readonly readOnly: boolean;
  /** Whether roles are assumed. */
  readonly assume: boolean;
}

/** Which of an org's roles this is; undefined for anybody else. */
export function stateRoleOf(org: string, identity: Identity | undefined): StateRole | undefined {
  const [, name] = /:assumed-role\/([^/]+)\//.exec(identity?.arn ?? "") ?? [];
  const names = roleNamesOf(org);
  return (["reader", "writer", "unlocker"] as const).find((role) => names[role] === name);
}
