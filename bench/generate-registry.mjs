// Writes a registry of any size in YAML: node bench/generate-registry.mjs <folder> <number of orgs>.
// Equal numbers give equal files. The first org is na-prod.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";

const HOMES = ["111111111111", "222222222222"].map((account, index) => {
  const name = ["production", "nonproduction"][index];
  return {
    name,
    bucket: `example-genesys-state-${name}`,
    account,
    region: "us-east-1",
    stateAdmins: [`arn:aws:iam::${account}:role/platform-state-admin`],
  };
});
const REGIONS = ["us-east-1", "eu-central-1", "ap-southeast-2", "us-west-2"];

/** Writes `count` orgs without OAuth clients, in two state homes. */
export function generateRegistry(folder, count) {
  mkdirSync(folder, { recursive: true });
  const record = { version: 1, homes: {} };
  for (const { name, account, region, bucket } of HOMES) {
    record.homes[name] = { account, region, bucket, orgs: {} };
  }
  for (let index = 0; index < count; index++) {
    const production = index % 2 === 0;
    const home = HOMES[production ? 0 : 1];
    const name = index === 0 ? "na-prod" : `customer-${String(index).padStart(4, "0")}`;
    const region = REGIONS[index % REGIONS.length];
    const org = {
      name,
      environment: production ? "production" : "staging",
      organizationId: uuid(`org ${name}`),
      genesysRegion: region,
      state: { home: home.name },
      vault: { address: "https://vault.example.com", auth: { method: "jwt" } },
      aws: {
        account: home.account,
        region,
        deployRole: `arn:aws:iam::${home.account}:role/genesys-${name}-deploy`,
        planRole: `arn:aws:iam::${home.account}:role/genesys-${name}-plan`,
      },
      owner: "contact-centre",
    };
    writeFileSync(join(folder, `${name}.yaml`), stringify(org));
    const key = `arn:aws:kms:us-east-1:${home.account}:key/${uuid(`key ${name}`)}`;
    record.homes[home.name].orgs[name] = { kmsKeyArn: key };
  }
  writeFileSync(join(folder, "homes.yaml"), stringify(HOMES));
  writeFileSync(join(folder, "state-homes.json"), `${JSON.stringify(record, null, 2)}\n`);
}

function uuid(seed) {
  const hex = createHash("sha256").update(seed).digest("hex");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, "$1-$2-4$3-8$4-$5");
}

if (resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [folder, count] = process.argv.slice(2);
  if (!folder || !(Number(count) >= 1)) {
    console.error("usage: node bench/generate-registry.mjs <folder> <number of orgs>");
    process.exit(1);
  }
  generateRegistry(resolve(folder), Number(count));
}
