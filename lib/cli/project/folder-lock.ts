import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { isAlive } from "../../terraform/cleanup";

/** File in the folder, with the number of the process that writes there. */
const LOCK_FILE = ".genesys-orgs.pid";

/**
 * Works in a folder that other processes may want to write to as well.
 *
 * @throws UserError if another one is writing there
 */
export async function alone<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const file = join(folder, LOCK_FILE);
  take(file, folder);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string, folder: string): void {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const pid = Number(readFileSync(file, "utf8"));
    if (isAlive(pid)) {
      throw new UserError(
        `process ${pid} is writing to ${folder}: wait for its end, or work in another folder`,
      );
    }
    // A killed process left it.
    rmSync(file, { force: true });
    take(file, folder);
  }
}
