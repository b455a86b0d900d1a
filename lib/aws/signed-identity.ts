import { askAws, connections, loadSts } from "./sdk";

/** What a signed request is for. */
export interface SignedIdentityProps {
  /** Region of the STS that will be asked. */
  readonly region: string;
  /** Headers that are signed as well, by their names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A signed request, which proves for 15 minutes who signed it. */
export interface SignedIdentity {
  readonly method: "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const BODY = "Action=GetCallerIdentity&Version=2011-06-15";

/**
 * Signs the question who the owner of the AWS credentials is, and does not send it: another may ask STS, and
 * so learn who signed it.
 *
 * @throws AwsCallError `CredentialsProviderError` if there are no credentials
 */
export async function signedIdentity({
  region,
  headers,
}: SignedIdentityProps): Promise<SignedIdentity> {
  const { STSClient } = loadSts();
  // The SDK's client finds the credentials, and has the signer.
  const sts = new STSClient({ region, requestHandler: connections() });
  try {
    const url = stsUrl(sts, region);
    const signer = await sts.config.signer();
    const request = {
      method: "POST" as const,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: {},
      headers: {
        ...headers,
        host: url.host,
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      },
      body: BODY,
    };
    const signed = await askAws("signing as the caller", signer.sign(request));
    return { method: request.method, url: url.href, headers: signed.headers, body: BODY };
  } finally {
    sts.destroy();
  }
}

/** Returns AWS's own endpoint. That of the environment, such as AWS_ENDPOINT_URL, is the caller's alone. */
const stsUrl = (
  { config }: InstanceType<ReturnType<typeof loadSts>["STSClient"]>,
  region: string,
): URL => {
  // The global endpoint, which Vault asks by default, is in us-east-1.
  const UseGlobalEndpoint = region === "us-east-1";
  return config.endpointProvider({ Region: region, UseGlobalEndpoint }).url;
};
