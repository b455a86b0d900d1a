import type { Environment, Org } from "./model";
import { partitionOf } from "./names";

// Names of what watches the accesses to an org's secrets.

/** The events in CloudTrail of which an alert tells, by the names of their rules. */
export const ACCESS_EVENTS = [
  "unexpected-read",
  "access-denied",
  "secret-deleted",
  "policy-changed",
  "rotation-cancelled",
  "value-changed",
  "replica-stopped",
  "rotation-unsuccessful",
] as const;
export type AccessEvent = (typeof ACCESS_EVENTS)[number];

/** The event of Genesys Cloud of which an alert tells. */
export const CLIENT_EVENT = "client-changed";

/** Alarms about the number of accesses. */
export const ACCESS_ALARMS = ["reads-unusual", "reads-many", "denials-many"] as const;
export type AccessAlarm = (typeof ACCESS_ALARMS)[number];

/** What is counted in the log of a trail. */
export const ACCESS_METRICS = ["reads", "denials"] as const;
export type AccessMetric = (typeof ACCESS_METRICS)[number];

type Named = Pick<Org, "name">;

/** Beginning of the names of an org's rules. No org's name has a dot, so it begins no other org's. */
export const eventRulePrefixOf = ({ name }: Named): string => `genesys-${name}.`;

export const eventRuleNameOf = (org: Named, event: AccessEvent | typeof CLIENT_EVENT): string =>
  `${eventRulePrefixOf(org)}${event}`;

export const accessAlarmNameOf = ({ name }: Named, alarm: AccessAlarm): string =>
  `genesys-${name}-${alarm}`;

/** Name of a metric and of its filter. A filter cannot give its metric the org as a dimension. */
export const accessMetricNameOf = ({ name }: Named, metric: AccessMetric): string =>
  `genesys-${name}-${metric}`;

export const dashboardNameOf = ({ name }: Named): string => `genesys-${name}`;

/** Name of the topic of an environment's alerts. */
export const alertTopicNameOf = (environment: Environment): string =>
  `genesys-alerts-${environment}`;

/** Returns the ARN of the topic of an environment's alerts, in the account and region of an org's secrets. */
export const alertTopicArnOf = ({
  environment,
  aws: { account, region },
}: {
  readonly environment: Environment;
  readonly aws: Pick<Org["aws"], "account" | "region">;
}): string =>
  `arn:${partitionOf(region)}:sns:${region}:${account}:${alertTopicNameOf(environment)}`;
