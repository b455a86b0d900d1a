import type { OrgReport } from "../../registry/report";
import type { KvStore } from "../../vault/client/kv-store";
import type { Io } from "../terminal/io";
import { openVaultEntries } from "./vault-session";

/**
 * Opens the entries of an org's own credentials (deployer, planner, master), as the caller.
 *
 * @throws UserError if the caller cannot log in
 */
export const openEntries = (io: Io, org: OrgReport): Promise<KvStore> => openVaultEntries(io, org);
