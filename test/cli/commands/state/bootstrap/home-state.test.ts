import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { moveIntoBucket } from "../../../../../lib/cli/commands/state/bootstrap/home-state";
import { homeReport } from "../../../../rehearsal/reports";
import { temporaryFolder } from "../../../../support/folders";
import { type LoopbackStore, startLoopbackStore } from "../../../../support/loopback-store";
import { HOME } from "../../../../support/sample-org";

const home = homeReport(HOME.name, { bucket: HOME.bucket });
const stateOf = (lineage: string) =>
  JSON.stringify({ version: 4, lineage, serial: 3, outputs: {}, resources: [] });

let store: LoopbackStore;
const saved = { ...process.env };
beforeEach(async () => {
  store = await startLoopbackStore();
  Object.assign(process.env, store.environment);
});
afterEach(async () => {
  process.env = { ...saved };
  await store.stop();
});

/** Moves a state, of which the bucket had none when it was looked at. */
function move(file: string) {
  writeFileSync(file, stateOf("ours"));
  const state = { file, url: `s3://${HOME.bucket}/${home.stateKey}` };
  const local = { lineage: "ours" } as never;
  return moveIntoBucket({ ...state, local }, home);
}

test("a state that somebody else wrote meanwhile stays, and so does the file", async () => {
  await fetch(`${store.environment.AWS_ENDPOINT_URL_S3}/${HOME.bucket}/${home.stateKey}`, {
    method: "PUT",
    body: stateOf("theirs"),
  });
  const file = join(temporaryFolder(), "terraform.state-home.tfstate");
  await expect(move(file)).rejects.toThrow(
    /differs from \S+, which was kept:\n.*lineage ours, serial 3.*\n.*lineage theirs, serial 3/,
  );
  expect(await store.object(home.stateKey)).toBe(stateOf("theirs"));
  expect(readFileSync(file, "utf8")).toBe(stateOf("ours"));
});

test("a state that arrived is the file's, which is kept under another name", async () => {
  const file = join(temporaryFolder(), "terraform.state-home.tfstate");
  const kept = await move(file);
  expect(await store.object(home.stateKey)).toBe(stateOf("ours"));
  expect([existsSync(file), readFileSync(kept, "utf8")]).toEqual([false, stateOf("ours")]);
});
