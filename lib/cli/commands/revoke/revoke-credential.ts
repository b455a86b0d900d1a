import { UserError } from "../../../errors";
import type { OrgReport } from "../../../registry/report";
import type { LiveClient } from "../../../rotation/retirement-request";
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
  /** Ids of the clients to end. @default - all */
  readonly client?: readonly string[];
}

/** The clients of a credential before, and what happened to them. */
export interface Revocation {
  readonly retiring: boolean;
  readonly clients: readonly LiveClient[];
  /** Ids of the clients that were ended. */
  readonly ended: readonly string[];
}

/**
 * Ends clients of a credential with all their tokens. The rotation begins first: if it cannot, no
 * client is ended, and otherwise consumers are refused for as short a time as possible.
 *
 * @throws UserError when the rotation cannot begin, or a client could not be ended
 */
export async function revokeCredential(
  io: Io,
  org: OrgReport,
  credential: string,
  { yes = false, rotate = true, client: chosen }: RevocationProps,
): Promise<Revocation> {
  const ask = async (request: RevocationRequest) => {
    const answer = await invokeFunction(functionArnOf(org, "reconciler"), request, io.signal);
    return answer as RevocationAnswer;
  };
  const { retiring, clients } = await ask({ revoke: credential });
  const found = { retiring, clients, ended: [] };
  if (!yes) return found;
  if (rotate && retiring) {
    throw new UserError(
      `${org.name}: ${credential} is being retired, so it cannot rotate. No client was ended; with --no-rotate, its clients are ended without a rotation`,
    );
  }
  if (rotate) {
    await rotateSecret(`${org.secretPrefix}${credential}`, org.aws.region, io.signal);
  }
  // By id: the rotation may end before this does, and its client must stay.
  const wanted = clients.flatMap(({ id, unproven }) =>
    unproven || (chosen && !chosen.includes(id)) ? [] : id,
  );
  if (wanted.length === 0) return found;
  const again = (ids: readonly string[]) =>
    `genesys-orgs revoke ${org.name} ${credential} --no-rotate --client ${ids.join(" ")} --yes`;
  const begun = rotate ? "The rotation has begun. " : "";
  let answer: RevocationAnswer;
  try {
    answer = await ask({ revoke: credential, clients: wanted });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${error.message}. ${begun}To end the clients, run: ${again(wanted)}`);
  }
  // By what is left: a repeated call finds those that the first one ended no more.
  const left = wanted.filter((id) => answer.clients.some((client) => client.id === id));
  if (left.length === 0) return { ...found, ended: wanted };
  const reasons = answer.failures.map((failure) => `\n  ${failure}`).join("");
  throw new UserError(
    `${org.name}: ${left.length} of ${wanted.length} clients of ${credential} were not ended:${reasons}\n${begun}Delete them in Genesys Cloud, or run: ${again(left)}`,
  );
}
