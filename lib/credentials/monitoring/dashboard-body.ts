import type { Org } from "../../registry/model";
import {
  ACCESS_ALARMS,
  ACCESS_EVENTS,
  accessAlarmNameOf,
  accessMetricNameOf,
  eventRuleNameOf,
} from "../../registry/monitoring-names";
import { alarmsOf, NAMESPACE } from "../../rotation/constructs/rotation-alarms";
import {
  alarmNameOf,
  arnOf,
  functionNameOf,
  ROTATION_ALARMS,
  ROTATION_FUNCTIONS,
} from "../../rotation/rotation-names";
import { ACCESS_NAMESPACE } from "./access-alarms";

/** A part of a dashboard (CloudWatch, "Dashboard body structure and syntax"). */
export interface Widget {
  readonly type: "text" | "alarm" | "metric";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a dashboard shows. */
export interface DashboardBody {
  readonly widgets: readonly Widget[];
}

type Sized = Omit<Widget, "x" | "y">;
type Metric = readonly unknown[];

const WIDTH = 24;
const MINUTES = 60;

/** Returns the dashboard of an org: its alarms by their names, each with its metric, and its accesses. */
export function dashboardBody(org: Org): DashboardBody {
  const { region } = org.aws;
  const graph = (title: string, metrics: readonly Metric[], rest: object = {}): Sized => ({
    type: "metric",
    width: 6,
    height: 5,
    properties: {
      title,
      region,
      view: "timeSeries",
      stat: "Sum",
      period: 5 * MINUTES,
      metrics,
      ...rest,
    },
  });
  const watched = org.monitoring?.trailLogGroup !== undefined;
  const alarms = [
    ...ROTATION_ALARMS.map((alarm) => alarmNameOf(org, alarm)),
    ...(watched ? ACCESS_ALARMS.map((alarm) => accessAlarmNameOf(org, alarm)) : []),
  ];
  const ours = (metric: string): Metric => [NAMESPACE, metric, "Org", org.name];
  const rules = ACCESS_EVENTS.map((event) => [event, eventRuleNameOf(org, event)] as const);
  const access = (metric: "reads" | "denials") => {
    const name = accessMetricNameOf(org, metric);
    return graph(metric, [[ACCESS_NAMESPACE, name, { label: metric }]], { period: 15 * MINUTES });
  };
  return placed([
    {
      type: "text",
      width: WIDTH,
      height: 2,
      properties: {
        markdown: `# ${org.name}\n${org.environment}, owner ${org.owner}. The description of each alarm says what to do.`,
      },
    },
    {
      type: "alarm",
      width: WIDTH,
      height: 4,
      properties: {
        title: "alarms",
        alarms: alarms.map((name) => arnOf(org, "cloudwatch", `alarm:${name}`)),
      },
    },
    ...Object.entries(alarmsOf(org)).map(([name, alarm]) => {
      const { namespace, metricName, dimensions, statistic: stat, period, threshold } = alarm;
      const dimension = Object.entries(dimensions ?? {}).flat();
      return graph(name, [[namespace, metricName, ...dimension]], {
        stat,
        period,
        annotations: { horizontal: [{ label: "alarm", value: threshold }] },
      });
    }),
    graph("credentials", [ours("ManagedClients"), ours("OrphanedClients")], {
      stat: "Maximum",
      period: 60 * MINUTES,
    }),
    graph("oldest credential in days", [ours("OldestCredentialDays")], {
      stat: "Maximum",
      period: 60 * MINUTES,
    }),
    graph(
      "functions",
      ROTATION_FUNCTIONS.flatMap((part) =>
        ["Errors", "Throttles"].map((metric) => [
          "AWS/Lambda",
          metric,
          "FunctionName",
          functionNameOf(org, part),
        ]),
      ),
    ),
    graph(
      "alerts",
      rules.map(([label, rule]) => ["AWS/Events", "TriggeredRules", "RuleName", rule, { label }]),
    ),
    graph(
      "alerts that were not delivered",
      rules.map(([label, rule]) => [
        "AWS/Events",
        "FailedInvocations",
        "RuleName",
        rule,
        { label },
      ]),
    ),
    ...(watched ? [access("reads"), access("denials")] : []),
  ]);
}

/** Places widgets in rows, from left to right. */
function placed(widgets: readonly Sized[]): DashboardBody {
  let [x, y, rowHeight] = [0, 0, 0];
  return {
    widgets: widgets.map((widget) => {
      if (x + widget.width > WIDTH) [x, y, rowHeight] = [0, y + rowHeight, 0];
      const at = { ...widget, x, y };
      x += widget.width;
      rowHeight = Math.max(rowHeight, widget.height);
      return at;
    }),
  };
}
