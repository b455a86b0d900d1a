import { sharedLockTableOf } from "../../lib/registry/names";
import { startLoopbackStore } from "./loopback-store";
import { HOME } from "./sample-org";
import { holdStoreAgainstContract } from "./store-contract";

holdStoreAgainstContract(async () => {
  const { environment, stop } = await startLoopbackStore();
  const urlOf = (service: string) => environment[`AWS_ENDPOINT_URL_${service}`] ?? "";
  return {
    bucket: HOME.bucket,
    table: sharedLockTableOf(HOME.name),
    urls: { s3: urlOf("S3"), dynamodb: urlOf("DYNAMODB"), sts: urlOf("STS") },
    stop,
  };
}, false);
