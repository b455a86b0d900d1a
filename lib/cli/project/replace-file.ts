import { renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Replaces a file in one step, so that a reader never finds half of it.
 *
 * @param mode permissions of the file. @default - those that the process gives to new files
 * @throws the error of the file system
 */
export function replaceFile(file: string, text: string, mode?: number): void {
  // Always the same name: the next run removes the file of a killed run.
  const written = join(dirname(file), `.${basename(file)}.new`);
  try {
    rmSync(written, { force: true });
    writeFileSync(written, text, { mode, flag: "wx" });
    renameSync(written, file);
  } finally {
    rmSync(written, { force: true });
  }
}
