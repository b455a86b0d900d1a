import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Org } from "../../registry/model";
import { dashboardNameOf } from "../../registry/monitoring-names";
import { orgFor } from "../../stack/org-of-stack";
import { dashboardBody } from "./dashboard-body";

/** Properties of an {@link OrgDashboard}. */
export interface OrgDashboardProps {
  /** @default - the organisation of the stack */
  readonly org?: Org;
}

/**
 * The CloudWatch dashboard of one org, `genesys-<org>`: its alarms, the metrics behind them, and the accesses
 * to its secrets. An org with `monitoring` in the registry has one in its stack.
 */
export class OrgDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OrgDashboardProps = {}) {
    super(scope, id);
    const org = orgFor(this, props.org);
    new CloudwatchDashboard(this, "Resource", {
      dashboardName: dashboardNameOf(org),
      dashboardBody: JSON.stringify(dashboardBody(org)),
    });
  }
}
