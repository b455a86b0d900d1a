import type { BadRegistry } from "../patched";

const IGNORED = { type: "queues", reason: "each has its own phone numbers" };
const patch = (change: object) => ({ "orgs/0/ignoredDifferences": [{ ...IGNORED, ...change }] });

/** Ignored differences, each wrong by itself. */
export const IGNORED_DIFFERENCE_CASES: readonly BadRegistry[] = [
  {
    what: "ignored differences of a type of Terraform",
    patch: patch({ type: "genesyscloud_routing_queue" }),
    problems: [
      'na-prod: ignoredDifferences[0].type is "genesyscloud_routing_queue": give the type of the objects as `genesys-orgs compare` prints it, such as queues [difference-type]',
    ],
  },
  {
    what: "ignored differences of an argument in another form",
    patch: patch({ attribute: ".description" }),
    problems: [
      'na-prod: ignoredDifferences[0].attribute is ".description": give the argument\'s path as `genesys-orgs compare` prints it, such as media_settings_call, in which * stands for any text [difference-attribute]',
    ],
  },
  {
    what: "ignored differences of objects without a name",
    patch: patch({ name: " " }),
    problems: [
      'na-prod: ignoredDifferences[0].name is " ": give the object\'s name as `genesys-orgs compare` prints it, in which * stands for any text [difference-name]',
    ],
  },
  {
    what: "ignored differences without a reason",
    patch: patch({ reason: undefined }),
    problems: [
      "na-prod: ignoredDifferences[0].reason is missing: explain in at least 10 characters why the difference is ignored [required]",
    ],
  },
];
