import type { BadRegistry } from "../patched";

/** One field of one org that is wrong by itself. */
export const ENTRY_CASES: readonly BadRegistry[] = [
  {
    what: "no name",
    patch: { "orgs/0/name": undefined },
    problems: [
      "orgs[0]: name is missing: use lower-case words joined by single hyphens, beginning with a letter [required]",
    ],
  },
  {
    what: "a name in capitals",
    patch: { "orgs/0/name": "NA Prod" },
    problems: [
      'NA Prod: name is "NA Prod": use lower-case words joined by single hyphens, beginning with a letter [name]',
    ],
  },
  {
    what: "a name that is too long for the names of roles",
    patch: { "orgs/2/name": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
    problems: [
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: name is "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": use at most 32 characters, so that derived names fit [name]',
    ],
  },
  {
    what: "a name that is a number",
    patch: { "orgs/0/name": 5 },
    problems: ["orgs[0]: name is 5: give text, in quotes [type]"],
  },
  {
    what: "a name that breaks the line",
    patch: { "orgs/2/name": "ap\nprod" },
    problems: [
      `"ap\\nprod": name is "ap\\nprod": use lower-case words joined by single hyphens, beginning with a letter [name]`,
    ],
  },
  {
    what: "an unknown environment",
    patch: { "orgs/0/environment": "prod" },
    problems: [
      'na-prod: environment is "prod": use one of production, staging, development, sandbox [environment]',
    ],
  },
  {
    what: "no environment",
    patch: { "orgs/0/environment": undefined },
    problems: [
      "na-prod: environment is missing: use one of production, staging, development, sandbox [required]",
    ],
  },
  {
    what: "a malformed organisation id",
    patch: { "orgs/0/organizationId": "4f7c1f0a" },
    problems: [
      `na-prod: organizationId is "4f7c1f0a": give the organisation's id in Genesys Cloud, a UUID (not all zeros) [organization-id]`,
    ],
  },
  {
    what: "an organisation id of zeros",
    patch: { "orgs/0/organizationId": "00000000-0000-0000-0000-000000000000" },
    problems: [
      `na-prod: organizationId is "00000000-0000-0000-0000-000000000000": give the organisation's id in Genesys Cloud, a UUID (not all zeros) [organization-id]`,
    ],
  },
  {
    what: "an unknown region of Genesys Cloud",
    patch: { "orgs/0/genesysRegion": "us-east-9" },
    problems: [
      'na-prod: genesysRegion is "us-east-9": use one of us-east-1, us-east-2, us-west-2, ca-central-1, mx-central-1, sa-east-1, eu-west-1, eu-west-2, eu-central-1, eu-central-2, eusc-de-east-1, me-central-1, ap-southeast-1, ap-southeast-2, ap-northeast-1, ap-northeast-2, ap-northeast-3, ap-south-1 [genesys-region]',
    ],
  },
  {
    what: "a project with capitals",
    patch: { "orgs/0/project": "NorthAmerica" },
    problems: [
      'na-prod: project is "NorthAmerica": use lower-case words joined by single hyphens, beginning with a letter [project]',
    ],
  },
  {
    what: "no state home",
    patch: { "orgs/0/state": {} },
    problems: [
      "na-prod: state.home is missing: name the state home that keeps the org's state [required]",
    ],
  },
  {
    what: "no state",
    patch: { "orgs/0/state": undefined },
    problems: [
      "na-prod: state is missing: give an object; possible keys are home, key, lock, ownLockTable, assumedBy, crossAccountRoles [required]",
    ],
  },
  {
    what: "state that is text",
    patch: { "orgs/0/state": "production" },
    problems: [
      'na-prod: state is "production": give an object; possible keys are home, key, lock, ownLockTable, assumedBy, crossAccountRoles [type]',
    ],
  },
  {
    what: "a state key of another form",
    patch: { "orgs/0/state/key": "na-prod.tfstate" },
    problems: [
      'na-prod: state.key is "na-prod.tfstate": use orgs/<folder>/terraform.tfstate [state-key]',
    ],
  },
  {
    what: "a state key that no policy has room for",
    patch: { "orgs/0/state/key": `orgs/na-prod/${"x".repeat(600)}/terraform.tfstate` },
    problems: [
      `na-prod: state.key is "orgs/na-prod/${"x".repeat(66)}…": use at most 256 characters, so that the policies that name it fit [state-key]`,
    ],
  },
  {
    what: "a state key that climbs out of its folder",
    patch: { "orgs/0/state/key": "orgs/../terraform.tfstate" },
    problems: [
      'na-prod: state.key is "orgs/../terraform.tfstate": use orgs/<folder>/terraform.tfstate [state-key]',
    ],
  },
  {
    what: "an unknown lock mode",
    patch: { "orgs/0/state/lock": "dynamo" },
    problems: ['na-prod: state.lock is "dynamo": use one of s3, dynamodb, both [lock-mode]'],
  },
  {
    what: "text in place of true",
    patch: { "orgs/0/state/ownLockTable": "yes" },
    problems: ['na-prod: state.ownLockTable is "yes": give true or false, without quotes [type]'],
  },
];
