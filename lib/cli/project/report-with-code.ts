import { UserError } from "../../errors";
import type { RegistryReport } from "../../registry/report";
import { removeFolder, temporaryFolder } from "../../terraform/cleanup";
import type { Io } from "../terminal/io";
import { listOrgs, refuseNames, synthesize } from "./synthesize";

/**
 * Returns the report with the credentials that only the code of stacks names; without those if the
 * stacks cannot be synthesized.
 *
 * @throws UserError when a name is not that of an org
 */
export async function reportWithCode(io: Io, names: readonly string[]): Promise<RegistryReport> {
  const output = temporaryFolder("genesys-orgs-list-");
  try {
    const report = await synthesize(io, { output, names, quiet: true });
    refuseNames(names, report);
    return report;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const report = await listOrgs(io);
    refuseNames(names, report);
    io.stderr.write(
      "the stacks cannot be synthesized, so credentials that only code names are left out\n",
    );
    return report;
  } finally {
    removeFolder(output);
  }
}
