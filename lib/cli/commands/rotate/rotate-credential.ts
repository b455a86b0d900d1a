import { setTimeout as wait } from "node:timers/promises";
import { UserError } from "../../../errors";
import { PlatformApi } from "../../../genesys/platform-api";
import { ApiError, BreakerOpenError } from "../../../http/api-error";
import { SYSTEM_CLOCK } from "../../../http/clock";
import { proxiedFetch } from "../../../http/proxy";
import type { GenesysRegion } from "../../../registry/genesys-regions";
import type { VaultCredential } from "../../../registry/model";
import type { OrgReport } from "../../../registry/report";
import type { EntryRotationProps } from "../../../rotation/vault-entries/entry-rotation-props";
import { type EntryRotation, rotateEntry } from "../../../rotation/vault-entries/rotate-entry";
import { CasMismatchError, NotWrittenError } from "../../../vault/client/kv-store";
import { entriesOf, openEntries } from "../../project/credential-entries";
import type { Io } from "../../terminal/io";
import { startProgress } from "../../terminal/progress";

/**
 * Replaces the OAuth client of one of an org's own credentials.
 *
 * @throws UserError, which never contains a secret
 */
export async function rotateCredential(
  io: Io,
  org: OrgReport,
  credential: VaultCredential,
  props: Pick<EntryRotationProps, "ifOlderThan" | "retireOnly" | "dryRun">,
): Promise<EntryRotation> {
  if (org.retired) throw new UserError(`${org.name} is retired: its credentials are not rotated`);
  const { place, paths, masterVersion } = entriesOf(org);
  const { mostClients } = org.rotation;
  const progress = await startProgress(io);
  try {
    const store = await openEntries(io, org);
    return await rotateEntry({
      ...props,
      credential,
      entries: paths,
      place,
      store,
      apiAs: (clientId, clientSecret) =>
        new PlatformApi({
          region: org.genesysRegion as GenesysRegion,
          clientId,
          clientSecret,
          fetch: proxiedFetch,
        }),
      org: { name: org.name, id: org.organizationId, masterVersion, mostClients },
      // Ctrl-C stops only waits that can be given up: the removal of a client goes on.
      clock: {
        now: SYSTEM_CLOCK.now,
        sleep: (milliseconds) => wait(milliseconds, undefined, { signal: io.signal }),
      },
      signal: io.signal,
      onStep: (text) => progress.step(text),
    });
  } catch (error) {
    throw CALL_ERRORS.some((kind) => error instanceof kind)
      ? new UserError(`${org.name} ${credential}: ${(error as Error).message}`)
      : error;
  } finally {
    progress.stop();
  }
}

const CALL_ERRORS = [UserError, ApiError, BreakerOpenError, NotWrittenError, CasMismatchError];
