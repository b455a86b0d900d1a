import { randomBytes } from "node:crypto";

/** Returns the id of a new run. Ids sort by time, apart from those of the same second. */
export const newRunId = (now: number): string =>
  `${runTimeText(now)}-${randomBytes(4).toString("hex")}`;

/** The time in the id of a run, for example `20261129t021500z`. */
const runTimeText = (time: number): string =>
  new Date(time)
    .toISOString()
    .replace(/[-:]|\.\d+/g, "")
    .toLowerCase();
