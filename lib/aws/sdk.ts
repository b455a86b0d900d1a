import { httpsAgent } from "../http/proxy";
import { awsCall } from "./call";

// Each client is loaded when it is needed, so that no other command waits for it.

export const loadS3 = () => load<typeof import("@aws-sdk/client-s3")>("@aws-sdk/client-s3");
export const loadIam = () => load<typeof import("@aws-sdk/client-iam")>("@aws-sdk/client-iam");
export const loadSts = () => load<typeof import("@aws-sdk/client-sts")>("@aws-sdk/client-sts");
export const loadDynamoDb = () =>
  load<typeof import("@aws-sdk/client-dynamodb")>("@aws-sdk/client-dynamodb");
export const loadLambda = () =>
  load<typeof import("@aws-sdk/client-lambda")>("@aws-sdk/client-lambda");
export const loadSecretsManager = () =>
  load<typeof import("@aws-sdk/client-secrets-manager")>("@aws-sdk/client-secrets-manager");
export const loadSsm = () => load<typeof import("@aws-sdk/client-ssm")>("@aws-sdk/client-ssm");
export const loadCloudTrail = () =>
  load<typeof import("@aws-sdk/client-cloudtrail")>("@aws-sdk/client-cloudtrail");

function load<Module>(name: string): Module {
  // The SDK's warning about Node 20 is not for operators, who choose neither version.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  return require(name) as Module;
}

/**
 * Milliseconds, for every client: a server that accepts a connection and never answers must not block
 * a command forever.
 */
export const TIME_LIMITS = { connectionTimeout: 10_000, socketTimeout: 30_000 };

/** Returns the connections of a client: with time limits, through the environment's proxy. */
export const connections = (limits: typeof TIME_LIMITS = TIME_LIMITS) => ({
  ...limits,
  httpsAgent: httpsAgent(),
});

/** The message for an operator who is not logged in to AWS. */
export const NOT_LOGGED_IN = "there are no AWS credentials: log in, or set AWS_PROFILE";

/**
 * Waits for an AWS call of a command. Its operator may read all of AWS's own words.
 *
 * @param what is being done, for example `reading s3://bucket/key`
 * @throws AwsCallError
 */
export const askAws = <Answer>(what: string, answer: Promise<Answer>): Promise<Answer> =>
  awsCall(what, answer, ({ message }, code) => {
    if (code === "CredentialsProviderError") return NOT_LOGGED_IN;
    return message && message !== code ? `${code}: ${message}` : code;
  });
