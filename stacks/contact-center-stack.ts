import type { Construct } from "constructs";
import { AuthDivision } from "../genesyscloud/auth-division";
import { RoutingQueue } from "../genesyscloud/routing-queue";
import {
  BrokeredOAuthClient,
  ManagedSecret,
  OAuthClientWithOffloadedSecret,
  type Org,
  OrgStack,
} from "../lib";

/** One organisation of this deployment: a division, a queue and its OAuth clients. */
export class ContactCenterStack extends OrgStack {
  constructor(scope: Construct, org: Org) {
    super(scope, org);
    const division = new AuthDivision(this, "service", {
      name: "Service",
      description: "Queues and people of customer service",
    });
    new RoutingQueue(this, "general-enquiries", {
      name: "General enquiries",
      divisionId: division.id,
    });
    for (const client of org.oauthClients) {
      new OAuthClientWithOffloadedSecret(this, client.name, { org, ...client });
    }
    for (const client of org.brokeredClients) {
      new BrokeredOAuthClient(this, client.name, { org, ...client });
    }
    for (const secret of org.secrets) new ManagedSecret(this, secret.name, { secret });
  }
}
