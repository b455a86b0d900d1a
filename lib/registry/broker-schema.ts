import { z } from "zod";
import { LEASE } from "./defaults";
import type { BrokerEntry } from "./model";
import { strict, wholeNumber } from "./schema-parts";

const leaseSeconds = wholeNumber(
  "lease",
  LEASE.least,
  LEASE.most,
  `give whole seconds from ${LEASE.least} to ${LEASE.most} (29 days)`,
);

/** How Vault brokers an OAuth client. */
export const brokerSchema = strict({
  ttlSeconds: leaseSeconds.optional(),
  maxTtlSeconds: leaseSeconds.optional(),
  creds: z.boolean().optional(),
  firstTtlSeconds: leaseSeconds.optional(),
  mostLeases: wholeNumber(
    "lease-count",
    1,
    1000,
    "give a whole number of clients from 1 to 1000",
  ).optional(),
  deleteAtOnce: z.boolean().optional(),
}) satisfies z.ZodType<BrokerEntry>;
