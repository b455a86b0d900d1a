import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { policyJson } from "../aws/policy-document";
import { UserError } from "../errors";
import type { Org, StateRole } from "../registry/model";
import {
  alertPolicyNameOf,
  boundaryArnOf,
  boundaryNameOf,
  ORG_TAG,
  STATE_KEY_TAG,
} from "../registry/names";
import { recordHome } from "../registry/next-step";
import { accountPolicy, alertPolicy, boundaryPolicy } from "./deploy-policy";
import { orgKeyPolicy } from "./key-policy";
import { LockTable } from "./lock-table";
import { OwnCredentialSecrets } from "./own-credential-secrets";
import { rolePolicy, trustPolicy } from "./role-policies";
import { StateKey } from "./state-key";

/** Properties of an {@link OrgStateAccess}. */
export interface OrgStateAccessProps {
  readonly org: Org;
}

const PURPOSE: Record<StateRole, string> = {
  reader: "reads the Terraform state for a plan",
  writer: "reads and writes the Terraform state for an apply",
  unlocker: "removes locks, but cannot read the Terraform state",
};

// If credentials expire during an apply, Terraform can no longer write the state.
const LONGEST_SESSION_SECONDS: Record<StateRole, number> = {
  reader: 3600,
  writer: 4 * 3600,
  unlocker: 3600,
};

/**
 * The resources of one org in its home: a KMS key, a lock table of its own if it asks for one, and the
 * roles *reader*, *writer* and *unlocker*. A retired org keeps the key and the table, but not the roles.
 *
 * Reader and writer also plan and apply the org's rotation. They assume the org's `planRole` and
 * `deployRole`, or have the permissions themselves if the org's account is the home's account.
 *
 * An org whose own credentials are in Secrets Manager also has their {@link OwnCredentialSecrets} here.
 *
 * - no wildcard action, no administrator: Security Hub IAM.1, IAM.21, CKV_AWS_62, CKV_AWS_63,
 *   CKV2_AWS_40, CKV2_AWS_56
 * - only named roles and one repository's environment are trusted: CKV_AWS_60, CKV_AWS_61,
 *   CKV_AWS_393
 * - the rest: `StateKey`, `LockTable`
 *
 * @throws UserError when the org shares its home's lock table, whose key is not recorded yet
 */
export class OrgStateAccess extends Construct {
  constructor(scope: Construct, id: string, { org }: OrgStateAccessProps) {
    super(scope, id);
    const { home, lockTable, ownLockTable, keyAlias } = org.state;
    const key = new StateKey(this, "key", {
      description: `Encrypts the Terraform state of ${org.name}`,
      alias: keyAlias,
      policy: orgKeyPolicy(org),
    });
    if (lockTable !== undefined && ownLockTable) {
      new LockTable(this, "locks", { name: lockTable, kmsKeyArn: key.arn });
    }
    if (lockTable !== undefined && !ownLockTable && !home.kmsKeyArn) {
      throw new UserError(`${this.node.path}: ${recordHome(home)}`);
    }
    const tableKeyArn = ownLockTable ? key.arn : home.kmsKeyArn;
    if (!org.retired) {
      addBoundary(this, org);
      addRoles(this, org, key.arn, lockTable && tableKeyArn);
    }
    if (org.credentials && org.aws.account === home.account && !home.storage) {
      new OwnCredentialSecrets(this, "credentials", { org });
    }
    new TerraformOutput(TerraformStack.of(this), "kms_key_arn", {
      value: key.arn,
      description: "KMS key ARN for the record; genesys-orgs state record writes it",
    });
  }
}

/** Adds the boundary of the roles that the org's stack creates, if that is in the home's account. */
function addBoundary(scope: Construct, org: Org) {
  const { account, permissionsBoundary } = org.aws;
  const arn = boundaryArnOf(org.name, org.aws);
  if (permissionsBoundary !== arn || account !== org.state.home.account) return;
  new IamPolicy(scope, "boundary", {
    name: boundaryNameOf(org.name),
    description: `${org.name}: the most that a role may do which its stack creates`,
    policy: policyJson(boundaryPolicy(org)),
  });
}

function addRoles(scope: Construct, org: Org, keyArn: string, tableKeyArn: string | undefined) {
  for (const role of ["reader", "writer", "unlocker"] as const) {
    const iamRole = new IamRole(scope, role, {
      name: org.roles[role],
      description: `${org.name}: ${PURPOSE[role]}`,
      maxSessionDuration: LONGEST_SESSION_SECONDS[role],
      assumeRolePolicy: policyJson(trustPolicy(org, role)),
      tags: { [ORG_TAG]: org.name, [STATE_KEY_TAG]: keyArn },
    });
    new IamRolePolicy(scope, `${role}-policy`, {
      name: "state",
      role: iamRole.name,
      policy: policyJson(rolePolicy(org, role, keyArn, tableKeyArn)),
    });
    const alerts = role === "writer" ? alertPolicy(org) : [];
    if (alerts.length > 0) {
      const policy = new IamPolicy(scope, "alerts", {
        name: alertPolicyNameOf(org.name),
        description: `${org.name}: changes its alarms, its alerts about odd accesses, and its dashboard`,
        policy: policyJson(alerts),
      });
      new IamRolePolicyAttachment(scope, "writer-alerts", {
        role: iamRole.name,
        policyArn: policy.arn,
      });
    }
    const inAccount = role === "unlocker" ? [] : accountPolicy(org, role);
    if (inAccount.length === 0) continue;
    new IamRolePolicy(scope, `${role}-account`, {
      name: "account",
      role: iamRole.name,
      policy: policyJson(inAccount),
    });
  }
}
