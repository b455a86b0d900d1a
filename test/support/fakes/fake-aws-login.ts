import { createHash, createHmac } from "node:crypto";

// Vault's login by AWS (type iam), and the STS that Vault asks. It shares no code with the code that is tested
// against it; aws-login-contract.ts holds it against a real Vault server.

/** Somebody whom STS knows. */
export interface AwsPrincipal {
  readonly secretKey: string;
  readonly sessionToken?: string;
  /** For example `arn:aws:sts::111111111111:assumed-role/ci/me`. */
  readonly arn: string;
}

/** How the auth method `aws` of a Vault is set up. */
export interface AwsLogins {
  /** By the id of the access key. */
  readonly principals: Readonly<Record<string, AwsPrincipal>>;
  /** `bound_iam_principal_arn` of each role. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** `iam_server_id_header_value`. @default - none is required */
  readonly serverId?: string;
  /** `sts_region`. @default "us-east-1" */
  readonly stsRegion?: string;
}

/** The caller whom Vault lets in, or why it does not. */
export type AwsLoginAnswer =
  | { readonly role: string; readonly account: string }
  | { readonly refused: string };

/** What is sent to `auth/aws/login`. */
export type AwsLogin = Readonly<Record<string, string | undefined>>;

/** A request to STS. */
export interface StsRequest {
  readonly host: string;
  readonly path: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const SERVER_ID = "X-Vault-AWS-IAM-Server-ID";

/** Headers of AWS that Vault passes on; any other that begins with x-amz- is refused. */
const ALLOWED = [
  "x-amz-algorithm",
  "x-amz-content-sha256",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
  "x-amz-user-agent",
];

export function logInByAws(set: AwsLogins, login: AwsLogin): AwsLoginAnswer {
  const decoded = decode(login);
  if (typeof decoded === "string") return { refused: decoded };
  const wrong = headerProblem(decoded, set.serverId) ?? upstreamProblem(decoded, set);
  if (wrong !== undefined) return { refused: wrong };
  const { arn } = set.principals[signatureIn(decoded).keyId] as AwsPrincipal;
  const { role = "" } = login;
  const bound = set.roles[role];
  if (bound === undefined) return { refused: `entry for role ${role} not found` };
  // A session's ARN has the name of its role.
  const canonical = arn.replace(/:sts::(\d+):assumed-role\/([^/]+)\/.*$/, ":iam::$1:role/$2");
  if (!bound.includes(canonical)) {
    return { refused: `IAM Principal "${arn}" does not belong to the role "${role}"` };
  }
  return { role, account: arn.split(":")[4] ?? "" };
}

function decode(login: AwsLogin): StsRequest | string {
  const names = ["iam_request_url", "iam_request_headers", "iam_request_body"];
  const [address = "", json = "", body = ""] = names.map((name) =>
    Buffer.from(login[name] ?? "", "base64").toString(),
  );
  const url = new URL(address);
  if (url.search !== "") return "invalid request";
  for (const [name, value] of new URLSearchParams(body)) {
    const known = name === "Version" || (name === "Action" && value === "GetCallerIdentity");
    if (!known) return "iam request body is invalid";
  }
  const headers = Object.fromEntries(
    Object.entries<string | string[]>(JSON.parse(json)).map(([name, value]) => [
      name.toLowerCase(),
      [value].flat().join(","),
    ]),
  );
  // Vault sends its request to its own endpoint, for the host of the URL.
  return { host: url.host, path: url.pathname, headers, body };
}

/** The parts of a signature. */
function signatureIn({ headers }: StsRequest) {
  const [, credential = "", signed = "", signature = ""] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), *SignedHeaders=(\S+), *Signature=(\w+)$/.exec(
      headers.authorization ?? "",
    ) ?? [];
  const [keyId = "", ...scope] = credential.split("/");
  const [day = "", region = ""] = scope;
  return { keyId, scope, day, region, signedHeaders: signed.split(";"), signature };
}

function headerProblem(request: StsRequest, serverId?: string): string | undefined {
  const { headers } = request;
  const about = `error validating ${SERVER_ID} header:`;
  if (serverId !== undefined) {
    const given = headers[SERVER_ID.toLowerCase()];
    if (!given) return `${about} missing header "${SERVER_ID}"`;
    if (given !== serverId) return `${about} expected "${serverId}" but got "${given}"`;
    if (!signatureIn(request).signedHeaders.includes(SERVER_ID.toLowerCase())) {
      return `${about} vault header wasn't signed`;
    }
  }
  const other = Object.keys(headers).find(
    (name) => name.startsWith("x-amz-") && !ALLOWED.includes(name),
  );
  return other === undefined ? undefined : `invalid request header: ${other}`;
}

function upstreamProblem(request: StsRequest, set: AwsLogins): string | undefined {
  const problem = stsProblem(request, set);
  if (problem === undefined) return undefined;
  return `error making upstream request: received error code 403 from STS: ${problem}`;
}

/** Returns what STS answers to a request that it refuses. */
export function stsProblem(
  request: StsRequest,
  { principals, stsRegion = "us-east-1" }: Pick<AwsLogins, "principals" | "stsRegion">,
): string | undefined {
  const refuse = (code: string, message: string) =>
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <Error>\n    <Type>Sender</Type>\n    <Code>${code}</Code>\n    <Message>${message}</Message>\n  </Error>\n</ErrorResponse>\n`;
  const { host, headers } = request;
  const { keyId, region, day, signature } = signatureIn(request);
  if (!/^sts\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$/.test(host)) {
    return refuse("InvalidAction", "Could not find operation");
  }
  if (region !== stsRegion) {
    const message = `Credential should be scoped to a valid region, not '${region}'. `;
    return refuse("SignatureDoesNotMatch", message);
  }
  const principal = principals[keyId];
  if (!principal || headers["x-amz-security-token"] !== principal.sessionToken) {
    const message = "The security token included in the request is invalid.";
    return refuse("InvalidClientTokenId", message);
  }
  const isOfDay = headers["x-amz-date"]?.startsWith(`${day}T`);
  if (isOfDay && signatureOf(request, principal.secretKey) === signature) return undefined;
  const message = "The request signature we calculated does not match the signature you provided.";
  return refuse("SignatureDoesNotMatch", message);
}

/** Signature of version 4, as AWS documents it. */
function signatureOf(request: StsRequest, secretKey: string): string {
  const { host, path, headers, body } = request;
  const { scope, signedHeaders } = signatureIn(request);
  const sent = (name: string) => (name === "host" ? host : (headers[name] ?? "").trim());
  const canonical = [
    "POST",
    path,
    "",
    ...signedHeaders.map((name) => `${name}:${sent(name)}`),
    "",
    signedHeaders.join(";"),
    sha256(body),
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", sent("x-amz-date"), scope.join("/"), sha256(canonical)];
  const key = scope.reduce<string | Buffer>(
    (secret, part) => hmac(secret, part).digest(),
    `AWS4${secretKey}`,
  );
  return hmac(key, toSign.join("\n")).digest("hex");
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text);
