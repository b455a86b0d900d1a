import type { BadRegistry } from "../patched";
import { ORG_KEYS } from "../patched";

/** Owner and tags, and entries that are no entries. */
export const OWNER_CASES: readonly BadRegistry[] = [
  {
    what: "no owner",
    patch: { "orgs/0/owner": undefined },
    problems: [
      "na-prod: owner is missing: name the responsible team or person, in at most 256 letters, digits, spaces or _.:/=+-@ [required]",
    ],
  },
  {
    what: "an owner that a tag cannot hold",
    patch: { "orgs/0/owner": "Team (NA)" },
    problems: [
      'na-prod: owner is "Team (NA)": name the responsible team or person, in at most 256 letters, digits, spaces or _.:/=+-@ [owner]',
    ],
  },
  {
    what: "an owner of spaces",
    patch: { "orgs/0/owner": "  " },
    problems: [
      'na-prod: owner is "  ": name the responsible team or person, in at most 256 letters, digits, spaces or _.:/=+-@ [owner]',
    ],
  },
  {
    what: "a tag key of AWS's own",
    patch: { "orgs/0/tags": { "aws:team": "a" } },
    problems: [
      'na-prod: tags["aws:team"] is not a valid key: use 1 to 128 letters, digits, spaces or _.:/=+-@, not beginning with aws: [tag-key]',
    ],
  },
  {
    what: "a tag value with a character that AWS does not take",
    patch: { "orgs/0/tags/cost-centre": "cc#1" },
    problems: [
      'na-prod: tags.cost-centre is "cc#1": use at most 256 letters, digits, spaces or _.:/=+-@ [tag-value]',
    ],
  },
  {
    what: "a tag value that is a number",
    patch: { "orgs/0/tags/cost-centre": 17 },
    problems: ["na-prod: tags.cost-centre is 17: give text, in quotes [type]"],
  },
  {
    what: "tags as a list",
    patch: { "orgs/0/tags": ["a"] },
    problems: ["na-prod: tags is a list: give an object [type]"],
  },
  {
    what: "an entry that is null",
    patch: { "orgs/2": null },
    problems: [`orgs[2] is null: give an object; possible keys are ${ORG_KEYS} [type]`],
  },
  {
    what: "an entry that is text",
    patch: { "orgs/2": "ap-prod" },
    problems: [`orgs[2] is "ap-prod": give an object; possible keys are ${ORG_KEYS} [type]`],
  },
  {
    what: "an entry that is a list",
    patch: { "orgs/2": [] },
    problems: [`orgs[2] is an empty list: give an object; possible keys are ${ORG_KEYS} [type]`],
  },
  {
    what: "an unknown key",
    patch: { "orgs/0/organisationId": "x" },
    problems: [`na-prod: organisationId is not a known key: use one of ${ORG_KEYS} [unknown-key]`],
  },
  {
    what: "an unknown key deep inside",
    patch: { "orgs/0/vault/adress": "x" },
    problems: [
      "na-prod: vault.adress is not a known key: use one of address, namespace, mount, auth, skipChildToken, deployer, planner, master, broker [unknown-key]",
    ],
  },
];
