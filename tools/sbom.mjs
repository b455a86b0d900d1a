// Lists what a user of the package gets: its dependencies, and the packages inside the functions' zips.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { output, root, ToolError } from "./processes.mjs";

/**
 * Returns the bill of materials (CycloneDX, JSON). The same commit gives the same text. The peers are
 * not in it: the user of the package chooses their versions.
 */
export function sbom() {
  const listed = (...options) =>
    JSON.parse(output("npm", ["sbom", "--sbom-format", "cyclonedx", ...options]));
  const bill = withBundled(listed("--omit", "dev"), listed(), bundled());
  // npm gives it a random number, the time, and the name of the folder.
  delete bill.serialNumber;
  bill.metadata.timestamp = output("git", ["log", "-1", "--format=%cI"]).trim();
  bill.metadata.component.name = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).name;
  bill.metadata.tools.push({ vendor: "OpenJS Foundation", name: "node", version: process.version });
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** Returns a bill with further packages, which are in the bill of everything that is installed. */
export function withBundled(bill, everything, names) {
  const known = new Set(bill.components.map(reference));
  const added = names
    .filter((name) => !known.has(name))
    .map((name) => {
      const component = everything.components.find((one) => reference(one) === name);
      if (!component) throw new ToolError(`${name} is bundled, but not installed: run npm ci`);
      return { ...component, scope: "required" };
    });
  const components = [...bill.components, ...added].sort((a, b) =>
    reference(a) < reference(b) ? -1 : 1,
  );
  const dependencies = added.map((component) => ({ ref: reference(component), dependsOn: [] }));
  return { ...bill, components, dependencies: [...bill.dependencies, ...dependencies] };
}

const reference = (component) => component["bom-ref"];

/** Returns the packages whose code is in the functions' zips, as their notices name them. */
function bundled() {
  const names = ["rotator", "reconciler"].flatMap((name) => {
    const zip = unzipSync(readFileSync(join(root, `dist/lambda/${name}.zip`)));
    const notices = Buffer.from(zip["THIRD-PARTY-NOTICES"]).toString("utf8");
    return [...notices.matchAll(/^(@?[\w/.-]+) (\d[\w.-]*) \([\w.-]+\)$/gm)].map(
      ([, name, version]) => `${name}@${version}`,
    );
  });
  return [...new Set(names)].sort();
}
