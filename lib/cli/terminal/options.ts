import { InvalidArgumentError, Option } from "commander";

export const jsonOption = (): Option => new Option("--json", "print one JSON document on stdout");

/** For a command that is a dry run without it. */
export const yesOption = (): Option =>
  new Option("--yes", "do it; without this it is only said what would be done");

export const dryRunOption = (): Option =>
  new Option("--dry-run", "only say what would be done").conflicts("yes");

/** Reads an option that is a whole number, 1 or more. */
export function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError("It has to be a whole number from 1.");
}
