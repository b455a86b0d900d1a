import { isAllowed } from "../support/policies/evaluate";
import type { Deployment } from "./deployment";
import { principals, type Who } from "./principals";
import { accountOf, policyHolderOf } from "./resources";

export const ALLOWED = true;
export const DENIED = false;

type Context = Readonly<Record<string, string | string[]>>;

/** A request of each principal for each action, AWS's answer, and why that is right. */
export type Line = readonly [
  who: Who | readonly Who[],
  actions: string | readonly string[],
  resource: string,
  context: Context,
  expected: boolean,
  why: string,
];

/** Requests about one kind of resource. */
export interface Group {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** One request to AWS. */
export interface Attack {
  readonly who: Who;
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
  readonly expected: boolean;
  readonly why: string;
}

/** Returns the single requests of a group. */
export const attacksOf = ({ lines }: Group): Attack[] =>
  lines.flatMap(([who, actions, resource, context, expected, why]) =>
    [who].flat().flatMap((one) =>
      [actions].flat().map((action) => ({
        who: one as Who,
        action,
        resource,
        context,
        expected,
        why,
      })),
    ),
  );

/** Returns AWS's answers to requests, by the policies of the synthesized stacks. */
export function answering(deployment: Deployment): (attack: Attack) => Promise<boolean> {
  const people = principals(deployment);
  return ({ who, action, resource, context }) =>
    isAllowed(
      people[who],
      {
        action,
        resource,
        account: accountOf(resource),
        context: action.startsWith("s3:") ? { "aws:SecureTransport": "true", ...context } : context,
      },
      deployment.resourcePolicies.get(policyHolderOf(resource)),
    );
}
