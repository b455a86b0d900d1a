import { AssetType, Fn, TerraformAsset } from "cdktf";
import { type Org, OrgStack, type OrgsApp } from "cdktf-genesys-orgs";
import { DataGenesyscloudAuthRole } from "cdktf-genesys-orgs/genesyscloud/data-genesyscloud-auth-role";
import { Flow } from "cdktf-genesys-orgs/genesyscloud/flow";
import { Integration } from "cdktf-genesys-orgs/genesyscloud/integration";
import { IntegrationAction } from "cdktf-genesys-orgs/genesyscloud/integration-action";
import { RoutingEmailDomain } from "cdktf-genesys-orgs/genesyscloud/routing-email-domain";
import { RoutingEmailRoute } from "cdktf-genesys-orgs/genesyscloud/routing-email-route";
import { RoutingQueue } from "cdktf-genesys-orgs/genesyscloud/routing-queue";
import { User } from "cdktf-genesys-orgs/genesyscloud/user";
import { UserRoles } from "cdktf-genesys-orgs/genesyscloud/user-roles";
import type { Settings } from "../settings";

const QUEUES = ["Tickets", "Delays", "Lost property", "Refunds", "General"];
const FALLBACK = "General";

/** Email of passengers, which a triage service sends to the right queue. */
export class EmailTriageStack extends OrgStack {
  constructor(app: OrgsApp, org: Org, settings: Settings) {
    super(app, org);
    const users = this.users(settings);
    const queues = QUEUES.map(
      (name) =>
        new RoutingQueue(this, `queue-${name}`, {
          name,
          acwWrapupPrompt: "MANDATORY_TIMEOUT",
          acwTimeoutMs: 120_000,
          members: users.map(({ id: userId }) => ({ userId, ringNum: 1 })),
        }),
    );
    const action = this.dataAction(settings);
    const file = new TerraformAsset(this, "triage", {
      path: "flows/triage.yaml",
      type: AssetType.FILE,
    });
    const flow = new Flow(this, "triage-flow", {
      filepath: file.path,
      updateTriggerHash: Fn.filesha256(file.path),
      substitutions: { fallback_queue: FALLBACK },
      // The flow names them.
      dependsOn: [action, ...queues],
    });
    const { emailDomain, emailRegion } = settings;
    const domain = new RoutingEmailDomain(this, "domain", {
      domainId: emailDomain,
      subdomain: true,
    });
    const address = `${emailDomain}.${emailRegion}`;
    new RoutingEmailRoute(this, "support", {
      domainId: address,
      pattern: "support",
      fromName: "Example Rail",
      fromEmail: `support@${address}`,
      flowId: flow.id,
      dependsOn: [domain],
    });
  }

  private users({ testUsers }: Settings): User[] {
    const role = new DataGenesyscloudAuthRole(this, "employee", { name: "employee" });
    return testUsers.map(({ id, name, email }) => {
      // Without a password, which would be in the state: the user sets it by the invitation.
      const user = new User(this, id, { name, email, state: "active", acdAutoAnswer: true });
      new UserRoles(this, `${id}-roles`, { userId: user.id, roles: [{ roleId: role.id }] });
      return user;
    });
  }

  private dataAction({ triageUrl, triageCredentialId }: Settings): IntegrationAction {
    const integration = new Integration(this, "triage-service", {
      integrationType: "custom-rest-actions",
      intendedState: "ENABLED",
      config: {
        name: "Triage",
        properties: "{}",
        advanced: "{}",
        credentials: { basicAuth: triageCredentialId },
      },
    });
    const text = { type: "string" };
    return new IntegrationAction(this, "find-topic", {
      integrationId: integration.id,
      category: "Triage",
      name: "Find topic",
      contractInput: JSON.stringify({
        type: "object",
        required: ["Subject", "Text"],
        properties: { Subject: text, Text: text },
      }),
      contractOutput: JSON.stringify({
        type: "object",
        required: ["Topic"],
        properties: { Topic: text },
      }),
      configRequest: {
        requestType: "POST",
        requestUrlTemplate: triageUrl,
        requestTemplate: "$${input.rawRequest}",
        headers: { "X-API-Key": "$${credentials.apiKey}" },
      },
      configResponse: { successTemplate: "$${rawResult}" },
    });
  }
}
