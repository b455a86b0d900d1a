import { z } from "zod";
import { CREDENTIAL_KINDS } from "./classification";
import { classification, description, owner, vaultVersion } from "./credential-schemas";
import type { ManagedSecretEntry, ManagedSecretKind } from "./managed-secret";
import { KMS_KEY_ARN } from "./names";
import {
  awsRegion,
  consumer,
  kebabCase,
  must,
  oneOf,
  strict,
  text,
  vaultPath,
} from "./schema-parts";

const kinds = Object.keys(CREDENTIAL_KINDS).filter((kind) => !kind.startsWith("genesys-"));

const kmsKeyArn = text(
  "secret-key",
  KMS_KEY_ARN,
  "give the key's full ARN, not an alias or an id",
).optional();

/** The entry of a credential that is not an OAuth client, without the rules over several fields. */
export const managedSecretSchema = strict({
  name: kebabCase("secret-name", 60),
  root: kebabCase("secret-root", 40).optional(),
  kind: oneOf("secret-kind", kinds as [ManagedSecretKind, ...ManagedSecretKind[]]),
  description: description.optional(),
  classification: classification.optional(),
  consumers: z.array(consumer).optional(),
  value: z
    .discriminatedUnion(
      "source",
      [
        strict({ source: z.literal("outside") }),
        strict({
          source: z.literal("vault"),
          entry: vaultPath("secret-value"),
          field: text(
            "secret-value",
            /^[\w.-]{1,100}$/,
            "give the name of a field of the Vault entry",
          ).optional(),
          version: vaultVersion("secret-value"),
        }),
      ],
      {
        error: ({ code }) =>
          code === "invalid_union" || code === "invalid_type"
            ? must("secret-value", "give an object whose source is outside or vault")
            : undefined,
      },
    )
    .optional(),
  rotates: z.boolean().optional(),
  rotatedElsewhere: owner.optional(),
  kmsKeyArn,
  replicas: z.array(strict({ region: awsRegion, kmsKeyArn })).optional(),
}) satisfies z.ZodType<ManagedSecretEntry>;
