import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { TerraformIterator } from "cdktf";
import { AuthDivision } from "../../genesyscloud/auth-division";
import { RoutingQueue } from "../../genesyscloud/routing-queue";
import type { OrgStack } from "../../lib";
import { rehearse } from "../../lib/rehearsal";
import { inWorkspace, synthesize } from "../support/rehearsal";
import { entry, registryOf } from "../support/sample-org";
import { describeWithTerraform } from "../support/terraform";

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
});
const QUEUE_ID = "22222222-2222-4222-8222-222222222222";

function synthesized(add: (stack: OrgStack) => void) {
  const { world, folderOf } = synthesize(registryOf(entry("na-prod", 0)), add);
  return { world, folder: folderOf("na-prod") };
}

async function rehearsed(add: (stack: OrgStack) => void) {
  const { world, folder } = synthesized(add);
  const [result] = await rehearse({
    stacks: [{ stack: "org-na-prod", org: "na-prod", folder }],
    world,
  });
  if (!result) throw new Error("the rehearsal has no result");
  return result;
}

describeWithTerraform("a rehearsal of existing objects", () => {
  const literal = (stack: OrgStack) => {
    new RoutingQueue(stack, "enquiries", {
      name: "Enquiries",
      acwTimeoutMs: 30000,
      mediaSettingsCall: { alertingTimeoutSec: 12 },
    }).importFrom(QUEUE_ID);
    new CloudwatchLogGroup(stack, "logs", { name: "calls", retentionInDays: 30 }).importFrom(
      "calls",
    );
  };

  test("makes them up from the configuration, and names them", async () => {
    const result = await rehearsed((stack) => {
      literal(stack);
      const division = new AuthDivision(stack, "service", { name: "Service" });
      // Values that only Terraform finds, of arguments whose change replaces an object.
      new SqsQueue(stack, "work", { name: `work-${division.name}`, fifoQueue: false }).importFrom(
        "https://sqs.us-east-1.amazonaws.com/111111111111/work",
      );
      // An id that only Terraform finds.
      stack.addOverride("locals.role", "caller");
      new IamRole(stack, "caller", { name: "caller", assumeRolePolicy: TRUST }).importFrom(
        "${local.role}",
      );
      // By a derived schema.
      new SnsTopic(stack, "alarm", { name: "alarm" }).importFrom(
        "arn:aws:sns:us-east-1:111111111111:alarm",
      );
    });
    expect(result).toMatchObject({ error: undefined, secondPlanEmpty: true });
    expect(result.madeUpImports).toEqual([
      "genesyscloud_routing_queue.enquiries",
      "aws_cloudwatch_log_group.logs",
      "aws_sqs_queue.work",
      "aws_iam_role.caller",
      "aws_sns_topic.alarm",
    ]);
  });

  test("plans no change of an object whose configuration has only literals", async () => {
    const { world, folder } = synthesized(literal);
    await inWorkspace(world, async (workspace) => {
      workspace.useStack(folder);
      await workspace.run("init");
      const { stdout } = await workspace.run("plan", "-var=genesys_credential=deployer");
      expect(stdout).toMatch(/Plan: 2 to import, 0 to add, 0 to change, 0 to destroy\./);
      expect(stdout).toContain("# genesyscloud_routing_queue.enquiries will be imported");
    });
  });

  test("does not replace an object because of a value that was not known when it was made up", async () => {
    const { world, folder } = synthesized((stack) => {
      const account = new DataAwsCallerIdentity(stack, "me");
      new CloudwatchLogGroup(stack, "logs", { name: `calls-${account.accountId}` }).importFrom(
        "calls",
      );
    });
    await inWorkspace(world, async (workspace) => {
      workspace.useStack(folder);
      await workspace.run("init");
      const { stdout } = await workspace.run("plan", "-var=genesys_credential=deployer");
      expect(stdout).toMatch(/Plan: 1 to import, 0 to add, 1 to change, 0 to destroy\./);
    });
  });

  test("runs moved, removed and check blocks, and iterators", async () => {
    const result = await rehearsed((stack) => {
      new RoutingQueue(stack, "new-name", { name: "Enquiries" });
      stack.addOverride("moved", [
        { from: "genesyscloud_routing_queue.old-name", to: "genesyscloud_routing_queue.new-name" },
      ]);
      stack.addOverride("removed", [
        { from: "aws_sqs_queue.given-away", lifecycle: { destroy: false } },
      ]);
      stack.addOverride("check.home_division", {
        data: { genesyscloud_auth_division_home: { it: {} } },
        assert: {
          condition: '${data.genesyscloud_auth_division_home.it.id != ""}',
          error_message: "There is no home division.",
        },
      });
      const divisions = TerraformIterator.fromList(["Sales", "Service"]);
      const each = new AuthDivision(stack, "divisions", {
        forEach: divisions,
        name: divisions.value,
      });
      const names = TerraformIterator.fromResources(each);
      new RoutingQueue(stack, "queues", { forEach: names, name: `Queue ${names.key}` });
      const counted = new AuthDivision(stack, "counted", { count: 2 as never, name: "Counted" });
      counted.addOverride("name", "Counted ${count.index}");
    });
    expect(result).toMatchObject({ error: undefined, secondPlanEmpty: true });
    // The division and the queue of each name, the counted ones, and the one that moved.
    expect(result.resources).toBe(7);
    expect(result.madeUpImports).toEqual([]);
  });
});
