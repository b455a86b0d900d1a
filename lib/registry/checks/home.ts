import { SUPPORTED_PARTITIONS } from "../names";
import { problemAbout, type RegistryProblem } from "../registry-error";
import { isOfAws } from "../state-place";
import type { CheckedHome } from "./checked";
import { accountOf, partitionProblems } from "./principals";
import { regionProblems } from "./region";

/** Rules over several fields of one home. */
export function* checkHome({ subject, home }: CheckedHome): Generator<RegistryProblem> {
  const { account, region } = home;
  // An S3-compatible store has region names of its own.
  if (!home.storage) yield* regionProblems(subject, ["region"], region);
  if (!home.storage && !SUPPORTED_PARTITIONS.includes(home.partition)) {
    const expected = `choose a region of the partition ${SUPPORTED_PARTITIONS.join(" or ")}; homes do not support other partitions`;
    yield problemAbout(subject, ["region"], region, "home-partition", expected);
  }
  if (home.storage && home.storage.encryption !== "kms" && isOfAws(home.storage.s3Endpoint)) {
    const path = ["storage", "encryption"];
    const expected = "leave it out, because Amazon S3 encrypts with each org's own KMS key";
    yield problemAbout(subject, path, home.storage.encryption, "storage-encryption", expected);
  }
  for (const [index, other] of home.trustedAccounts.entries()) {
    if (other !== account) continue;
    const expected = "leave it out, because it is the home's own account";
    yield problemAbout(subject, ["trustedAccounts", index], other, "trusted-account", expected);
  }
  for (const [index, arn] of home.stateAdmins.entries()) {
    const path = ["stateAdmins", index];
    yield* partitionProblems(subject, path, arn, region);
    if (accountOf(arn) === account) continue;
    const expected = `name a principal of the home's own account, ${account}; others can assume a role there`;
    yield problemAbout(subject, path, arn, "state-admin-account", expected);
  }
}
