import { randomUUID } from "node:crypto";
import {
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors";

// Folders and process groups that must not outlive this process, however it ends.
const folders = new Set<string>();
const groups = new Map<number, string | undefined>();

/** Marks a folder that stays. */
const KEPT = ".kept";
const A_DAY = 24 * 60 * 60_000;
let reclaimed = false;

/**
 * Creates a temporary folder that only this user may read. It is removed when the process ends.
 *
 * @param prefix begins with `genesys-orgs-`
 * @throws UserError if there is no place for it
 */
export function temporaryFolder(prefix: string): string {
  if (!reclaimed) reclaim();
  reclaimed = true;
  // mkdtemp creates it with mode 0700.
  const folder = inTemporary(() => mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`)));
  folders.add(folder);
  return folder;
}

/**
 * Creates a temporary file without a name, and returns its descriptor: so nobody else can open it, and it
 * ends with the last process that has it.
 *
 * @throws UserError if there is no place for it
 */
export const namelessFile = (): number =>
  inTemporary(() => {
    const file = join(tmpdir(), `genesys-orgs-${randomUUID()}`);
    const descriptor = openSync(file, "wx+", 0o600);
    unlinkSync(file);
    return descriptor;
  });

function inTemporary<Result>(create: () => Result): Result {
  try {
    return create();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EMFILE" || code === "ENFILE") {
      throw new UserError(
        `too many files are open (${code}): allow more with \`ulimit -n\`, or choose a lower --parallel`,
      );
    }
    throw new UserError(
      `no temporary folder can be made in ${tmpdir()} (${code ?? message}): let TMPDIR name a folder that can be written`,
    );
  }
}

/** Removes folders that killed processes left: they may hold states. */
export function reclaim(now = Date.now()): void {
  let names: string[] = [];
  try {
    names = readdirSync(tmpdir());
  } catch {
    // The first folder that is needed says why.
  }
  for (const name of names) {
    const pid = /^genesys-orgs-[a-z]+-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    try {
      // Processes of another container may share the folder and have other numbers.
      if (now - statSync(folder).mtimeMs < A_DAY) continue;
      if (statSync(join(folder, KEPT), { throwIfNoEntry: false })) continue;
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // It belongs to another user, or another process removes it.
    }
  }
}

/** Whether a process is running. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes a temporary folder. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.delete(folder);
}

/** Keeps a temporary folder for good. */
export function keepFolder(folder: string): void {
  writeFileSync(join(folder, KEPT), "");
  folders.delete(folder);
}

/**
 * Remembers a process group that must not outlive this process.
 *
 * @param work its name, if killing it would leave something half done
 */
export function watchGroup(pid: number, work?: string): void {
  groups.set(pid, work);
}

/** Returns the names of the work that {@link cleanUpNow} would leave half done. */
export const workAtStake = (): string[] => [...groups.values()].flatMap((work) => work ?? []);

/** Forgets a process group whose leader has ended, and kills the rest of it. */
export function endGroup(pid: number): void {
  killGroup(pid);
  groups.delete(pid);
}

/** Kills a process group at once. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Kills every process group and removes every temporary folder, at once. */
export function cleanUpNow(): void {
  for (const pid of groups.keys()) killGroup(pid);
  groups.clear();
  for (const folder of [...folders]) {
    try {
      removeFolder(folder);
    } catch {
      // A process that was just killed may still be writing: nothing more can be done.
    }
  }
}

process.on("exit", cleanUpNow);
