import type { Io } from "./io";

/** Shows what a command is doing. */
export interface Steps {
  step(text: string): void;
  /** Clears what is on display. */
  stop(): void;
}

/** A spinner on a terminal, and one line per step elsewhere; both on stderr. */
export async function showSteps(io: Io): Promise<Steps> {
  const { isTTY, columns } = io.stderr;
  // A terminal that does not know its width, as some pseudo terminals, makes ora loop for ever.
  if (!isTTY || !columns || io.env.TERM === "dumb") {
    return { step: (text) => io.stderr.write(`${text}\n`), stop: () => {} };
  }
  const { default: ora } = await import("ora");
  const display = ora({
    stream: io.stderr as NodeJS.WriteStream,
    // Ctrl-C has to reach this process as a signal.
    discardStdin: false,
    color: io.env.NO_COLOR ? false : "cyan",
  }).start();
  return {
    step: (text) => {
      // One line, with room for the spinner: a longer one would be drawn anew below the last.
      display.text = text.slice(0, columns - 4);
    },
    stop: () => display.stop(),
  };
}
