import { InvalidArgumentError } from "commander";

/** Reads an option that is a number from 1. */
export function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError("It has to be a whole number from 1.");
}
