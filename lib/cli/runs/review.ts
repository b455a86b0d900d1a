import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import {
  type AttributeChange,
  digestOf,
  type PlannedChange,
} from "../../terraform/changes/planned-changes";
import { providerVersions } from "../../terraform/provider-versions";
import type { OrgStackFolder } from "./for-each-org";
import type { StackPlan } from "./plan-summary";
import { stackDigest } from "./stack-digest";

/** What was reviewed of a stack, and what the review depends on. It has no values. */
export interface Review extends StackPlan {
  readonly version: 1;
  /** SHA-256 of the stack's Terraform JSON and assets. */
  readonly configuration: string;
  /** Versions of the providers by their source. */
  readonly providers: Readonly<Record<string, string>>;
}

/** Returns the review of a plan that was just made in the folder of a stack. */
export const reviewOf = (plan: StackPlan, { folder }: OrgStackFolder): Review => ({
  version: 1,
  ...plan,
  configuration: stackDigest(folder),
  providers: providerVersions(folder),
});

/** Writes the review of each stack into a file of its own, which only this user may read. */
export function writeReviews(folder: string, reviews: readonly Review[]): void {
  mkdirSync(folder, { recursive: true });
  for (const review of reviews) {
    const text = `${JSON.stringify(review, null, 2)}\n`;
    writeFileSync(join(folder, `${review.stack}.json`), text, { mode: 0o600 });
  }
}

/**
 * Reads the reviews in a folder, by stack.
 *
 * @throws UserError if there is no such folder, or a file in it is not a review of the stack that it names
 */
export function readReviews(folder: string): ReadonlyMap<string, Review> {
  if (!existsSync(folder)) {
    throw new UserError(
      `${folder} does not exist: write it with \`genesys-orgs plan --out <folder>\``,
    );
  }
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return new Map(
    names.map((name) => [name.slice(0, -".json".length), readReview(join(folder, name), name)]),
  );
}

function readReview(file: string, name: string): Review {
  const review = parsed(file) as Partial<Review>;
  const refuse = (why: string): never => {
    throw new UserError(`${file} ${why}: plan again with \`genesys-orgs plan --out <folder>\``);
  };
  if (review.version !== 1 || !Array.isArray(review.changes) || !Array.isArray(review.outputs)) {
    return refuse("is not the review of a stack by this version");
  }
  if (`${review.stack}.json` !== name) return refuse(`is the review of ${review.stack}`);
  if (digestOf(review.changes, review.outputs) !== review.digest) {
    return refuse("was changed after the review: its digest is that of other changes");
  }
  return review as Review;
}

function parsed(file: string): object {
  try {
    return Object(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new UserError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
}

/** Returns in words how a fresh review differs from an earlier one. Empty if it does not. */
export function differencesOf(earlier: Review, now: Review): string[] {
  if (earlier.org !== now.org) return [`the review is of the organisation ${earlier.org}`];
  return [
    ...(earlier.configuration === now.configuration
      ? []
      : ["the stack's configuration is not the one that was reviewed"]),
    ...keysOf(earlier.providers, now.providers).flatMap((provider) => {
      const [was, is] = [earlier.providers[provider], now.providers[provider]];
      return was === is
        ? []
        : [`provider ${provider}: reviewed with ${was ?? "none"}, now ${is ?? "none"}`];
    }),
    ...changeDifferences(byAddress(earlier.changes), byAddress(now.changes)),
    ...keysOf(setOf(earlier.outputs), setOf(now.outputs)).flatMap((output) => {
      const [was, is] = [earlier.outputs.includes(output), now.outputs.includes(output)];
      return was === is ? [] : [`output ${output}: ${is ? "changes now" : "no longer changes"}`];
    }),
  ];
}

type Changes = Readonly<Record<string, PlannedChange>>;

function changeDifferences(earlier: Changes, now: Changes): string[] {
  return keysOf(earlier, now).flatMap((address) => {
    const [was, is] = [earlier[address], now[address]];
    if (!was) return [`${address}: ${is?.action} was not reviewed`];
    if (!is) return [`${address}: the reviewed ${was.action} is no longer planned`];
    if (was.action !== is.action) return [`${address}: reviewed ${was.action}, now ${is.action}`];
    const paths = attributeDifferences(was.attributes, is.attributes);
    if (paths.length > 0) return [`${address}: other values than reviewed: ${paths.join(", ")}`];
    return JSON.stringify(was) === JSON.stringify(is)
      ? []
      : [`${address}: another move or reason than reviewed`];
  });
}

function attributeDifferences(
  earlier: readonly AttributeChange[],
  now: readonly AttributeChange[],
): string[] {
  const textsOf = (attributes: readonly AttributeChange[]) =>
    Object.fromEntries(attributes.map((each) => [each.path, JSON.stringify(each)]));
  const [was, is] = [textsOf(earlier), textsOf(now)];
  return keysOf(was, is).filter((path) => was[path] !== is[path]);
}

const byAddress = (changes: readonly PlannedChange[]): Changes =>
  Object.fromEntries(changes.map((change) => [change.address, change]));

const setOf = (names: readonly string[]): Readonly<Record<string, true>> =>
  Object.fromEntries(names.map((name) => [name, true]));

const keysOf = (...records: readonly object[]): string[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
