import type { Surroundings } from "./surroundings";

/** What a line of the log is about. */
export type About = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one line to the log. */
export function log(
  { configuration, print }: Pick<Surroundings, "configuration" | "print">,
  level: "info" | "warn" | "error",
  message: string,
  about: About = {},
): void {
  print(JSON.stringify({ level, org: configuration.org, ...about, message }));
}

/**
 * Does a piece of work, and writes one line about its failure.
 * @throws Error with the message and nothing else: Lambda prints all that it has
 */
export async function logged<Result>(
  surroundings: Pick<Surroundings, "configuration" | "print">,
  about: About,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { message } = error as Error;
    log(surroundings, "error", message, about);
    throw new Error(`${surroundings.configuration.org}: ${message}`);
  }
}
