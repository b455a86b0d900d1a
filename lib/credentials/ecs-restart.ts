import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import { allow, type PolicyStatement, policyJson } from "../aws/policy-document";
import { Policies } from "../policies";
import { isToken } from "../stack/tokens";

/** A service of Amazon ECS; both may be tokens. */
export interface EcsService {
  /** ARN of the cluster. */
  readonly cluster: string;
  /** ARN of the service, with the name of its cluster. */
  readonly service: string;
}

/** Properties of an {@link EcsRestart}. */
export interface EcsRestartProps {
  readonly name: string;
  readonly service: EcsService;
}

/**
 * Replaces the tasks of a service of Amazon ECS. EventBridge has no such target, so a state machine calls
 * `UpdateService` with a new deployment and nothing else. Its role may update this service alone.
 */
export class EcsRestart extends Construct {
  readonly arn: string;
  /** ARN of the role with which EventBridge starts it. */
  readonly startRole: string;

  constructor(scope: Construct, id: string, { name, service }: EcsRestartProps) {
    super(scope, id);
    const own = this.role("role", `${name}-restart`, "states", [
      allow("Restart", ["ecs:UpdateService"], [service.service], {
        ArnEquals: { "ecs:cluster": service.cluster },
      }),
    ]);
    const machine = new SfnStateMachine(this, "machine", {
      name,
      type: "EXPRESS",
      roleArn: own.role.arn,
      definition: JSON.stringify(definition(service)),
      dependsOn: [own.policy],
    });
    Policies.waive(machine, "CKV_AWS_284", "it makes one call, which CloudTrail records");
    Policies.waive(machine, "CKV_AWS_285", "it makes one call, which CloudTrail records");
    this.arn = machine.arn;
    this.startRole = this.role("start-role", `${name}-start`, "events", [
      allow("Start", ["states:StartExecution"], [machine.arn]),
    ]).role.arn;
  }

  private role(id: string, name: string, service: string, statements: readonly PolicyStatement[]) {
    const role = new IamRole(this, id, {
      name,
      assumeRolePolicy: policyJson([
        {
          Sid: "Service",
          Effect: "Allow",
          Principal: { Service: `${service}.amazonaws.com` },
          Action: ["sts:AssumeRole"],
        },
      ]),
    });
    const policy = new IamRolePolicy(this, `${id}-policy`, {
      name: "own",
      role: role.name,
      policy: policyJson(statements),
    });
    return { role, policy };
  }
}

/** In a token, the partition is that of most accounts. */
const partitionIn = (arn: string): string => (isToken(arn) ? "aws" : (arn.split(":")[1] ?? ""));

const definition = ({ cluster, service }: EcsService) => ({
  StartAt: "Restart",
  States: {
    Restart: {
      Type: "Task",
      Resource: `arn:${partitionIn(service)}:states:::aws-sdk:ecs:updateService`,
      Parameters: { Cluster: cluster, Service: service, ForceNewDeployment: true },
      // For about five minutes.
      Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 10, MaxAttempts: 5, BackoffRate: 2 }],
      End: true,
    },
  },
});
