import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  differencesOf,
  type Review,
  readReviews,
  writeReviews,
} from "../../../lib/cli/runs/review";
import { digestOf, type PlannedChange } from "../../../lib/terraform/changes/planned-changes";
import { temporaryFolder } from "../../support/folders";

const AWS = "registry.terraform.io/hashicorp/aws";
const queue = (more: Partial<PlannedChange> = {}): PlannedChange => ({
  address: "genesyscloud_routing_queue.support",
  type: "genesyscloud_routing_queue",
  action: "update",
  attributes: [{ path: "name", before: "1", after: "2" }],
  ...more,
});
const reviewOf = (changes: readonly PlannedChange[], more: Partial<Review> = {}): Review => {
  const outputs = more.outputs ?? [];
  return {
    version: 1,
    org: "na-prod",
    stack: "org-na-prod",
    changes,
    outputs,
    weakened: [],
    digest: digestOf(changes, outputs),
    configuration: "c",
    providers: { [AWS]: "6.26.0" },
    ...more,
  };
};

test("the same plan does not differ", () => {
  expect(differencesOf(reviewOf([queue()]), reviewOf([queue()]))).toEqual([]);
});

test.each<[string, Review, string[]]>([
  [
    "another organisation",
    reviewOf([queue()], { org: "eu-prod" }),
    ["the review is of the organisation na-prod"],
  ],
  [
    "another configuration",
    reviewOf([queue()], { configuration: "d" }),
    ["the stack's configuration is not the one that was reviewed"],
  ],
  [
    "another version of a provider",
    reviewOf([queue()], { providers: { [AWS]: "6.27.0" } }),
    [`provider ${AWS}: reviewed with 6.26.0, now 6.27.0`],
  ],
  [
    "a further provider",
    reviewOf([queue()], { providers: { [AWS]: "6.26.0", other: "1.0.0" } }),
    ["provider other: reviewed with none, now 1.0.0"],
  ],
  [
    "a further change",
    reviewOf([queue(), queue({ address: "a.b", action: "delete" })]),
    ["a.b: delete was not reviewed"],
  ],
  [
    "a change that is gone",
    reviewOf([]),
    ["genesyscloud_routing_queue.support: the reviewed update is no longer planned"],
  ],
  [
    "another action",
    reviewOf([queue({ action: "replace" })]),
    ["genesyscloud_routing_queue.support: reviewed update, now replace"],
  ],
  [
    "another value before or after",
    reviewOf([queue({ attributes: [{ path: "name", before: "3", after: "2" }] })]),
    ["genesyscloud_routing_queue.support: other values than reviewed: name"],
  ],
  [
    "another reason",
    reviewOf([queue({ reason: "replace_by_request" })]),
    ["genesyscloud_routing_queue.support: another move or reason than reviewed"],
  ],
  ["an output", reviewOf([queue()], { outputs: ["url"] }), ["output url: changes now"]],
])("%s is a difference", (_, now, differences) => {
  expect(differencesOf(reviewOf([queue()]), now)).toEqual(differences);
});

test("reviews are written and read again, and a changed or swapped file is refused", () => {
  const folder = temporaryFolder();
  const review = reviewOf([queue()]);
  writeReviews(folder, [review]);
  expect(readReviews(folder)).toEqual(new Map([["org-na-prod", review]]));
  const file = join(folder, "org-na-prod.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace('"update"', '"delete"'));
  expect(() => readReviews(folder)).toThrow("was changed after the review");
  writeFileSync(file, text.replace('"org-na-prod"', '"org-eu-prod"'));
  expect(() => readReviews(folder)).toThrow("is the review of org-eu-prod");
  writeFileSync(file, "{}");
  expect(() => readReviews(folder)).toThrow("is not the review of a stack by this version");
  writeFileSync(file, "{");
  expect(() => readReviews(folder)).toThrow("is not valid JSON");
  expect(() => readReviews(join(folder, "none"))).toThrow("genesys-orgs plan --out <folder>");
});
