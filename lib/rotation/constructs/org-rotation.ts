import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { policyJson } from "../../aws/policy-document";
import { UserError } from "../../errors";
import { Policies } from "../../policies";
import type { Credential, Org } from "../../registry/model";
import { orgFor } from "../../stack/org-of-stack";
import { schedulerPolicy, serviceTrust } from "../execution-policies";
import { deadLettersNameOf, scheduleNameOf, secretArnPrefixOf } from "../rotation-names";
import { MasterSecret } from "./master-secret";
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
 * What rotates the credentials of one org: a *rotator*, which Secrets Manager calls, and a
 * *reconciler*, which runs every hour and whenever a secret's label moves, and retires the clients
 * of values before. A stack has one; it comes with the first
 * {@link OAuthClientWithOffloadedSecret}; make it before that one to give it properties.
 *
 * - each function has a role of its own with what it needs: CKV_AWS_286 to 290, CKV_AWS_355
 * - logs are encrypted with the org's key and kept for a year: CKV_AWS_158, CKV_AWS_338
 * - what is given up goes to a queue: CKV_AWS_116, CKV_AWS_27
 */
export class OrgRotation extends Construct {
  readonly key: SecretsKey;
  readonly rotator: RotationFunction;
  readonly reconciler: RotationFunction;
  /** What has to be there before a secret can rotate: the first rotation starts at once. */
  readonly ready: readonly ITerraformDependable[];
  private readonly org: Org;
  /** Credentials by the names of their clients. */
  private readonly credentials = new Map<string, string>();

  /**
   * @throws UserError when the org has a rotation already, in this stack or another one
   */
  constructor(scope: Construct, id: string, props: OrgRotationProps = {}) {
    super(scope, id);
    const org = orgFor(this, props.org);
    const { alarmActions = org.rotation.alarmActions } = props;
    const boundary = roleBoundary(org, props.permissionsBoundary ?? org.aws.permissionsBoundary);
    this.org = org;
    claim(this, org);
    this.key = new SecretsKey(this, "secrets-key", { org });
    const master = new MasterSecret(this, "master", { org, kmsKeyArn: this.key.arn });
    const deadLetters = new SqsQueue(this, "dead-letters", {
      name: deadLettersNameOf(org),
      messageRetentionSeconds: FORTNIGHT_SECONDS,
      sqsManagedSseEnabled: true,
    });
    const shared = {
      org,
      masterArn: master.arn,
      kmsKeyArn: this.key.arn,
      deadLettersArn: deadLetters.arn,
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
      description: "retires the OAuth clients of credentials before",
    });
    const permission = new LambdaPermission(this, "invoke-permission", {
      functionName: this.rotator.function.functionName,
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: org.aws.account,
      sourceArn: `${secretArnPrefixOf(org)}*`,
    });
    runReconciler(this, org, this.reconciler, deadLetters, boundary);
    new RotationAlarms(this, "alarms", { org, alarmActions });
    stackRetiredBeforeDestroy(this, this.reconciler);
    this.ready = [permission, ...this.rotator.ready, ...master.ready];
  }

  /**
   * The rotation of the stack in which a construct is; made when there is none yet.
   *
   * @throws UserError when the stack has that of another org, or another stack has this org's
   */
  static of(scope: Construct, org: Org): OrgRotation {
    const stack = TerraformStack.of(scope);
    const existing = [...rotationsIn(stack).values()].find(
      (rotation) => TerraformStack.of(rotation) === stack,
    );
    if (!existing) return new OrgRotation(stack, ID, { org });
    if (existing.org.name === org.name) return existing;
    throw new UserError(
      `${scope.node.path}: the stack ${stack.node.id} rotates the clients of ${existing.org.name}, and the client is one of ${org.name}: make it in a stack of its own org`,
    );
  }

  /** @throws UserError when there is a client of that name, or one that Genesys Cloud takes for it */
  add(scope: Construct, { name, clientName }: Pick<Credential, "name" | "clientName">): void {
    const key = clientName.toLowerCase();
    const other = this.credentials.get(key);
    if (other !== undefined) {
      throw new UserError(
        `${scope.node.path}: ${this.org.name} has the OAuth client ${clientName} already, of the credential ${other}: make one of the two, or give it another name`,
      );
    }
    this.credentials.set(key, name);
  }
}

/** The rotations of an app, by the names of their orgs. */
const rotations = new WeakMap<IConstruct, Map<string, OrgRotation>>();

function rotationsIn({ node: { root } }: IConstruct): Map<string, OrgRotation> {
  const known = rotations.get(root) ?? new Map<string, OrgRotation>();
  rotations.set(root, known);
  return known;
}

/** An org's functions have names that it has once: two rotations would fight for them. */
function claim(rotation: OrgRotation, { name }: Org): void {
  const known = rotationsIn(rotation);
  const other = known.get(name);
  if (other) {
    throw new UserError(
      `${rotation.node.path}: the stack ${TerraformStack.of(other).node.id} rotates the clients of ${name} already: make them all in one stack`,
    );
  }
  known.set(name, rotation);
}

/** Every hour, and at once when a value became the current one, by rotation or by hand. */
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
    description: `${org.name}: retires OAuth clients of credentials before`,
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
  Policies.waive(schedule, "CKV_AWS_297", "it holds a name and no data, which AWS encrypts anyway");
  const rule = new CloudwatchEventRule(scope, "label-rule", {
    name,
    description: `${org.name}: a label of a secret moved`,
    eventPattern: JSON.stringify({
      source: ["aws.secretsmanager"],
      "detail-type": ["Secret Label Updated"],
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
    // The next hour tries again.
    maximumRetryAttempts: 1,
  });
}
