import { UserError } from "../../../errors";
import type { OrgReport } from "../../../registry/report";
import type { RevocationAnswer, RevocationRequest } from "../../../rotation/revocation-request";
import { functionArnOf } from "../../../rotation/rotation-names";
import { invokeFunction } from "../../project/invoke-function";
import type { Io } from "../../terminal/io";
import { rotateSecret } from "./rotate-secret";

/** How to revoke a credential. */
export interface RevocationProps {
  /** Whether to end the clients, and not only to list them. @default false */
  readonly yes?: boolean;
  /** Whether to rotate the credential first. @default true */
  readonly rotate?: boolean;
}

/**
 * Ends the clients of a credential with all their tokens. The rotation begins first: if it cannot,
 * nothing is ended, and otherwise consumers are refused for as short a time as possible.
 *
 * @throws UserError when the rotation cannot begin, or a client could not be ended
 */
export async function revokeCredential(
  io: Io,
  org: OrgReport,
  credential: string,
  { yes = false, rotate = true }: RevocationProps,
): Promise<RevocationAnswer> {
  const ask = async (request: RevocationRequest) => {
    const answer = await invokeFunction(functionArnOf(org, "reconciler"), request, io.signal);
    return answer as RevocationAnswer;
  };
  const found = await ask({ revoke: credential });
  if (!yes) return found;
  if (rotate && found.retiring) {
    throw new UserError(
      `${org.name}: ${credential} is being retired, so it cannot rotate. Nothing was changed; with --no-rotate, its clients are ended without a rotation`,
    );
  }
  if (rotate) {
    await rotateSecret(`${org.secretPrefix}${credential}`, org.aws.region, io.signal);
  }
  // By id: the rotation may end before this does, and its client must stay.
  const clients = found.clients.filter(({ unproven }) => !unproven).map(({ id }) => id);
  const answer = clients.length > 0 ? await ask({ revoke: credential, clients }) : found;
  const left = clients.filter((id) => !answer.ended.includes(id));
  if (left.length === 0) return { ...found, ended: answer.ended };
  throw new UserError(
    `${org.name}: the clients ${left.join(", ")} of ${credential} were not ended: run the command again with --no-rotate, or delete them in Genesys Cloud`,
  );
}
