import { homedir } from "node:os";
import { join } from "node:path";

/** Returns the folder for files of the user that can be made again. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const home = env.HOME || homedir();
  const folders = {
    darwin: join(home, "Library/Caches"),
    win32: env.LOCALAPPDATA || join(home, "AppData/Local"),
  };
  const usual = folders[process.platform as keyof typeof folders] ?? join(home, ".cache");
  return join(env.XDG_CACHE_HOME || usual, "genesys-orgs");
}
