import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../../../errors";

/**
 * Writes a state into a file that only this user may read: all of it or nothing, and never over
 * another state.
 *
 * @throws UserError if the file has another content, or cannot be written
 */
export function writeBackup(file: string, text: string): void {
  try {
    if (!existsSync(file)) replace(file, text);
    if (readFileSync(file, "utf8") === text) {
      // An earlier run may have written it, and somebody may have opened it to others since.
      chmodSync(file, 0o600);
      return;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      `the backup ${file} cannot be written (${code ?? message}): name another folder with --backup-dir`,
    );
  }
  throw new UserError(
    `the backup ${file} differs from the source, but has the same lineage and serial: find out which one is right, and name another folder with --backup-dir`,
  );
}

function replace(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const partial = join(dirname(file), `.${basename(file)}.partial`);
  // A killed run may have left it.
  rmSync(partial, { force: true });
  const descriptor = openSync(partial, "wx", 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(partial, file);
}
