import type { RehearsalEvent, StackRehearsal } from "../../../rehearsal";
import { coloursFor, type Io } from "../../terminal/io";
import type { Progress } from "../../terminal/progress";

/** Shows the progress of a rehearsal: all stacks on a live display, or a line for each finished stack. */
export function showRehearsal(
  io: Io,
  progress: Progress,
  total: number,
): (event: RehearsalEvent) => void {
  const { red } = coloursFor(io.stderr, io.env);
  const running = new Map<string, string>();
  let finished = 0;
  let failed = 0;
  const showAll = () =>
    progress.step(
      `${finished} of ${total} stacks rehearsed${failed > 0 ? red(`, ${failed} failed`) : ""}`,
      [...running].map(([stack, step]) => `${stack}: ${step}`).join(", "),
    );
  if (progress.isLive) showAll();
  return (event) => {
    if (event.kind === "step") running.set(event.stack, event.step);
    else {
      running.delete(event.stack);
      finished++;
      if (event.result.error !== undefined) failed++;
    }
    if (progress.isLive) showAll();
    else if (event.kind === "done") progress.step(describe(event.result));
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
