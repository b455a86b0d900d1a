// Runs `genesys-orgs` from this checkout: builds what is missing or stale first.
import { join } from "node:path";
import { buildOrExit, root } from "./build.mjs";

await buildOrExit();
await import(join(root, "dist/lib/cli/main.js"));
