import { stripVTControlCharacters } from "node:util";
import { coloursFor, type Io } from "./io";

/** The display of what a command is doing. */
export interface Progress {
  /** Whether a step replaces the one before it; if not, each step is a line. */
  readonly isLive: boolean;
  /**
   * Shows a step.
   * @param detail shown on a live display only, as far as there is room
   */
  step(text: string, detail?: string): void;
  /**
   * Shows a step with lines below it, as far as there is room; on a live display only.
   */
  list(text: string, lines: readonly string[]): void;
  /** Writes a line that stays, above a live display. */
  line(text: string): void;
  /** Clears the display. */
  stop(): void;
}

/** Starts a spinner on a terminal, or writes one line per step elsewhere; both on stderr. */
export async function startProgress(io: Io): Promise<Progress> {
  const { isTTY, columns } = io.stderr;
  // ora loops forever on a terminal without a width, such as some pseudo terminals.
  const isLive = isTTY === true && columns !== undefined && columns > 0 && io.env.TERM !== "dumb";
  return isLive ? spinner(io, columns) : lines(io);
}

const lines = (io: Io): Progress => ({
  isLive: false,
  step: (text) => io.stderr.write(`${text}\n`),
  list: () => {},
  line: (text) => io.stderr.write(`${text}\n`),
  stop: () => {},
});

async function spinner(io: Io, width: number): Promise<Progress> {
  const { default: ora } = await import("ora");
  const { dim } = coloursFor(io.stderr, io.env);
  const display = ora({
    stream: io.stderr as NodeJS.WriteStream,
    // Ctrl-C must reach this process as a signal.
    discardStdin: false,
    color: io.env.NO_COLOR ? false : "cyan",
  }).start();
  return {
    isLive: true,
    step: (text, detail = "") => {
      // One line, with room for the spinner: ora draws a longer text again below the last one.
      const room = (io.stderr.columns ?? width) - 4;
      const left = room - stripVTControlCharacters(text).length - 1;
      display.text = detail === "" ? cut(text, room) : `${text} ${dim(cut(detail, left))}`;
    },
    list: (text, rows) => {
      // One line each, with room for the spinner: ora draws a longer text again below the last one.
      const room = (io.stderr.columns ?? width) - 4;
      const most = Math.max(1, (io.stderr.rows ?? 24) - 3);
      const shown = rows.length > most ? [...rows.slice(0, most - 1), "…"] : rows;
      display.text = [cut(text, room), ...shown.map((row) => dim(cut(row, room)))].join("\n  ");
    },
    line: (text) => {
      display.clear();
      io.stderr.write(`${text}\n`);
      display.render();
    },
    stop: () => display.stop(),
  };
}

const cut = (text: string, room: number): string =>
  text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text;
