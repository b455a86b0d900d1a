import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  entryLines,
  languageOf,
  proposeEntry,
} from "../../../../lib/cli/commands/hand-over/registry-entry";
import { oauthClientSchema } from "../../../../lib/registry/entry-schemas";
import { temporaryFolder } from "../../../support/folders";

const ID = (digit: string) => `${digit.repeat(8)}-1111-4111-8111-111111111111`;
const grant = (role: string, name: string) => ({
  role: { id: ID(role), name },
  division: { id: ID("d"), name: "Home # 1" },
});
const propose = (name: string, seconds: number | undefined, count = 1) =>
  proposeEntry(
    { id: ID("a"), name, accessTokenValiditySeconds: seconds },
    Array.from({ length: count }, (_, index) => ({
      role: { id: ID("b").replace("8111", `${8100 + index}`), name: "R" },
      division: { id: ID("d") },
    })),
    new Set(["taken"]),
  );

test.each([
  ["CRM Integration", "crm-integration"],
  ["dataActions", "data-actions"],
  ["2. Ünïcode / test", "unicode-test"],
  ["***", "client"],
  ["Taken", "taken-2"],
  ["x".repeat(90), "x".repeat(56)],
])("a client %p becomes the credential %s, which the registry takes", (name, expected) => {
  const { entry, notes } = propose(name, 3600);
  expect([entry.name, notes]).toEqual([expected, []]);
  expect(oauthClientSchema.safeParse(entry).success).toBe(true);
});

test.each<[number | undefined, number, number]>([
  [undefined, 3600, 0],
  [100, 300, 1],
  [38_880_000, 172_800, 1],
])("a token lifetime of %p becomes %d, and a difference is said", (seconds, expected, notes) => {
  const proposed = propose("A", seconds);
  expect([proposed.entry.accessTokenValiditySeconds, proposed.notes.length]).toEqual([
    expected,
    notes,
  ]);
});

test("what an entry cannot have is said", () => {
  expect(propose("A", 3600, 71).notes).toEqual([
    expect.stringContaining("more roles than an entry can have: 70"),
  ]);
  expect(propose("A", 3600, 0).notes).toEqual([expect.stringContaining("it has no roles")]);
});

test("YAML has the names of roles and divisions as comments, on one line each", () => {
  const proposed = proposeEntry(
    { id: ID("a"), name: "A: #1", accessTokenValiditySeconds: 600 },
    [grant("b", "Agents\nand more"), grant("c", "Leads")],
    new Set(),
  );
  const lines = entryLines(proposed, "yaml");
  expect(parse(lines.join("\n"))).toEqual([proposed.entry]);
  expect(lines).toContain(`    - "${ID("b")}" # Agents and more`);
});

test("a project's language is that of its registry", () => {
  const folder = temporaryFolder();
  expect(languageOf(folder)).toBe("typescript");
  mkdirSync(join(folder, "orgs"));
  writeFileSync(join(folder, "orgs/na.yaml"), "");
  expect(languageOf(folder)).toBe("yaml");
  writeFileSync(join(folder, "orgs/eu.ts"), "");
  expect(languageOf(folder)).toBe("typescript");
});
