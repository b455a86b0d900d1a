import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { TerraformVariable } from "cdktf";
import { AuthDivision } from "../../genesyscloud/auth-division";
import { DataGenesyscloudAuthDivision } from "../../genesyscloud/data-genesyscloud-auth-division";
import { DataGenesyscloudAuthRole } from "../../genesyscloud/data-genesyscloud-auth-role";
import { RoutingQueue } from "../../genesyscloud/routing-queue";
import { OAuthClientWithOffloadedSecret, type OrgStack } from "../../lib";
import type { Workspace } from "../../lib/rehearsal";
import { inWorkspace, synthesize } from "../support/rehearsal";
import { entry, registryOf } from "../support/sample-org";
import { describeWithTerraform } from "../support/terraform";

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: ["sts:AssumeRole"],
    },
  ],
});

/** Divisions, roles, queues and consumers of a client are parts of its own stack. */
function composed(stack: OrgStack): void {
  const role = (id: string) => new IamRole(stack, id, { name: id, assumeRolePolicy: trust });
  const service = new AuthDivision(stack, "service", { name: "Service" });
  const sales = new DataGenesyscloudAuthDivision(stack, "sales", { name: "Sales" });
  const queue = new RoutingQueue(stack, "enquiries", { name: "Enquiries" });
  const supervisor = new DataGenesyscloudAuthRole(stack, "supervisor", { name: "Supervisor" });
  const client = new OAuthClientWithOffloadedSecret(stack, "crm-sync", {
    name: "crm-sync",
    permissions: [
      ...permissions,
      {
        domain: "recording",
        entity: "recording",
        actions: ["view"],
        conditions: {
          conjunction: "AND",
          terms: [
            {
              variable: "Conversation.queues",
              operator: "IN",
              operands: [{ type: "QUEUE", queueId: queue.id }],
            },
          ],
        },
      },
    ],
    roles: [supervisor.id, "33333333-3333-4333-8333-333333333333"],
    divisions: [service.id, sales.id],
    consumers: [role("crm").arn],
  });
  client.grantRead(role("exporter"));
}

/** A client whose consumer and division are variables. */
function variable(stack: OrgStack): void {
  const text = (id: string, value: string) =>
    new TerraformVariable(stack, id, { type: "string", default: value }).stringValue;
  new OAuthClientWithOffloadedSecret(stack, "crm-sync", {
    name: "crm-sync",
    permissions,
    divisions: [text("division", "11111111-1111-4111-8111-111111111111")],
    consumers: [text("consumer", "arn:aws:iam::222222222222:role/crm")],
  });
}

function inStack(add: (stack: OrgStack) => void, use: (workspace: Workspace) => Promise<void>) {
  const { world, folderOf } = synthesize(registryOf(entry("na-prod", 1)), add);
  return inWorkspace(world, async (workspace) => {
    workspace.useStack(folderOf("na-prod"));
    expect((await workspace.run("init")).code).toBe(0);
    await use(workspace);
  });
}

describeWithTerraform("a stack whose parts refer to each other", () => {
  test("is applied, has nothing left to change, and is destroyed", () =>
    inStack(composed, async (workspace) => {
      const applied = await workspace.run("apply", "-auto-approve");
      expect([applied.code, applied.stderr]).toEqual([0, ""]);
      const second = await workspace.run("plan", "-detailed-exitcode");
      expect([second.code, second.stderr]).toEqual([0, ""]);
      expect((await workspace.run("destroy", "-auto-approve")).code).toBe(0);
      expect(workspace.resources()).toEqual([]);
    }));

  test.each([
    ["consumer=*", "must be the full ARN of one IAM role, without wildcards."],
    ["consumer=arn:aws:iam::111111111111:role/*", "must be the full ARN of one IAM role"],
    ["consumer=arn:aws:iam::111111111111:root", "must be the full ARN of one IAM role"],
    ["division=*", "Division 1 of the OAuth client Production-CrmSync must be an id, a UUID."],
  ])("is refused with %s, which would open something", (value, message) =>
    inStack(variable, async (workspace) => {
      expect((await workspace.run("plan")).code).toBe(0);
      const refused = await workspace.run("plan", `-var=${value}`);
      expect(refused.code).toBe(1);
      expect(refused.stderr.replaceAll(/[\s│]+/g, " ")).toContain(message);
    }),
  );
});
