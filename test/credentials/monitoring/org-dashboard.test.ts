import { dashboardBody } from "../../../lib/credentials/monitoring/dashboard-body";
import { sampleOrg } from "../../support/sample-org";
import { watchedStack } from "./watched-stack";

const titles = (monitoring: object) =>
  dashboardBody(sampleOrg("na-prod", { monitoring })).widgets.map(
    ({ type, properties }) => properties.title ?? type,
  );

const WIDGETS = [
  "text",
  "alarms",
  "rotation-failed",
  "rotation-unfinished",
  "rotation-off",
  "rotation-overdue",
  "client-lost",
  "unproven-clients",
  "credential-refused",
  "reconciler-silent",
  "clients",
  "dead-letters",
  "credentials",
  "oldest credential in days",
  "functions",
  "alerts",
  "alerts that were not delivered",
];

test("a dashboard has a widget for each alarm, with the alarm's name", () => {
  expect(titles({})).toEqual(WIDGETS);
});

test("with the log group of a trail, it has the number of accesses as well", () => {
  expect(titles({ trailLogGroup: "trail" })).toEqual([...WIDGETS, "reads", "denials"]);
});

test("it shows the alarms of the stack, and no other", () => {
  const monitoring = { trailLogGroup: "trail" };
  const { all } = watchedStack({ monitoring }).synth();
  const names = all("aws_cloudwatch_metric_alarm").map(({ alarm_name }) => alarm_name);
  const [dashboard] = all("aws_cloudwatch_dashboard");
  const { widgets } = JSON.parse(String(dashboard?.dashboard_body)) as ReturnType<
    typeof dashboardBody
  >;
  const shown = widgets.flatMap(({ properties }) => (properties.alarms ?? []) as string[]);
  expect(shown.map((arn) => arn.split(":").at(-1)).sort()).toEqual(names.sort());
  expect(dashboard?.dashboard_name).toBe("genesys-na-prod");
});

test("no two widgets lie on one another, and all are within the width of 24", () => {
  const { widgets } = dashboardBody(sampleOrg("na-prod", { monitoring: { trailLogGroup: "t" } }));
  const cells = widgets.flatMap(({ x, y, width, height }) =>
    Array.from(
      { length: width * height },
      (_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`,
    ),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24);
});
