import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import { type LossesProps, lossesOf } from "../../../existing/adopt/losses";
import { onOneLine } from "../../terminal/printable";

/** The option that allows code of deployed objects to go. */
export const REMOVE_GONE = "--remove-gone";

/** Losses that are listed. */
const MOST_LOSSES = 20;

/**
 * Refuses to write code without objects that are deployed: the next deploy would delete them.
 *
 * @throws UserError that names them, and why they would have no code
 */
export function refuseLosses(org: string, props: LossesProps): void {
  const losses = lossesOf(props);
  if (losses.length === 0) return;
  const more = losses.length - MOST_LOSSES;
  throw new UserError(
    [
      `nothing was written, since ${counted(losses.length, "deployed object")} of ${org} would lose ${losses.length === 1 ? "its" : "their"} code, and the next deploy would delete what still exists of ${losses.length === 1 ? "it" : "them"}:`,
      ...losses
        .slice(0, MOST_LOSSES)
        .map(({ address, name, reason }) => `  ${address} (${onOneLine(name)}): ${reason}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
      `If ${org} has them, let the planner view them in their divisions, or mend what is said of them. If they are deleted, or may be, run the command again with ${REMOVE_GONE}`,
    ].join("\n"),
  );
}
