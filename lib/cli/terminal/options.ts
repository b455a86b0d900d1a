import { InvalidArgumentError, Option } from "commander";

export const jsonOption = (): Option => new Option("--json", "print one JSON document on stdout");

/** The option of a command that is a dry run without it. */
export const yesOption = (): Option =>
  new Option("--yes", "make the changes; without --yes this is a dry run");

export const dryRunOption = (): Option =>
  new Option("--dry-run", "only show what would be done, and change nothing").conflicts("yes");

/** The last line of a dry run. */
export const DRY_RUN = "dry run: nothing was changed";

/** The last line of a dry run of a command with {@link yesOption}. */
export const DRY_RUN_WITHOUT_YES = `${DRY_RUN}; add --yes to make the changes`;

/** Reads an option that is a whole number, 1 or more. */
export const wholeNumber = (value: string): number => wholeNumberFrom(1)(value);

/** Returns a reader of an option that is a whole number, `least` or more. */
export const wholeNumberFrom =
  (least: number) =>
  (value: string): number => {
    if (/^\d+$/.test(value) && Number(value) >= least) return Number(value);
    throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
  };
