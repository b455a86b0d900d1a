import { UserError } from "../../errors";
import { monitoringSchema } from "../entry-schemas";
import type { Org, OrgMonitoringEntry } from "../model";
import { problemLine } from "../registry-error";
import { checkEntry } from "./check-entry";

/**
 * Checks how an org is watched, as defined in code, by the rules of the registry.
 *
 * @throws UserError with all its mistakes
 */
export function checkMonitoring({ name }: Pick<Org, "name">, monitoring: OrgMonitoringEntry): void {
  const problems = checkEntry(monitoringSchema, monitoring, `${name}, monitoring`);
  if (problems.length > 0) throw new UserError(problems.map(problemLine).join("\n"));
}
