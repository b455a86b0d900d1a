import { runSimulation } from "@cloud-copilot/iam-simulate";

/** A policy document. */
export interface Document {
  readonly Statement: readonly object[];
}

/** Who calls. */
export interface Principal {
  /** ARN of the session, the user or the service, or of the identity provider. */
  readonly arn: string;
  /** What AWS makes of it in a request's context: `aws:PrincipalArn`, the tags. */
  readonly context: Readonly<Record<string, string>>;
  /** The principal's own policies. */
  readonly policies: readonly Document[];
  /** The principal's permissions boundary. */
  readonly boundary?: Document;
}

/** One action on one resource, as an AWS service checks it. */
export interface Check {
  readonly action: string;
  readonly resource: string;
  /** Account of the resource. */
  readonly account: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/**
 * Whether AWS allows it. Evaluated by iam-simulate, which knows the condition keys of every action.
 * A question that was asked before has the same answer.
 *
 * @throws Error when it does not know a key of the request, so that none is left out in silence
 */
export async function isAllowed(
  principal: Principal,
  check: Check,
  resourcePolicy?: Document,
): Promise<boolean> {
  const { arn, context, policies, boundary } = principal;
  const asked = [resourcePolicy, boundary, ...policies].map((policy) => policy && numberOf(policy));
  const question = JSON.stringify([arn, context, check, asked]);
  const answer = answers.get(question) ?? simulate(principal, check, resourcePolicy);
  answers.set(question, answer);
  return answer;
}

const answers = new Map<string, Promise<boolean>>();
const numbers = new WeakMap<Document, number>();
let last = 0;

/** A policy's number: the object itself counts, so a policy must not be changed. */
function numberOf(policy: Document): number {
  const number = numbers.get(policy) ?? ++last;
  numbers.set(policy, number);
  return number;
}

async function simulate(
  principal: Principal,
  check: Check,
  resourcePolicy?: Document,
): Promise<boolean> {
  const { action, resource, account } = check;
  const context = { ...principal.context, ...check.context };
  const { boundary } = principal;
  const result = await runSimulation(
    {
      request: {
        principal: principal.arn,
        action,
        resource: { resource, accountId: account },
        contextVariables: known(context),
      },
      identityPolicies: principal.policies.map((policy, index) => ({
        name: `policy-${index}`,
        policy: prepared(policy),
      })),
      permissionBoundaryPolicies: boundary && [{ name: "boundary", policy: prepared(boundary) }],
      resourcePolicy: resourcePolicy && prepared(resourcePolicy),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType !== "single") throw new Error(JSON.stringify(result));
  const { ignoredContextKeys = [] } = result.result;
  if (ignoredContextKeys.length > 0) {
    throw new Error(`${action}: the evaluator does not know ${ignoredContextKeys.join(", ")}`);
  }
  return result.overallResult === "Allowed";
}

// Keys that AWS documents, and the evaluator does not know for these actions. Each is called by
// another name in the request and in the policies alike: to the evaluation it is a name.
const UNKNOWN = [
  "kms:EncryptionContext:aws:s3:arn",
  "kms:EncryptionContext:aws:dynamodb:tableName",
  "kms:EncryptionContext:aws:logs:arn",
  "kms:EncryptionContext:SecretARN",
  "token.actions.githubusercontent.com:aud",
  "token.actions.githubusercontent.com:sub",
];

function known<Part>(part: Part): Part {
  return JSON.parse(
    UNKNOWN.reduce(
      (json, key) => json.replaceAll(`"${key}"`, `"aws:PrincipalTag/${key.replaceAll(":", ".")}"`),
      JSON.stringify(part),
    ),
  );
}

const preparations = new WeakMap<Document, object>();

function prepared(policy: Document): object {
  const done = preparations.get(policy) ?? known({ Version: "2012-10-17", ...policy });
  preparations.set(policy, done);
  return done;
}
