import type { Construct } from "constructs";
import { AccessStack, type Org, OrgStateAccess } from "../lib";

/** The state access of one organisation of this deployment: its resources in its state home. */
export class OrgStateAccessStack extends AccessStack {
  constructor(scope: Construct, org: Org) {
    super(scope, org);
    new OrgStateAccess(this, "access", { org });
  }
}
