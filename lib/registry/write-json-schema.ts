import { writeFileSync } from "node:fs";
import { registryJsonSchema } from "./json-schema";

// Run by the build: node write-json-schema.js <file>
const [file] = process.argv.slice(2);
if (file) writeFileSync(file, `${JSON.stringify(registryJsonSchema(), null, 2)}\n`);
