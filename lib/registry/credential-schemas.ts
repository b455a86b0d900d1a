import { z } from "zod";
import {
  EARLIER_SENSITIVITIES,
  type EarlierSensitivity,
  SENSITIVITY_NAMES,
  type Sensitivity,
} from "./classification";
import { orMissing, strict, text, wholeNumber } from "./schema-parts";

// Fields that the entries of OAuth clients, of other credentials and of their consumers share.

/** Becomes the value of a tag. */
export const owner = text(
  "owner",
  /^(?=.*[^\p{Z}])[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u,
  "name the responsible team or person, in at most 256 letters, digits, spaces or _.:/=+-@",
);

export const classification = strict({
  sensitivity: z
    .enum(
      [...SENSITIVITY_NAMES, ...Object.keys(EARLIER_SENSITIVITIES)] as [
        Sensitivity,
        ...EarlierSensitivity[],
      ],
      {
        error: orMissing("sensitivity", `use one of ${SENSITIVITY_NAMES.join(", ")}`),
      },
    )
    .optional(),
  rotationDays: wholeNumber("rotation-days", 1, 365, "give whole days from 1 to 365").optional(),
  owner: owner.optional(),
});

// Terraform would evaluate `${…}` and `%{…}`.
export const description = text(
  "description",
  /^(?!.*[$%]\{).{0,200}$/s,
  "use at most 200 characters, without ${ and %{",
);

/** Version of a Vault entry. */
export const vaultVersion = (rule: string) =>
  wholeNumber(
    rule,
    1,
    Number.MAX_SAFE_INTEGER,
    "give the version of the Vault entry, a whole number from 1",
  );
