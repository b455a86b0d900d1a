import type { AwsCallError } from "../../aws/call";
import { signedIdentity } from "../../aws/signed-identity";
import type { VaultAwsAuth } from "../../registry/model";
import { stsRegionOf } from "../../registry/names";

/**
 * Returns what a login by AWS sends, with the credentials that the runner has now: a signed question, which
 * Vault asks AWS STS, and so learns who the caller is.
 *
 * @returns undefined if there are no AWS credentials
 */
export async function awsProof(
  auth: VaultAwsAuth,
  role: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { serverId } = auth;
  try {
    const { method, url, headers, body } = await signedIdentity({
      region: stsRegionOf(auth),
      headers: serverId === undefined ? {} : { "X-Vault-AWS-IAM-Server-ID": serverId },
    });
    return {
      role,
      iam_http_request_method: method,
      iam_request_url: base64(url),
      iam_request_headers: base64(JSON.stringify(headers)),
      iam_request_body: base64(body),
    };
  } catch (error) {
    if ((error as Partial<AwsCallError>).code === "CredentialsProviderError") return undefined;
    throw error;
  }
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
