import { createInterface } from "node:readline";
import type { Io } from "./io";

/**
 * Returns a function that asks on a terminal. It answers undefined when the input ends, or when the
 * operator wants to stop.
 */
export function askOnTerminal(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): NonNullable<Io["ask"]> {
  return (question) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve(undefined);
      // Not as a terminal: in its raw mode, Ctrl-C would be a key instead of a signal.
      const lines = createInterface({ input, output, terminal: false });
      const end = () => lines.close();
      signal.addEventListener("abort", end, { once: true });
      lines.once("line", (line) => {
        resolve(line);
        lines.close();
      });
      lines.once("close", () => {
        signal.removeEventListener("abort", end);
        resolve(undefined);
      });
      output.write(question);
    });
}
