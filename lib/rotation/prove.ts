import { UserError } from "../errors";
import type { PlatformApi } from "../genesys/platform-api";
import type { Clock } from "../http/clock";
import { askUntilKnown, isUnknown } from "./propagation";

/** The credential to prove. */
export interface ProofProps {
  /** The Platform API, called with the credential. */
  readonly api: Pick<PlatformApi, "tokenOwner">;
  readonly clientId: string;
  /** The organisation's id in Genesys Cloud. */
  readonly orgId: string;
  /** Name of the credential in messages. */
  readonly what: string;
  readonly clock: Clock;
  /** @default - {@link PROPAGATION} */
  readonly propagation?: number;
}

/**
 * Proves that a credential works, and belongs to the expected client and organisation.
 * @throws ApiError when it does not work; UserError when it belongs to someone else
 */
export async function prove(props: ProofProps): Promise<void> {
  const { api, clientId, orgId, what, clock, propagation } = props;
  const owner = await askUntilKnown(clock, () => api.tokenOwner(), isUnknown, propagation);
  const [id, organization] = [owner?.OAuthClient?.id, owner?.organization.id];
  if (id === clientId && organization === orgId) return;
  throw new UserError(
    `${what} belongs to client ${id} in organisation ${organization} but must belong to client ${clientId} in organisation ${orgId}`,
  );
}
