import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { temporaryFolder } from "./folders";

const S3rver = require("s3rver") as new (
  options: object,
) => {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
};

/** What a backend block needs to talk to the store instead of AWS. */
export interface LoopbackStore {
  readonly backendSettings: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** An S3 API and an STS that knows one account, on loopback. */
export async function startLoopbackStore(bucket: string, account: string): Promise<LoopbackStore> {
  const s3 = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    allowMismatchedSignatures: true,
    directory: temporaryFolder(),
    configureBuckets: [{ name: bucket }],
  });
  const { port } = await s3.run();
  const sts = await startSts(account);
  const url = `http://127.0.0.1:${port}`;
  return {
    backendSettings: {
      access_key: "S3RVER",
      secret_key: "S3RVER",
      endpoints: { s3: url, sts: `http://127.0.0.1:${(sts.address() as AddressInfo).port}` },
      use_path_style: true,
      skip_credentials_validation: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
    },
    stop: async () => {
      await s3.close();
      await new Promise((stopped) => sts.close(stopped));
    },
  };
}

/** Answers GetCallerIdentity, which Terraform asks to check `allowed_account_ids`. */
function startSts(account: string): Promise<Server> {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/xml");
    response.setHeader("connection", "close");
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/test</Arn><UserId>TEST</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  });
  return new Promise((started) => server.listen(0, "127.0.0.1", () => started(server)));
}
