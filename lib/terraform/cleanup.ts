import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Folders and process groups that must not outlive this process, however it ends.
const folders = new Set<string>();
const groups = new Set<number>();

/** Creates a temporary folder that only this user may read. It is removed when the process ends. */
export function temporaryFolder(prefix: string): string {
  // mkdtemp creates it with mode 0700.
  const folder = mkdtempSync(join(tmpdir(), prefix));
  folders.add(folder);
  return folder;
}

/** Removes a temporary folder. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.delete(folder);
}

/** Keeps a temporary folder for good. */
export function keepFolder(folder: string): void {
  folders.delete(folder);
}

/** Remembers a process group that must not outlive this process. */
export function watchGroup(pid: number): void {
  groups.add(pid);
}

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
  for (const pid of groups) killGroup(pid);
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
