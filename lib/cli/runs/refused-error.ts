import { UserError } from "../../errors";

/** A reviewed change of a stack that no longer holds. */
export class RefusedError extends UserError {
  /** @param differences from the review, in words */
  constructor(
    stack: string,
    readonly differences: readonly string[],
  ) {
    super(
      [
        `${stack}: the change is not the one that was reviewed, so nothing was applied; plan again with --out, and have it reviewed:`,
        ...differences.map((difference) => `  ${difference}`),
      ].join("\n"),
    );
  }
}
