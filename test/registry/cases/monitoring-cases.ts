import type { BadRegistry } from "../patched";

/** How one org is watched, each wrong by itself. */
export const MONITORING_CASES: readonly BadRegistry[] = [
  {
    what: "a FIFO topic",
    patch: { "orgs/0/monitoring": { topicArn: "arn:aws:sns:us-east-1:111111111111:a.fifo" } },
    problems: [
      'na-prod: monitoring.topicArn is "arn:aws:sns:us-east-1:111111111111:a.fifo": give the full ARN of an SNS topic, which is not a FIFO topic [alert-topic]',
    ],
  },
  {
    what: "a topic of another region",
    patch: { "orgs/0/monitoring": { topicArn: "arn:aws:sns:eu-west-1:111111111111:alerts" } },
    problems: [
      'na-prod: monitoring.topicArn is "arn:aws:sns:eu-west-1:111111111111:alerts": name a topic of aws.account and aws.region, which are 111111111111 and us-east-1: a rule sends its alerts to no other [alert-topic-place]',
    ],
  },
  {
    what: "the ARN of a log group",
    patch: {
      "orgs/0/monitoring": { trailLogGroup: "arn:aws:logs:us-east-1:111111111111:log-group:trail" },
    },
    problems: [
      'na-prod: monitoring.trailLogGroup is "arn:aws:logs:us-east-1:111111111111:log-group:trail": give the name of the log group, not its ARN [log-group]',
    ],
  },
  {
    what: "no reads at all",
    patch: { "orgs/0/monitoring": { mostReadsAnHour: 0 } },
    problems: [
      "na-prod: monitoring.mostReadsAnHour is 0: give a whole number of reads from 1 to 100000000 [reads-an-hour]",
    ],
  },
  {
    what: "readers of any account",
    patch: { "orgs/0/monitoring": { expectedReaders: ["*", "arn:aws:iam::*:role/reader"] } },
    problems: [
      'na-prod: monitoring.expectedReaders[0] is "*": give the ARN of an IAM role, with an account, in which * stands for any text [expected-reader]',
      'na-prod: monitoring.expectedReaders[1] is "arn:aws:iam::*:role/reader": give the ARN of an IAM role, with an account, in which * stands for any text [expected-reader]',
    ],
  },
  {
    what: "no readers",
    patch: { "orgs/0/monitoring": { expectedReaders: [] } },
    problems: [
      "na-prod: monitoring.expectedReaders is an empty list: name at least one role, or every read is an alert [expected-reader]",
    ],
  },
  {
    what: "the default event bus",
    patch: { "orgs/0/monitoring": { genesysEventBus: "default" } },
    problems: [
      'na-prod: monitoring.genesysEventBus is "default": give the name of the partner event bus, which begins with aws.partner/genesys.com/ [event-bus]',
    ],
  },
  {
    what: "the master's name in place of its id",
    patch: { "orgs/0/monitoring": { masterClientId: "master" } },
    problems: [
      `na-prod: monitoring.masterClientId is "master": give the id of the master's OAuth client, a UUID [master-client-id]`,
    ],
  },
];
