import { UserError } from "../errors";
import type { PlatformApi } from "../genesys/platform-api";
import type { Clock } from "../http/clock";
import { askUntilKnown, isUnknown } from "./propagation";

/** A credential that is to be proven. */
export interface ProofProps {
  /** The Platform API with the credential. */
  readonly api: Pick<PlatformApi, "tokenOwner">;
  readonly clientId: string;
  /** The organisation's id in Genesys Cloud. */
  readonly orgId: string;
  /** What messages call the credential. */
  readonly what: string;
  readonly clock: Clock;
  /** @default - {@link PROPAGATION} */
  readonly propagation?: number;
}

/**
 * Proves that a credential works, and in which organisation.
 * @throws ApiError when it does not; UserError when it is another client's
 */
export async function prove(props: ProofProps): Promise<void> {
  const { api, clientId, orgId, what, clock, propagation } = props;
  const owner = await askUntilKnown(clock, () => api.tokenOwner(), isUnknown, propagation);
  const [id, organization] = [owner?.OAuthClient?.id, owner?.organization.id];
  if (id === clientId && organization === orgId) return;
  throw new UserError(
    `${what} is of client ${id} in organisation ${organization}: expected ${clientId} in ${orgId}`,
  );
}
