// Rehearses one org with 25, 50, 100 and 200 OAuth clients: the time must not grow faster than they do.
// node bench/clients.mjs [count…]
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { generateRegistry } from "./generate-registry.mjs";
import { measure } from "./measure.mjs";

const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const counts = process.argv.slice(2).map(Number);
const sizes = counts.length > 0 ? counts : [25, 50, 100, 200];
const temporary = mkdtempSync(join(tmpdir(), "genesys-orgs-bench-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));

/** Creates a CDKTF project with one org that has this many OAuth clients. */
function projectWith(count) {
  const folder = join(temporary, `clients-${count}`);
  const registry = join(folder, "registry");
  generateRegistry(registry, 1);
  const file = join(registry, "na-prod.yaml");
  const entry = parse(readFileSync(file, "utf8"));
  entry.oauthClients = Array.from({ length: count }, (_, index) => ({
    name: `service-${index}`,
    description: "Benchmark",
    permissions: [{ domain: "analytics", entity: "conversationDetail", actions: ["view"] }],
    classification: { sensitivity: "confidential", rotationDays: 90, owner: "bench" },
    consumers: ["arn:aws:iam::111111111111:role/consumer"],
  }));
  writeFileSync(file, stringify(entry));
  mkdirSync(folder, { recursive: true });
  const app = [process.execPath, join(root, "bench/our-app/main.mjs"), registry];
  const config = { language: "typescript", app: app.join(" "), projectId: "bench" };
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(config));
  return folder;
}

console.log("clients  seconds  seconds per client");
for (const count of sizes) {
  const args = [join(root, "dist/lib/cli/main.js"), "rehearse", "na-prod"];
  const { seconds } = await measure({ args, cwd: projectWith(count) }, temporary);
  const perClient = (seconds / count).toFixed(2);
  console.log(
    `${String(count).padStart(7)}  ${seconds.toFixed(1).padStart(7)}  ${perClient.padStart(18)}`,
  );
}
