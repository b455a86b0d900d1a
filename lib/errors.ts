/**
 * A mistake that the user can correct. Its message names the organisation, the path, the value and
 * the fix. Commands print only the message, without a stack trace.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** What the file system says, in words. Other codes are not about the user's machine. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it exists already",
  EIO: "the disk reports an error",
  EISDIR: "it is a folder",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ENFILE: "too many files are open",
  ENOENT: "it does not exist",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is not a folder",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

/** Returns an error of the file system as a mistake that the user can correct; any other error as it is. */
export function withoutFileErrors(error: unknown): unknown {
  const { code = "", path, dest } = (error ?? {}) as NodeJS.ErrnoException & { dest?: string };
  const reason = REASONS[code];
  if (reason === undefined) return error;
  const subject = dest ?? path;
  // A failed write does not name its file.
  const what = subject === undefined ? "a file cannot be written" : `${subject} cannot be used`;
  return new UserError(`${what}: ${reason} (${code})`);
}
