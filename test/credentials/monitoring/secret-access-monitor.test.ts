import { Lazy } from "cdktf";
import { alertOf } from "../../../lib/credentials/monitoring/alert-texts";
import { patternJson } from "../../../lib/credentials/monitoring/event-patterns";
import { ACCESS_EVENTS, CLIENT_EVENT } from "../../../lib/registry/monitoring-names";
import { matchesPattern } from "../../support/aws-events/match-pattern";
import { call, EVENT_BUS, session } from "./events";
import { CLIENT, patternOf, SECRET_ENTRY, watchedStack } from "./watched-stack";

const TOPIC = "arn:aws:sns:us-east-1:111111111111:genesys-alerts-production";
const RULE = "aws_cloudwatch_event_rule";
const rule = (event: string) => [RULE, "name", `genesys-na-prod.${event}`] as const;

test("an org without monitoring has no alerts and no dashboard", () => {
  const { all } = watchedStack({ monitoring: undefined }).synth();
  expect(all(RULE).map(({ name }) => name)).toEqual(["genesys-na-prod-reconciler"]);
  expect(all("aws_cloudwatch_dashboard")).toEqual([]);
});

test("an org with monitoring has a rule for each event, whose target is its environment's topic", () => {
  const { all } = watchedStack().synth();
  const names = ACCESS_EVENTS.map((event) => `genesys-na-prod.${event}`);
  const alerts = all("aws_cloudwatch_event_target").filter(({ arn }) => arn === TOPIC);
  expect(all(RULE).map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  expect(alerts).toHaveLength(names.length);
});

test("rules about reads have the state without which EventBridge drops reads", () => {
  const { all } = watchedStack().synth();
  const reads = all(RULE).filter(
    ({ state }) => state === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
  );
  expect(reads.map(({ name }) => name)).toEqual([
    "genesys-na-prod.access-denied",
    "genesys-na-prod.unexpected-read",
  ]);
});

describe("a read is expected", () => {
  const alerts = (block: Readonly<Record<string, unknown>>, role: string) =>
    matchesPattern(patternOf(block), call("GetSecretValue", session(role)));

  test("of the roles that read the org's own credentials, where they are in Secrets Manager", () => {
    const credentials = {
      source: "aws-secrets-manager",
      operators: ["arn:aws:iam::111111111111:role/operator"],
    } as const;
    const { named } = watchedStack({ vault: undefined, credentials }).synth();
    const block = named(...rule("unexpected-read"));
    const own = ["operator", "genesys-na-prod-state-writer", "genesys-na-prod-state-reader"];
    expect(own.filter((role) => alerts(block, role))).toEqual([]);
    expect(alerts(block, "stranger")).toBe(true);
    const write = patternOf(named(...rule("value-changed")));
    const puts = (role: string) => matchesPattern(write, call("PutSecretValue", session(role)));
    expect([puts("operator"), puts("stranger")]).toEqual([false, true]);
  });

  test("of consumers, the rotation's roles and break-glass roles, and of nobody else", () => {
    const breakGlassRoles = ["arn:aws:iam::111111111111:role/break-glass"];
    const { named } = watchedStack({ breakGlassRoles }).synth();
    const block = named(...rule("unexpected-read"));
    for (const role of [
      "crm-sync",
      "break-glass",
      "genesys-na-prod-rotator",
      "genesys-na-prod-reconciler",
    ]) {
      expect([role, alerts(block, role)]).toEqual([role, false]);
    }
    for (const role of ["payroll", "genesys-na-prod-state-writer", "genesys-na-rotator"]) {
      expect([role, alerts(block, role)]).toEqual([role, true]);
    }
  });

  test("of the consumers of a credential that is no OAuth client, also before its stack has it", () => {
    const { named } = watchedStack({ secrets: [SECRET_ENTRY] }).synth();
    expect(alerts(named(...rule("unexpected-read")), "tickets")).toBe(false);
  });

  test("of a role that is granted it after the monitor was created", () => {
    const { synth, grantRead } = watchedStack();
    grantRead();
    const pattern = JSON.stringify(patternOf(synth().named(...rule("unexpected-read"))));
    expect(pattern).toContain("${aws_iam_role.reader.arn}");
  });

  test("of any role of a common path, where the registry names it", () => {
    const expectedReaders = ["arn:aws:iam::111111111111:role/consumers/*"];
    const { named } = watchedStack({ monitoring: { expectedReaders } }).synth();
    const block = named(...rule("unexpected-read"));
    expect(alerts(block, "consumers/any")).toBe(false);
    expect(alerts(block, "crm-sync")).toBe(true);
  });
});

describe("a pattern that EventBridge would refuse", () => {
  const consumers = (count: number) =>
    Array.from({ length: count }, (_, index) => `arn:aws:iam::111111111111:role/consumer-${index}`);
  const synth = (count: number) => () =>
    watchedStack({ oauthClients: [{ ...CLIENT, consumers: consumers(count) }] }).synth();

  test("stops synth, and names the way out", () => {
    expect(synth(24)).not.toThrow();
    expect(synth(40)).toThrow(
      /^na-prod: the event pattern of unexpected-read has 2\d{3} characters, and EventBridge takes 2048: it names too many roles\. Give the consumers a common path in IAM, and set monitoring\.expectedReaders to it, such as \["arn:aws:iam::111111111111:role\/genesys-consumers\/\*"\]$/,
    );
  });

  test("counts a token as an ARN of 100 characters", () => {
    const pattern = (roles: string[]) => ({ role: [{ "anything-but": roles }] });
    const tokens = (count: number) =>
      Array.from({ length: count }, (_, index) => `$TOKEN[${index}]`);
    const json = (count: number) => () =>
      patternJson("na", "unexpected-read", pattern(tokens(count)), tokens(count));
    expect(json(19)).not.toThrow();
    expect(json(20)).toThrow("has 2089 characters");
  });
});

describe("what is wrong in code", () => {
  test("is one clear error", () => {
    expect(() => watchedStack({}, { topicArn: "on-call", masterClientId: "master" })).toThrow(
      [
        'na-prod, monitoring: topicArn is "on-call": give the full ARN of an SNS topic, which is not a FIFO topic [alert-topic]',
        `na-prod, monitoring: masterClientId is "master": give the id of the master's OAuth client, a UUID [master-client-id]`,
      ].join("\n"),
    );
  });

  test("is not a topic that Terraform knows", () => {
    const topicArn = Lazy.stringValue({ produce: () => "${aws_sns_topic.alerts.arn}" });
    const { synth } = watchedStack({}, { topicArn });
    expect(synth().named("aws_cloudwatch_event_target", "target_id", "alert").arn).toBe(
      "${aws_sns_topic.alerts.arn}",
    );
  });
});

test("changes of OAuth clients are events of the org's partner bus", () => {
  const { all, named } = watchedStack({ monitoring: { genesysEventBus: EVENT_BUS } }).synth();
  const block = named(...rule(CLIENT_EVENT));
  expect(block.event_bus_name).toBe(EVENT_BUS);
  expect(patternOf(block).source).toEqual([EVENT_BUS]);
  expect(all("aws_cloudwatch_event_target")).toContainEqual(
    expect.objectContaining({ event_bus_name: EVENT_BUS, arn: TOPIC }),
  );
});

test.each(["unexpected-read", "value-changed"] as const)(
  "%s says how to replace each kind of credential: revoke is for OAuth clients alone",
  (event) => {
    expect(JSON.parse(alertOf("na-prod", event).inputTemplate)).toContain(
      "for an OAuth client, run 'genesys-orgs revoke na-prod CREDENTIAL'; replace any other secret at its provider, and put the new value",
    );
  },
);

describe.each([...ACCESS_EVENTS, CLIENT_EVENT] as const)("the alert %s", (event) => {
  const { inputPaths, inputTemplate } = alertOf("na-prod", event);
  const text = JSON.parse(inputTemplate);

  test("has each value that it names, and no other: EventBridge refuses both", () => {
    const names = [...text.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect([...new Set(names)].sort()).toEqual(Object.keys(inputPaths).sort());
  });

  test("names the org, and says what to do in a second sentence", () => {
    expect(text).toMatch(/^na-prod: .+\. .+\.$/);
    expect(inputTemplate.length).toBeLessThan(8192);
  });
});
