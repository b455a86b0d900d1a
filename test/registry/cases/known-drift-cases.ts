import type { BadRegistry } from "../patched";

const KNOWN = {
  address: "genesyscloud_routing_queue.support",
  reason: "supervisors change it during the day",
  until: "2027-03-31",
};
const patch = (change: object) => ({ "orgs/0/knownDrift": [{ ...KNOWN, ...change }] });

/** Known drift, each wrong by itself. */
export const KNOWN_DRIFT_CASES: readonly BadRegistry[] = [
  {
    what: "known drift of every type",
    patch: patch({ address: "*" }),
    problems: [
      'na-prod: knownDrift[0].address is "*": give the object\'s address as Terraform prints it, <type>.<name>, in which * stands for any text but not in the type [drift-address]',
    ],
  },
  {
    what: "known drift of an attribute in another form",
    patch: patch({ attribute: 'tags["owner"] ' }),
    problems: [
      'na-prod: knownDrift[0].attribute is "tags[\\"owner\\"] ": give the attribute\'s path as `genesys-orgs drift` prints it, such as tags.owner, in which * stands for any text [drift-attribute]',
    ],
  },
  {
    what: "known drift without a reason",
    patch: patch({ reason: "todo" }),
    problems: [
      'na-prod: knownDrift[0].reason is "todo": explain in at least 10 characters why the difference is accepted [drift-reason]',
    ],
  },
  {
    what: "known drift until a day that does not exist",
    patch: patch({ until: "2027-02-30" }),
    problems: [
      'na-prod: knownDrift[0].until is "2027-02-30": give the last day as YYYY-MM-DD, such as 2027-03-31 [drift-until]',
    ],
  },
  {
    what: "known drift for ever",
    patch: patch({ until: undefined }),
    problems: [
      "na-prod: knownDrift[0].until is missing: give the last day as YYYY-MM-DD, such as 2027-03-31 [required]",
    ],
  },
];
