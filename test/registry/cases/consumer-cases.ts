import type { BadRegistry } from "../patched";

const CONSUMER = "orgs/0/oauthClients/0/consumers/0";
const role = (name: string) => `arn:aws:iam::111111111111:role/${name}`;

/** Consumers of credentials, and roles for emergencies. */
export const CONSUMER_CASES: readonly BadRegistry[] = [
  {
    what: "a consumer that the registry does not have",
    patch: { consumers: [{ name: "crm-sync", role: role("crm") }], [CONSUMER]: "crm-snyc" },
    problems: [
      'na-prod: oauthClients[0].consumers[0] is "crm-snyc": did you mean crm-sync? [consumer-unknown]',
    ],
  },
  {
    what: "a consumer like no other",
    patch: { consumers: [{ name: "crm-sync", role: role("crm") }], [CONSUMER]: "wfm" },
    problems: [
      'na-prod: oauthClients[0].consumers[0] is "wfm": use one of crm-sync, or the ARN of an IAM role [consumer-unknown]',
    ],
  },
  {
    what: "a consumer by name, in a registry without consumers",
    patch: { [CONSUMER]: "crm-sync" },
    problems: [
      'na-prod: oauthClients[0].consumers[0] is "crm-sync": add it to consumers of the registry, or give the ARN of an IAM role [consumer-unknown]',
    ],
  },
  {
    what: "two consumers with one role",
    patch: {
      consumers: [
        { name: "crm", role: role("crm") },
        { name: "wfm", role: role("crm") },
      ],
    },
    problems: [
      'consumer crm, consumer wfm: role is "arn:aws:iam::111111111111:role/crm" in both: give each workload a role of its own, or one of them can read the credentials of the other [consumer-role-shared]',
    ],
  },
  {
    what: "a consumer with a user for its role",
    patch: { consumers: [{ name: "crm", role: "arn:aws:iam::111111111111:user/crm" }] },
    problems: [
      'consumer crm: role is "arn:aws:iam::111111111111:user/crm": give the full ARN of an IAM role, without wildcards [consumer]',
    ],
  },
  {
    what: "a consumer whose role is of another partition",
    patch: {
      consumers: [{ name: "crm", role: "arn:aws-us-gov:iam::111111111111:role/crm" }],
      [CONSUMER]: "crm",
    },
    problems: [
      'na-prod: oauthClients[0].consumers[0] is "arn:aws-us-gov:iam::111111111111:role/crm": begin it with arn:aws: to match aws.region [arn-partition]',
    ],
  },
  {
    what: "consumers that are not a list",
    patch: { consumers: { crm: role("crm") } },
    problems: ["registry: consumers is an object: give a list of consumers [type]"],
  },
  {
    what: "a role for emergencies with a wildcard",
    patch: { "orgs/0/breakGlassRoles": [role("*")] },
    problems: [
      'na-prod: breakGlassRoles[0] is "arn:aws:iam::111111111111:role/*": give the full ARN of an IAM role, without wildcards [break-glass-role]',
    ],
  },
];
