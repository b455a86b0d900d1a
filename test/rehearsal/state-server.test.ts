import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { serveState } from "../../lib/rehearsal/state-server";
import { temporaryFolder } from "../support/folders";

test("a state is written, read and removed over HTTP, by those who know its path", async () => {
  const file = join(temporaryFolder(), "state");
  const { address, stop } = await serveState(file);
  try {
    expect((await fetch(address)).status).toBe(404);
    expect((await fetch(address, { method: "POST", body: "text" })).status).toBe(200);
    expect([readFileSync(file, "utf8"), statSync(file).mode & 0o777]).toEqual(["text", 0o600]);
    expect(await (await fetch(address)).text()).toBe("text");
    expect((await fetch(new URL("/", address))).status).toBe(403);
    expect((await fetch(address, { method: "DELETE" })).status).toBe(200);
    expect(existsSync(file)).toBe(false);
  } finally {
    stop();
  }
});
