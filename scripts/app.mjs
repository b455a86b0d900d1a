// The `app` of cdktf.json: builds what is missing or stale, then runs the compiled app. Compiled,
// because ts-node costs more than the whole synthesis; checked first, because stale JavaScript
// would synthesize yesterday's orgs without a word.
import { join } from "node:path";
import { buildOrExit, root } from "./build.mjs";

// cdktf shows what its app writes to stderr as errors.
await buildOrExit(() => {});
await import(join(root, "dist/main.js"));
