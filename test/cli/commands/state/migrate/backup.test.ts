import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeBackup } from "../../../../../lib/cli/commands/state/migrate/backup";
import { temporaryFolder } from "../../../../support/folders";

const modeOf = (file: string) => statSync(file).mode & 0o777;

test("an earlier backup becomes readable for its owner only", () => {
  const file = join(temporaryFolder(), "backup.tfstate");
  writeBackup(file, "state");
  chmodSync(file, 0o644);
  writeBackup(file, "state");
  expect([readFileSync(file, "utf8"), modeOf(file)]).toEqual(["state", 0o600]);
});

test("a file with another state is refused, and stays as it is", () => {
  const file = join(temporaryFolder(), "backup.tfstate");
  writeBackup(file, "another");
  chmodSync(file, 0o644);
  expect(() => writeBackup(file, "state")).toThrow(`the backup ${file} differs from the source`);
  expect([readFileSync(file, "utf8"), modeOf(file)]).toEqual(["another", 0o644]);
});
