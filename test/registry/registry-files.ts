import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { apacProd } from "../../orgs/apac-prod";
import { euProd } from "../../orgs/eu-prod";
import { naDev } from "../../orgs/na-dev";
import { naProd } from "../../orgs/na-prod";
import { naStaging } from "../../orgs/na-staging";
import { nonproduction, production } from "../../orgs/state-homes";
import record from "../../orgs/state-homes.json";

/** The sample registry as plain data. */
export const SAMPLE = {
  homes: [production, nonproduction],
  orgs: [naProd, euProd, apacProd, naStaging, naDev],
  record,
};

/** Text of a data file, as a team would write it. */
export const yaml = (value: unknown): string => stringify(value, { aliasDuplicateObjects: false });
export const json = (value: unknown): string => `${JSON.stringify(value, null, "\t")}\n`;

/** Writes files into a folder; returns the folder. */
export function written(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The sample as a folder with one org per file. */
export const folderFiles = (
  extension: string,
  text: (value: unknown) => string,
): Record<string, string> => ({
  [`homes.${extension}`]: text(SAMPLE.homes),
  ...Object.fromEntries(SAMPLE.orgs.map((org) => [`${org.name}.${extension}`, text(org)])),
  "state-homes.json": json(SAMPLE.record),
});
