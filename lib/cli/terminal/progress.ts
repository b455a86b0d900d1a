import type { RehearsalEvent, StackRehearsal } from "../../rehearsal";
import { coloursFor, type Io } from "./io";

/** Shows how far a rehearsal is. */
export interface Progress {
  event(event: RehearsalEvent): void;
  /** Clears what is on display. */
  stop(): void;
}

/** A spinner on a terminal, and one line per finished stack elsewhere; both on stderr. */
export async function startProgress(io: Io, total: number): Promise<Progress> {
  const { isTTY, columns } = io.stderr;
  // A terminal that does not know its width, as some pseudo terminals, makes ora loop for ever.
  return isTTY && columns && io.env.TERM !== "dumb" ? spinner(io, total) : lines(io);
}

function lines(io: Io): Progress {
  return {
    event: (event) => {
      if (event.kind === "done") io.stderr.write(`${describe(event.result)}\n`);
    },
    stop: () => {},
  };
}

async function spinner(io: Io, total: number): Promise<Progress> {
  const { default: ora } = await import("ora");
  const colours = coloursFor(io.stderr, io.env);
  const running = new Map<string, string>();
  let finished = 0;
  let failed = 0;
  const text = () => {
    const done = `${finished} of ${total} stacks rehearsed`;
    const bad = failed > 0 ? `, ${failed} failed` : "";
    const now = [...running].map(([stack, step]) => `${stack}: ${step}`).join(", ");
    // One line, with room for the spinner: a longer one would be drawn anew below the last.
    const room = Math.max(0, (io.stderr.columns ?? 80) - done.length - bad.length - 4);
    const shown = now.length > room ? `${now.slice(0, Math.max(0, room - 1))}…` : now;
    return `${done}${bad === "" ? "" : colours.red(bad)} ${colours.dim(shown)}`;
  };
  const display = ora({
    text: text(),
    stream: io.stderr as NodeJS.WriteStream,
    // Ctrl-C has to reach this process as a signal.
    discardStdin: false,
    color: io.env.NO_COLOR ? false : "cyan",
  }).start();
  return {
    event: (event) => {
      if (event.kind === "step") running.set(event.stack, event.step);
      else {
        running.delete(event.stack);
        finished++;
        if (event.result.error !== undefined) failed++;
      }
      display.text = text();
    },
    stop: () => display.stop(),
  };
}

function describe(result: StackRehearsal): string {
  const seconds = `${result.seconds.toFixed(1)} s`;
  if (result.interrupted) return `${result.stack}: interrupted, ${seconds}`;
  if (result.error === undefined) {
    return `${result.stack}: ok, ${result.resources} resources, ${seconds}`;
  }
  const step = result.steps.find(({ ok }) => !ok)?.step ?? "start";
  return `${result.stack}: failed at ${step}, ${seconds}`;
}
