import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { registryJsonSchema } from "../lib/registry/json-schema";
import { run } from "./cli/run";
import { temporaryFolder } from "./support/folders";
import { PAGES, pageText } from "./support/pages";
import { ROOT } from "./support/synthesized-app";

/** Anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const text = pageText(page).replace(/^ *```.*?^ *```/gms, "");
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

test("the README has at most 160 lines", () => {
  expect(pageText("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(160);
});

test("the README links every page of docs/", () => {
  const linked = [...pageText("README.md").matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link);
  const pages = readdirSync(join(ROOT, "docs")).map((name) =>
    name.endsWith(".md") ? `docs/${name}` : `docs/${name}/`,
  );
  expect(pages.filter((page) => !linked.includes(page))).toEqual([]);
});

test.each(PAGES)("every link of %s leads to a file, and to a heading in it", (page) => {
  const links = [...pageText(page).matchAll(/\]\((?!https:)([^)#]*)(?:#([^)]+))?\)/g)];
  const broken = links.filter(([, file, anchor]) => {
    const target = file ? join(dirname(page), file) : page;
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

test("every page that a message names exists, with the heading that it names", () => {
  const sources = readdirSync(join(ROOT, "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(ROOT, "lib", file), "utf8"));
  const named = sources.flatMap((source) => [
    ...source.matchAll(/(?<![\w/])(docs\/[\w/-]+\.md)(?:, "([^"]+)")?/g),
  ]);
  expect(named.length).toBeGreaterThan(5);
  const missing = named.filter(([, page = "", heading]) => {
    if (!existsSync(join(ROOT, page))) return true;
    return heading !== undefined && !anchorsOf(page).includes(anchorOf(heading));
  });
  expect(missing.map(([text]) => text)).toEqual([]);
});

/** What a command prints for `--help`. */
async function helpOf(command: string): Promise<string> {
  const { stdout } = await run(temporaryFolder(), [
    ...command.split(" ").filter(Boolean),
    "--help",
  ]);
  return stdout;
}

/** The commands and options that a page names: `genesys-orgs state record production --dry-run`. */
function commandsOf(page: string): { page: string; command: string; options: string[] }[] {
  const text = pageText(page).replace(/\\\n\s*/g, "");
  return [
    ...text.matchAll(
      /(?<![\w-])genesys-orgs ((?:(?:state|ci|broker) )?[a-z]+(?:-[a-z]+)*)\b([^\n`#;]*)/g,
    ),
  ].map(([, command = "", rest = ""]) => ({
    page,
    command,
    options: rest.match(/--[a-z-]+/g) ?? [],
  }));
}

test("the README has every command", async () => {
  const listed = (help: string) =>
    [...help.matchAll(/^ {2}([a-z-]+) (?:\[options\]|<)/gm)].map(([, name]) => name);
  const subcommands = [
    ...listed(await helpOf("state")).map((name) => `state ${name}`),
    ...listed(await helpOf("ci")).map((name) => `ci ${name}`),
    ...listed(await helpOf("broker")).map((name) => `broker ${name}`),
  ];
  const table = commandsOf("README.md").map(({ command }) => command);
  expect([...new Set(table)].sort()).toEqual([...listed(await helpOf("")), ...subcommands].sort());
});

test("every command of the pages exists, with its options", async () => {
  const wrong = [];
  for (const named of PAGES.flatMap(commandsOf)) {
    const help = await helpOf(named.command);
    const known = new Set(help.match(/--[a-z-]+/g));
    const exists = help.startsWith(`Usage: genesys-orgs ${named.command} `);
    if (!exists || named.options.some((option) => !known.has(option))) wrong.push(named);
  }
  expect(wrong).toEqual([]);
});

/** Paths of all fields of a schema: `state.lock`, `oauthClients[].name`. */
function fieldsOf(schema: JsonSchema, path = ""): string[] {
  const parts = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const fields = parts.flatMap(({ properties = {}, items }) => [
    ...Object.entries(properties).flatMap(([name, field]) =>
      fieldsOf(field, path ? `${path}.${name}` : name),
    ),
    ...(items?.properties ? fieldsOf(items, `${path}[]`) : []),
  ]);
  return fields.length > 0 ? [...new Set(fields)] : [path];
}

interface JsonSchema {
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

test("docs/registry.md has every field of an organisation and of a state home", () => {
  const [org, homes] = (registryJsonSchema() as JsonSchema).anyOf ?? [];
  const documented = (from: string, to: string) => {
    const text = pageText("docs/registry.md");
    const section = text.slice(text.indexOf(`\n${from}\n`), text.indexOf(`\n${to}\n`));
    const rows = [...section.matchAll(/^\| (`.+?) \|/gm)].map(([, cell = ""]) => cell);
    return rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, field]) => field));
  };
  expect(documented("## Fields of an organisation", "### Derived names").sort()).toEqual(
    fieldsOf(org ?? {}).sort(),
  );
  expect(documented("### Fields of a state home", "## Vault entries").sort()).toEqual(
    fieldsOf(homes?.items ?? {}).sort(),
  );
});
