import { partitionOf } from "../names";
import { problemAbout, type RegistryProblem } from "../registry-error";

/** Account of an IAM principal, by its ARN. */
export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";

/** A principal of another partition does not exist, so an exemption for it locks its owner out. */
export function* partitionProblems(
  subject: string,
  path: readonly PropertyKey[],
  arn: string,
  region: string,
  whose = "the home's region",
): Generator<RegistryProblem> {
  const partition = partitionOf(region);
  if (arn.split(":")[1] === partition) return;
  const expected = `begin it with arn:${partition}: to match ${whose}`;
  yield problemAbout(subject, path, arn, "arn-partition", expected);
}
