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
 * Keeps a state in a file that only this user may read: all of it or nothing, and never in the
 * place of another one.
 *
 * @throws UserError when the file has something else in it, or cannot be written
 */
export function writeBackup(file: string, text: string): void {
  try {
    if (!existsSync(file)) replace(file, text);
    if (readFileSync(file, "utf8") === text) {
      // It may be of before, and somebody may have opened it to others.
      chmodSync(file, 0o600);
      return;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      `the backup ${file} cannot be written: ${code ?? message}; --backup-dir names another folder`,
    );
  }
  throw new UserError(
    `${file} has another state in it than the source, under the same lineage and serial: see which is right, and name another folder with --backup-dir`,
  );
}

function replace(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const partial = join(dirname(file), `.${basename(file)}.partial`);
  // What a killed run left.
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
