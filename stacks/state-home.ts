import type { Construct } from "constructs";
import { AlertTopic, type Home, HomeStack, type Org, StateHome } from "../lib";

/** A state home of this deployment, with the topics of the alerts in its account and region. */
export class StateHomeStack extends HomeStack {
  constructor(scope: Construct, home: Home, orgs: readonly Org[]) {
    super(scope, home);
    new StateHome(this, "home", { home, orgs });
    for (const org of orgs) {
      const here = org.aws.account === home.account && org.aws.region === home.region;
      if (org.monitoring && here) AlertTopic.of(this, org);
    }
  }
}
