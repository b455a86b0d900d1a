import { availableParallelism } from "node:os";

/**
 * Works on some items at a time, and returns the results in the items' order. After a failure
 * nothing more is started.
 *
 * @param concurrency items at the same time; undefined: as many as there are cores
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  concurrency: number | undefined,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  let failed = false;
  const worker = async () => {
    // All workers take from one iterator.
    for (const [index, item] of waiting) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Math.max(1, Math.min(concurrency ?? availableParallelism(), items.length));
  const ended = await Promise.allSettled(Array.from({ length: workers }, worker));
  for (const end of ended) if (end.status === "rejected") throw end.reason;
  return results;
}

/** Work of which one piece is done at a time, in the order in which it is asked for. */
export function oneAtATime<Item>(
  work: (item: Item) => Promise<void>,
): (item: Item) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (item) => {
    const done = last.then(() => work(item));
    last = done.catch(() => {});
    return done;
  };
}
