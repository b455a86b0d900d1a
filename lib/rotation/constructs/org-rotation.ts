import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { policyJson } from "../../aws/policy-document";
import { UserError } from "../../errors";
import { Policies } from "../../policies";
import { isWatched } from "../../registry/managed-secret";
import type { Credential, Org } from "../../registry/model";
import { ALARM_ACTION_PATTERN } from "../../registry/patterns";
import { orgFor } from "../../stack/org-of-stack";
import { isToken } from "../../stack/tokens";
import { schedulerPolicy, serviceTrust } from "../execution-policies";
import {
  DRY_RUN_ALIAS,
  deadLettersNameOf,
  LABEL_EVENTS,
  scheduleNameOf,
  secretArnPrefixOf,
} from "../rotation-names";
import { DueRule } from "./due-rule";
import { MasterSecret, masterReadInPlace } from "./master-secret";
import { stackRetiredBeforeDestroy } from "./retired-before-destroy";
import { type RoleBoundary, roleBoundary } from "./role-boundary";
import { RotationAlarms } from "./rotation-alarms";
import { RotationFunction } from "./rotation-function";
import { SecretsKey } from "./secrets-key";

const ID = "rotation";
const FORTNIGHT_SECONDS = 14 * 24 * 3600;

/** Properties of an {@link OrgRotation}. */
export interface OrgRotationProps {
  /** @default - the organisation of the stack */
  readonly org?: Org;
  /**
   * ARN of the permissions boundary of the roles that this creates; may be a token.
   * @default - `aws.permissionsBoundary` of the org
   */
  readonly permissionsBoundary?: string;
  /**
   * ARNs that the alarms call, such as the ARN of an SNS topic; each may be a token.
   * @default - `rotation.alarmActions` of the org
   */
  readonly alarmActions?: readonly string[];
}

/**
 * Rotates the credentials of one org. Secrets Manager calls the *rotator*. The *reconciler* runs
 * every hour, and notes the time when a label of a secret moves; it retires the clients of earlier versions. By
 * its alias `dry-run`, which also a planner may call, it only tells what its next run would do. A
 * stack has one OrgRotation, which the first {@link OAuthClientWithOffloadedSecret} creates: create
 * it before that one to give it properties.
 *
 * - each function has its own role with only the permissions that it needs: CKV_AWS_286 to 290,
 *   CKV_AWS_355
 * - logs are encrypted with the org's key and kept for a year: CKV_AWS_158, CKV_AWS_338
 * - events that the reconciler could not handle go to a queue: CKV_AWS_116, CKV_AWS_27
 */
export class OrgRotation extends Construct {
  readonly key: SecretsKey;
  readonly rotator: RotationFunction;
  readonly reconciler: RotationFunction;
  /** Resources that must exist before a secret can rotate: the first rotation starts at once. */
  readonly ready: readonly ITerraformDependable[];
  /** Field of Genesys Cloud's API for the addresses that a client may call from, if it is known. */
  readonly addressField?: string;
  private readonly org: Org;
  /** Credentials by the names of their clients. */
  private readonly credentials = new Map<string, string>();

  /**
   * @throws UserError when the org has a rotation already, in this stack or another one, or a literal
   *   is not an ARN of the right kind
   */
  constructor(scope: Construct, id: string, props: OrgRotationProps = {}) {
    super(scope, id);
    const org = orgFor(this, props.org);
    const { alarmActions = org.rotation.alarmActions } = props;
    const boundary = roleBoundary(
      this,
      org,
      props.permissionsBoundary ?? org.aws.permissionsBoundary,
    );
    checkAlarmActions(org, alarmActions);
    this.org = org;
    this.addressField = org.rotation.allowedAddressesField;
    claim(this, org);
    this.key = new SecretsKey(this, "secrets-key", { org });
    const master = org.credentials
      ? masterReadInPlace(org)
      : new MasterSecret(this, "master", { org, kmsKeyArn: this.key.arn });
    const deadLetters = new SqsQueue(this, "dead-letters", {
      name: deadLettersNameOf(org),
      messageRetentionSeconds: FORTNIGHT_SECONDS,
      sqsManagedSseEnabled: true,
    });
    const shared = {
      org,
      masterArn: master.arn,
      masterPattern: master.arnPattern,
      kmsKeyArn: this.key.arn,
      boundary,
    };
    this.rotator = new RotationFunction(this, "rotator", {
      ...shared,
      part: "rotator",
      description: "rotates the credentials of OAuth clients",
    });
    this.reconciler = new RotationFunction(this, "reconciler", {
      ...shared,
      part: "reconciler",
      deadLettersArn: deadLetters.arn,
      description: "retires the OAuth clients of earlier secret versions",
    });
    const permission = new LambdaPermission(this, "invoke-permission", {
      functionName: this.rotator.function.functionName,
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: org.aws.account,
      sourceArn: `${secretArnPrefixOf(org)}*`,
    });
    runReconciler(this, org, this.reconciler, deadLetters, boundary);
    new LambdaAlias(this, "dry-run", {
      name: DRY_RUN_ALIAS,
      description: `${org.name}: tells what the reconciler would do, and changes nothing`,
      functionName: this.reconciler.function.functionName,
      // Only the name counts: nothing is ever published.
      functionVersion: "$LATEST",
    });
    new RotationAlarms(this, "alarms", { org, alarmActions });
    if (org.secrets.some(isWatched)) new DueRule(this, "due", { org, alarmActions });
    stackRetiredBeforeDestroy(this, this.reconciler);
    this.ready = [permission, ...this.rotator.ready, ...master.ready];
  }

  /**
   * Returns the rotation of a construct's stack, and creates it if it does not exist yet.
   *
   * @throws UserError when the stack rotates the clients of another org, or another stack rotates
   *   those of this org
   */
  static of(scope: Construct, org: Org): OrgRotation {
    const stack = TerraformStack.of(scope);
    const existing = [...rotationsIn(stack).values()].find(
      (rotation) => TerraformStack.of(rotation) === stack,
    );
    if (!existing) return new OrgRotation(stack, ID, { org });
    if (existing.org.name === org.name) return existing;
    throw new UserError(
      `${scope.node.path}: the stack ${stack.node.id} rotates the clients of ${existing.org.name}, but this client belongs to ${org.name}: create it in the stack of its own org`,
    );
  }

  /**
   * Records a credential.
   * @throws UserError when the org has a client of the same name; Genesys Cloud ignores case
   */
  add(scope: Construct, { name, clientName }: Pick<Credential, "name" | "clientName">): void {
    const key = clientName.toLowerCase();
    const other = this.credentials.get(key);
    if (other !== undefined) {
      throw new UserError(
        `${scope.node.path}: ${this.org.name} already has the OAuth client ${clientName}, for the credential ${other}: remove one of the two, or give it another name`,
      );
    }
    this.credentials.set(key, name);
  }
}

function checkAlarmActions({ name }: Org, actions: readonly string[]): void {
  for (const [index, arn] of actions.entries()) {
    if (isToken(arn) || new RegExp(ALARM_ACTION_PATTERN).test(arn)) continue;
    throw new UserError(
      `${name}: alarmActions[${index}] is "${arn}": give the full ARN of an alarm's target, such as an SNS topic`,
    );
  }
}

/** The rotations of an app, by the names of their orgs. */
const rotations = new WeakMap<IConstruct, Map<string, OrgRotation>>();

function rotationsIn({ node: { root } }: IConstruct): Map<string, OrgRotation> {
  const known = rotations.get(root) ?? new Map<string, OrgRotation>();
  rotations.set(root, known);
  return known;
}

/** Refuses a second rotation of an org: the names of its functions exist once in an account. */
function claim(rotation: OrgRotation, { name }: Org): void {
  const known = rotationsIn(rotation);
  const other = known.get(name);
  if (other) {
    throw new UserError(
      `${rotation.node.path}: the stack ${TerraformStack.of(other).node.id} already rotates the clients of ${name}: create all of them in one stack`,
    );
  }
  known.set(name, rotation);
}

/** Runs the reconciler every hour, and lets it note the time when a value becomes the current one. */
function runReconciler(
  scope: Construct,
  org: Org,
  { function: { arn, functionName } }: RotationFunction,
  deadLetters: SqsQueue,
  boundary: RoleBoundary,
): void {
  const name = scheduleNameOf(org);
  const role = new IamRole(scope, "scheduler-role", {
    name: org.roles.scheduler,
    description: `${org.name}: starts the reconciler`,
    assumeRolePolicy: policyJson(serviceTrust(org, "scheduler")),
    ...boundary,
  });
  const policy = new IamRolePolicy(scope, "scheduler-policy", {
    name: "schedule",
    role: role.name,
    policy: policyJson(schedulerPolicy(org)),
  });
  const schedule = new SchedulerSchedule(scope, "schedule", {
    name,
    description: `${org.name}: runs the reconciler every hour`,
    scheduleExpression: "rate(1 hour)",
    flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 },
    target: {
      arn,
      roleArn: role.arn,
      deadLetterConfig: { arn: deadLetters.arn },
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
    },
    dependsOn: [policy],
  });
  Policies.waive(schedule, "CKV_AWS_297", "its only content is a name, and AWS encrypts it anyway");
  const rule = new CloudwatchEventRule(scope, "label-rule", {
    name,
    description: `${org.name}: tells the reconciler that a label of a secret moved, so that it notes the time`,
    eventPattern: JSON.stringify({
      source: [LABEL_EVENTS.source],
      "detail-type": [LABEL_EVENTS.detailType],
      resources: [{ prefix: secretArnPrefixOf(org) }],
    }),
  });
  const permission = new LambdaPermission(scope, "label-permission", {
    functionName,
    action: "lambda:InvokeFunction",
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
  new CloudwatchEventTarget(scope, "label-target", {
    rule: rule.name,
    arn,
    dependsOn: [permission],
  });
  new LambdaFunctionEventInvokeConfig(scope, "retries", {
    functionName,
    maximumEventAgeInSeconds: 3600,
    // The next hourly run tries again.
    maximumRetryAttempts: 1,
  });
}
