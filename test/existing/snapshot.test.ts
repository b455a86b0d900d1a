import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeSnapshot } from "../../lib/existing/snapshot";
import { temporaryFolder } from "../support/folders";

const ORG = { name: "na-prod", types: ["genesyscloud_routing_skill"], objects: [] };

test("a snapshot replaces an earlier one", () => {
  const folder = join(temporaryFolder(), "deep", "na-prod");
  writeSnapshot(folder, ORG);
  writeFileSync(join(folder, "queues.jsonl"), "{}\n");
  writeSnapshot(folder, ORG);
  expect(readdirSync(folder)).toEqual(["organization.json"]);
});

test("a snapshot does not take the place of other files", () => {
  const folder = temporaryFolder();
  const data = join(folder, "data");
  mkdirSync(data);
  writeFileSync(join(data, "rows.jsonl"), "{}\n");
  expect(() => writeSnapshot(data, ORG)).toThrow(
    `${data} has files that are no snapshot: rows.jsonl. Choose another folder`,
  );
  expect(existsSync(join(data, "rows.jsonl"))).toBe(true);
  const file = join(folder, "notes.md");
  writeFileSync(file, "mine");
  expect(() => writeSnapshot(file, ORG)).toThrow(`${file} is a file. Choose a folder`);
  expect(readFileSync(file, "utf8")).toBe("mine");
});
