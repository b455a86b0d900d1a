import { availableParallelism } from "node:os";

/**
 * Works on several items at a time and returns the results in the order of the items. After a failure
 * it starts no further work, and throws the first error when the running work has ended.
 *
 * @param concurrency number of items at a time; undefined for the number of cores
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
    // All workers take their items from one iterator.
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

/** Wraps work so that it handles one item at a time, in the order of the calls. */
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
