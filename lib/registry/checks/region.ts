import { AWS_REGIONS } from "../aws-regions";
import { problemAbout, type RegistryProblem } from "../registry-error";

/** Terraform would refuse a region that does not exist, or that its provider does not know. */
export function* regionProblems(
  subject: string,
  path: readonly PropertyKey[],
  region: string,
): Generator<RegistryProblem> {
  if (AWS_REGIONS.has(region)) return;
  const expected = "AWS has no region of this name; give another one, such as us-east-1";
  yield problemAbout(subject, path, region, "aws-region", expected);
}
