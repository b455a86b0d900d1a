import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// What must not outlive this process, however it ends.
const folders = new Set<string>();
const groups = new Set<number>();

/** A temporary folder that only this user may read. Removed at the latest when the process ends. */
export function temporaryFolder(prefix: string): string {
  // mkdtemp makes it with mode 0700.
  const folder = mkdtempSync(join(tmpdir(), prefix));
  folders.add(folder);
  return folder;
}

/** Removes a temporary folder. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.delete(folder);
}

/** Leaves a temporary folder in place for good. */
export function keepFolder(folder: string): void {
  folders.delete(folder);
}

/** Remembers a process group that must not outlive this process. */
export function watchGroup(pid: number): void {
  groups.add(pid);
}

/** Forgets a process group: its leader has ended. What is left of it is killed. */
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
      // A process that was just killed may still write: nothing more can be done here.
    }
  }
}

process.on("exit", cleanUpNow);
