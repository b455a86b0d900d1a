import { awsProof } from "../../../lib/cli/project/vault-aws-proof";
import type { VaultAwsAuth } from "../../../lib/registry/model";
import { type AwsKeys, withAwsKeys } from "../../support/fakes/aws-login-contract";
import { stsProblem } from "../../support/fakes/fake-aws-login";

const KEYS: AwsKeys = {
  AWS_ACCESS_KEY_ID: "ASIA-test",
  AWS_SECRET_ACCESS_KEY: "test-secret-key",
  AWS_SESSION_TOKEN: "test-secret-session",
};

const decoded = (text = "") => Buffer.from(text, "base64").toString();

async function proofOf(auth: Partial<VaultAwsAuth> = {}, env: object = {}) {
  const proof = await withAwsKeys({ ...KEYS, ...env }, () =>
    awsProof({ method: "aws", ...auth }, "genesys-na-prod-rotate"),
  );
  return {
    role: proof?.role,
    method: proof?.iam_http_request_method,
    url: decoded(proof?.iam_request_url),
    headers: JSON.parse(decoded(proof?.iam_request_headers)) as Record<string, string>,
    body: decoded(proof?.iam_request_body),
  };
}

test("a proof is a signed question to STS, with nothing else in it", async () => {
  const { headers, ...request } = await proofOf();
  expect(request).toEqual({
    role: "genesys-na-prod-rotate",
    method: "POST",
    url: "https://sts.amazonaws.com/",
    body: "Action=GetCallerIdentity&Version=2011-06-15",
  });
  expect(Object.keys(headers).sort()).toEqual([
    "authorization",
    "content-type",
    "host",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
  ]);
  expect(headers.authorization).toMatch(
    /Credential=ASIA-test\/\d{8}\/us-east-1\/sts\/aws4_request/,
  );
  // The session's token is a part of what is signed. The key is not sent.
  expect(JSON.stringify(headers)).not.toContain("test-secret-key");
});

test.each([
  ["eu-central-1", "sts.eu-central-1.amazonaws.com"],
  ["cn-north-1", "sts.cn-north-1.amazonaws.com.cn"],
])("a proof for %s, whatever region and endpoints the runner has", async (stsRegion, host) => {
  const env = { AWS_REGION: "us-west-2", AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1" };
  const { url, headers, body } = await proofOf({ stsRegion }, env);
  expect(url).toBe(`https://${host}/`);
  const arn = "arn:aws:iam::123456789012:role/ci";
  const { AWS_SECRET_ACCESS_KEY: secretKey, AWS_SESSION_TOKEN: sessionToken } = KEYS;
  const principals = { "ASIA-test": { secretKey, sessionToken, arn } };
  const sent = { host, path: "/", headers, body };
  expect(stsProblem(sent, { principals, stsRegion })).toBeUndefined();
});

test("a proof for one Vault has the Vault's id, signed", async () => {
  const { headers } = await proofOf({ serverId: "vault.example.com" });
  expect(headers).toMatchObject({ "X-Vault-AWS-IAM-Server-ID": "vault.example.com" });
  expect(headers.authorization).toMatch(/SignedHeaders=\S*;x-vault-aws-iam-server-id[;,]/);
});

test("each proof has the credentials that the runner has then", async () => {
  const keyOf = async (id: string) =>
    (await proofOf({}, { AWS_ACCESS_KEY_ID: id })).headers.authorization;
  expect(await keyOf("ASIA-first")).toContain("Credential=ASIA-first/");
  expect(await keyOf("ASIA-second")).toContain("Credential=ASIA-second/");
});

test("without AWS credentials there is no proof", async () => {
  const proof = await withAwsKeys(undefined, () => awsProof({ method: "aws" }, "role"));
  expect(proof).toBeUndefined();
});
