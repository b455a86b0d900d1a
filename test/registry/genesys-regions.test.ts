import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GENESYS_REGIONS } from "../../lib/registry/genesys-regions";

test("the Vault secrets engine knows the same regions", () => {
  const file = join(__dirname, "../../vault-plugin/platform/regions.go");
  const rows = readFileSync(file, "utf8").matchAll(/^\t"([\w-]+)":\s+"([\w.-]+)",$/gm);
  expect(Object.fromEntries([...rows].map(([, name, domain]) => [name, domain]))).toEqual(
    GENESYS_REGIONS,
  );
});
