import { type Front, type StoreAnswer, type StoreRequest, serve } from "../loopback-front";
import {
  cloudTrailOperations,
  eventBridgeOperations,
  type Json,
  type Operations,
  secretsManagerOperations,
  ssmOperations,
} from "./aws-operations";
import { FakeAwsError, type FakeSecretsManager } from "./fake-secrets-manager";

/** A request that arrived, without its secrets. */
export interface AwsCall {
  /** For example `secretsmanager.PutSecretValue`. */
  readonly operation: string;
  /** The access key that signed it: of a session, the ARN of its role. */
  readonly signedBy: string;
  readonly parameters: Json;
}

/** Secrets Manager, SSM and EventBridge on loopback, for `AWS_ENDPOINT_URL`. */
export interface AwsHttp extends Front {
  readonly calls: AwsCall[];
  /** Denies all operations for which it returns true. */
  refuse(denies: (operation: string) => boolean): void;
  /** Events that were put on EventBridge's default bus. */
  readonly bus: Json[];
}

export interface AwsHttpProps {
  readonly secrets: FakeSecretsManager;
  /** SSM parameters: values by name. */
  readonly parameters?: Map<string, string>;
  /** Events of CloudTrail; times in seconds since 1970. */
  readonly events?: Parameters<typeof cloudTrailOperations>[0];
  /**
   * Versions in one page of ListSecretVersionIds.
   * @default 100
   */
  readonly pageSize?: number;
  /** Called before each operation. */
  readonly onCall?: () => void;
}

/** Serves the AWS JSON 1.1 protocol, and the assumption of roles. */
export async function startAwsHttp(props: AwsHttpProps): Promise<AwsHttp> {
  const { secrets, parameters = new Map(), pageSize } = props;
  const bus: Json[] = [];
  const services: Readonly<Record<string, Operations>> = {
    secretsmanager: secretsManagerOperations(secrets, pageSize),
    AmazonSSM: ssmOperations(parameters),
    AWSEvents: eventBridgeOperations(bus),
    CloudTrail_20131101: cloudTrailOperations(props.events ?? []),
  };
  const calls: AwsCall[] = [];
  let denies = (_: string) => false;
  const front = await serve(async ({ headers, body }: StoreRequest) => {
    try {
      const target = `${headers["x-amz-target"]}`;
      const signedBy = signerIn(`${headers.authorization}`);
      const form = new URLSearchParams(headers["x-amz-target"] ? "" : body.toString());
      if (form.get("Action") === "AssumeRole") {
        const role = `${form.get("RoleArn")}`;
        if (denies("sts.AssumeRole")) return xml(403, ASSUME_DENIED);
        calls.push({ operation: "sts.AssumeRole", signedBy, parameters: { RoleArn: role } });
        return xml(200, sessionOf(role));
      }
      const [service = "", name = ""] = target.split(".");
      const operation = services[service]?.[name];
      if (!operation) throw new FakeAwsError("UnknownOperationException", target);
      const input = JSON.parse(body.toString()) as Json;
      props.onCall?.();
      if (denies(target)) throw new FakeAwsError("AccessDeniedException", "no permission");
      calls.push({ operation: target, signedBy, parameters: withoutSecrets(input) });
      return answer(200, operation(input));
    } catch (error) {
      if (!(error instanceof FakeAwsError)) throw error;
      return answer(400, { __type: error.name, message: error.message });
    }
  });
  const refuse = (which: typeof denies) => {
    denies = which;
  };
  return { ...front, calls, bus, refuse };
}

const withoutSecrets = ({ SecretString: _, SecretBinary: __, ...rest }: Json): Json => rest;

/** @throws FakeAwsError if a request is not signed */
function signerIn(authorization: string): string {
  const [, key] = /^AWS4-HMAC-SHA256 Credential=(.*?)(\/\d{8}\/.*)?$/.exec(authorization) ?? [];
  if (key !== undefined) return key;
  throw new FakeAwsError("MissingAuthenticationTokenException", "The request is not signed");
}

const sessionOf = (role: string): string =>
  `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>${role}</AccessKeyId><SecretAccessKey>test-secret-session</SecretAccessKey><SessionToken>test-token</SessionToken></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

const ASSUME_DENIED =
  "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>";

const xml = (status: number, body: string): StoreAnswer => ({
  status,
  headers: { "content-type": "text/xml" },
  body: Buffer.from(body),
});

const answer = (status: number, body: Json): StoreAnswer => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.1" },
  body: Buffer.from(JSON.stringify(body)),
});
