import { logFilters } from "../../../lib/credentials/monitoring/log-filters";
import { secretArnPrefixesOf } from "../../../lib/rotation/rotation-names";
import { changed } from "../../support/aws-events/changed";
import { matchesFilter } from "../../support/aws-events/match-filter";
import { sampleOrg } from "../../support/sample-org";
import { call, denied, SECRET, SECRET_ARN, session, user } from "./events";
import { CLIENT, SECRET_ENTRY, watchedStack } from "./watched-stack";

const PREFIX = "/genesys/production/na-prod/";
const FILTERS = logFilters({
  secretPrefixes: [PREFIX],
  secretArnPrefixes: [`arn:aws:secretsmanager:us-east-1:111111111111:secret:${PREFIX}`],
});
const OTHER = "/genesys/production/na-prod-2/crm-sync";
const BY_ARN = { requestParameters: { secretId: SECRET_ARN } };
const read = call("GetSecretValue", session("crm-sync")).detail;
const refused = denied(user("alice"), null).detail;

test.each([
  ["reads", "a consumer's read by name", read, true],
  ["reads", "a read by ARN", call("GetSecretValue", user("alice"), BY_ARN).detail, true],
  ["reads", "a read that failed", changed(read, "errorCode", "AccessDenied"), false],
  ["reads", "another call", changed(read, "eventName", "DescribeSecret"), false],
  ["reads", "another service", changed(read, "eventSource", "ssm.amazonaws.com"), false],
  ["reads", "a secret of another org", changed(read, "requestParameters.secretId", OTHER), false],
  ["denials", "a denied call without parameters", refused, true],
  ["denials", "a denied call by name", denied(user("alice"), { secretId: SECRET }).detail, true],
  ["denials", "a call that succeeded", changed(refused, "errorCode", undefined), false],
  ["denials", "another error", changed(refused, "errorCode", "ResourceNotFoundException"), false],
  ["denials", "another service", changed(refused, "eventSource", "ssm.amazonaws.com"), false],
  [
    "denials",
    "a secret of another org",
    changed(refused, "errorMessage", `not authorized on resource: ${OTHER} because`),
    false,
  ],
] as const)("%s counts %s: %#", (metric, _what, event, counted) => {
  expect(matchesFilter(FILTERS[metric], event)).toBe(counted);
});

test("the longest names fit: AWS allows 1,024 characters", () => {
  const org = sampleOrg("na-prod", { environment: "development", project: "p".repeat(60) });
  const filters = logFilters({
    secretPrefixes: org.secretPrefixes,
    secretArnPrefixes: secretArnPrefixesOf(org),
  });
  for (const pattern of Object.values(filters)) expect(pattern.length).toBeLessThan(900);
});

describe("with the log group of a trail", () => {
  const alarms = (sensitivity: "critical" | "low", monitoring: object = {}) =>
    watchedStack({
      oauthClients: [
        { ...CLIENT, classification: { sensitivity } },
        { ...CLIENT, name: "report", classification: { sensitivity: "low" } },
      ],
      monitoring: { trailLogGroup: "trail", ...monitoring },
    }).synth();
  const alarm = (name: string) =>
    ["aws_cloudwatch_metric_alarm", "alarm_name", `genesys-na-prod-${name}`] as const;

  test("the limits depend on the highest sensitivity of a credential", () => {
    const limits = (["critical", "low"] as const).map((sensitivity) => {
      const { named } = alarms(sensitivity);
      return ["reads-many", "denials-many"].map((name) => named(...alarm(name)).threshold);
    });
    expect(limits).toEqual([
      [600, 3],
      [6000, 20],
    ]);
  });

  test("the limits depend on credentials that are no OAuth clients as well", () => {
    const { named } = watchedStack({
      oauthClients: [{ ...CLIENT, classification: { sensitivity: "low" } }],
      secrets: [SECRET_ENTRY],
      monitoring: { trailLogGroup: "trail" },
    }).synth();
    expect(named(...alarm("denials-many")).threshold).toBe(3);
  });

  test("the number of reads can be given", () => {
    const { named } = alarms("critical", { mostReadsAnHour: 5000 });
    expect(named(...alarm("reads-many")).threshold).toBe(5000);
  });

  test("an unusual number is one above a band, which needs no threshold of its own", () => {
    expect(alarms("critical").named(...alarm("reads-unusual"))).toMatchObject({
      comparison_operator: "GreaterThanUpperThreshold",
      threshold_metric_id: "usual",
      metric_query: [
        { id: "reads", return_data: true, metric: { metric_name: "genesys-na-prod-reads" } },
        { id: "usual", return_data: true, expression: "ANOMALY_DETECTION_BAND(reads, 2)" },
      ],
    });
  });

  test("each metric is counted in that log group, under the name of its alarm's metric", () => {
    const filters = alarms("low").all("aws_cloudwatch_log_metric_filter");
    expect(filters).toMatchObject([
      { name: "genesys-na-prod-denials", log_group_name: "trail" },
      { name: "genesys-na-prod-reads", log_group_name: "trail" },
    ]);
  });
});
