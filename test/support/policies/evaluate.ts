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
 *
 * @throws Error when it does not know a key of the request, so that none is left out in silence
 */
export async function isAllowed(
  principal: Principal,
  check: Check,
  resourcePolicy?: Document,
): Promise<boolean> {
  const { action, resource, account } = check;
  const context = { ...principal.context, ...check.context };
  const identity = { Version: "2012-10-17" };
  const result = await runSimulation(
    known({
      request: {
        principal: principal.arn,
        action,
        resource: { resource, accountId: account },
        contextVariables: context,
      },
      identityPolicies: principal.policies.map((policy, index) => ({
        name: `policy-${index}`,
        policy: { ...identity, ...policy },
      })),
      resourcePolicy: resourcePolicy && { ...identity, ...resourcePolicy },
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    }),
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
  "token.actions.githubusercontent.com:aud",
  "token.actions.githubusercontent.com:sub",
];

function known<Simulation>(simulation: Simulation): Simulation {
  return JSON.parse(
    UNKNOWN.reduce(
      (json, key) => json.replaceAll(`"${key}"`, `"aws:PrincipalTag/${key.replaceAll(":", ".")}"`),
      JSON.stringify(simulation),
    ),
  );
}
