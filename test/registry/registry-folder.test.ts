import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OrgRegistry } from "../../lib/registry";
import { AWS_REGIONS } from "../../lib/registry/aws-regions";
import { temporaryFolder } from "../support/folders";
import { messageOf, problemsText } from "./patched";
import { folderFiles, SAMPLE, written, yaml } from "./registry-files";

const files = folderFiles("yaml", yaml);
const { homes, orgs } = SAMPLE;

/** The message about the sample registry with other files in its folder. */
const messageWith = (more: Readonly<Record<string, string>>) =>
  messageOf(() => OrgRegistry.load(written(temporaryFolder(), { ...files, ...more })));

test.each(["YAML", "Yml", "JSON"])("a file whose name ends in .%s is read", (ending) => {
  const [file = ""] = Object.keys(files).filter((name) => name.startsWith("na-prod"));
  const { [file]: text = "", ...others } = files;
  const folder = written(temporaryFolder(), { ...others, [`na-prod.${ending}`]: text });
  expect(OrgRegistry.load(folder).names).toContain("na-prod");
});

test.each([
  "na-prod.yaml.bak",
  "na-prod.yml.disabled",
  "na-prod.ym",
  "na-prod.jsonc",
  "na-prod.toml",
])("%s, which looks like an entry, is named", (name) => {
  expect(messageWith({ [name]: "" })).toBe(
    problemsText(
      `${name} is not read: let its name end in .yaml, .yml or .json, or move it elsewhere [file]`,
    ),
  );
});

test("consumers.yaml is the list of consumers, and no organisation", () => {
  const consumers = [{ name: "crm-sync", role: "arn:aws:iam::111111111111:role/crm" }];
  const folder = written(temporaryFolder(), { ...files, "consumers.yaml": yaml(consumers) });
  const registry = OrgRegistry.load(folder);
  expect(registry.consumers).toEqual(consumers);
  expect(registry.names).toHaveLength(orgs.length);
});

test("consumers that are not a list are named", () => {
  expect(messageWith({ "consumers.yaml": "name: crm-sync" })).toBe(
    problemsText("consumers.yaml is an object: give a list of consumers [file]"),
  );
});

test("other files may be in the folder, and the copies that editors make", () => {
  const names = ["README.md", "index.ts", ".na-prod.yaml.swp", "na-prod.yaml~", "#na-prod.yaml#"];
  const folder = written(temporaryFolder(), {
    ...files,
    ...Object.fromEntries(names.map((name) => [name, ""])),
  });
  expect(OrgRegistry.load(folder).names).toHaveLength(orgs.length);
});

test("a folder with entries is named, and no other", () => {
  const folder = written(temporaryFolder(), files);
  for (const name of ["more", "empty", ".git"]) mkdirSync(join(folder, name));
  for (const name of ["more", ".git"]) writeFileSync(join(folder, name, "eu.yaml"), "");
  expect(messageOf(() => OrgRegistry.load(folder))).toBe(
    problemsText(
      "more is not read: move its files up, since folders in the registry are not read [file]",
    ),
  );
});

test("a named pipe is not waited for", () => {
  const folder = written(temporaryFolder(), files);
  spawnSync("mkfifo", [join(folder, "pipe.yaml")]);
  expect(messageOf(() => OrgRegistry.load(folder))).toBe(
    problemsText("pipe.yaml is not readable: it is not a regular file [file]"),
  );
});

test("files without any organisation are a mistake", () => {
  const folder = written(temporaryFolder(), { "homes.yaml": yaml(homes) });
  expect(messageOf(() => OrgRegistry.load(folder))).toBe(
    problemsText(
      `${folder} is without any organisation: add a file for each organisation [required]`,
    ),
  );
  const single = written(temporaryFolder(), { "all.yaml": yaml({ homes, orgs: [] }) });
  expect(messageOf(() => OrgRegistry.load(join(single, "all.yaml")))).toBe(
    problemsText(
      "all.yaml is without any organisation: add an entry to orgs for each organisation [required]",
    ),
  );
});

test("the regions are those that the AWS SDK knows", () => {
  const client = require.resolve("@aws-sdk/core/client");
  const found = readFileSync(client, "utf8").matchAll(/"([a-z]{2,4}(?:-[a-z]+)+-\d)": \{/g);
  const regions = new Set([...found].map(([, name]) => name));
  expect([...AWS_REGIONS].sort()).toEqual([...regions].sort());
});
