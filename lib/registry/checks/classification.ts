import { UserError } from "../../errors";
import { SENSITIVITIES } from "../classification";
import type { Classification, Org } from "../model";
import { oneLine, problemAbout, problemLine, type RegistryProblem } from "../registry-error";

/** Rules over the class of a credential and its org. */
export function* classificationProblems(
  subject: string,
  path: readonly (string | number)[],
  org: Pick<Org, "environment" | "allowedSensitivities">,
  { sensitivity, rotationDays }: Classification,
): Generator<RegistryProblem> {
  const { allowedSensitivities: allowed, environment } = org;
  if (!allowed.includes(sensitivity)) {
    const expected = `use ${oneLine(allowed.join(" or "))}, the only ones for this ${environment} organisation; allowedSensitivities changes that`;
    yield problemAbout(subject, [...path, "sensitivity"], sensitivity, "sensitivity-env", expected);
  }
  const most = SENSITIVITIES[sensitivity].mostRotationDays;
  if (rotationDays > most) {
    const expected = `give at most ${most} days for a credential whose sensitivity is ${sensitivity}`;
    yield problemAbout(
      subject,
      [...path, "rotationDays"],
      rotationDays,
      "rotation-days-class",
      expected,
    );
  }
}

/**
 * Checks the class of a credential that is defined in code, by the rules for those of a registry.
 * @throws UserError with all its mistakes
 */
export function checkClassification(
  org: Pick<Org, "name" | "environment" | "allowedSensitivities">,
  credential: string,
  classification: Classification,
): void {
  const subject = `${org.name}, credential ${credential}`;
  const problems = [...classificationProblems(subject, ["classification"], org, classification)];
  if (problems.length > 0) throw new UserError(problems.map(problemLine).join("\n"));
}
