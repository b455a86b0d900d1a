import type { Dependencies } from "./dependencies";

/** Further fields of a log line. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one line to the log. */
export function log(
  { configuration, print }: Pick<Dependencies, "configuration" | "print">,
  level: "info" | "warn" | "error",
  message: string,
  fields: LogFields = {},
): void {
  print(JSON.stringify({ level, org: configuration.org, ...fields, message }));
}

/**
 * Does a piece of work, and logs its failure in one line.
 * @throws Error with the message only, since Lambda prints all fields of an error
 */
export async function logFailure<Result>(
  dependencies: Pick<Dependencies, "configuration" | "print">,
  fields: LogFields,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { message } = error as Error;
    log(dependencies, "error", message, fields);
    throw new Error(`${dependencies.configuration.org}: ${message}`);
  }
}
