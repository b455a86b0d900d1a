// Builds the documentation's site, with the API reference, a search and llms.txt, in dist-site/.
// It needs no network, and neither does the site.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "../scripts/build.mjs";
import { brokenLinks } from "./broken-links.mjs";
import { main, root, ToolError, tool } from "./processes.mjs";

const SITE = join(root, "dist-site");
const DECISIONS = "docs/decisions";

/** Returns the pages of the README's table: title, file, and when to read it. */
function listedPages() {
  const rows = [...read("README.md").matchAll(/^\| (\[.+) \| (.+) \|$/gm)];
  return rows.flatMap(([, links, purpose]) =>
    [...links.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title, file]) => ({
      title: title[0].toUpperCase() + title.slice(1),
      file: file.replace(/\/$/, "/README.md"),
      purpose,
    })),
  );
}

/** Returns the pages of decisions; a heading there begins with the number. */
const decisionPages = () =>
  readdirSync(join(root, DECISIONS))
    .sort()
    .map((name) => ({ file: `${DECISIONS}/${name}`, title: titleOf(`${DECISIONS}/${name}`) }));

const read = (file) => readFileSync(join(root, file), "utf8");
const titleOf = (file) => /^# (.+)$/m.exec(read(file))[1];
const frontMatter = (values) =>
  `---\n${Object.entries(values)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join("\n")}\n---\n`;

/** Returns a page's text as TypeDoc reads it: it finds no words of code in headings for anchors. */
function shown(text, diagram) {
  return text
    .replace(/^#+ .+$/gm, (heading) => heading.replaceAll("`", ""))
    .replace(/(\]\([^)]*decisions\/)\)/g, "$1README.md)")
    .replace(/^( *)```(\w*)\n(.*?)^ *```$/gms, (block, indent, language, source) => {
      if (language === "mermaid") return diagram(source);
      // TypeDoc reads a block without a language as TypeScript.
      return language ? block : `${indent}\`\`\`text\n${source}${indent}\`\`\``;
    });
}

async function diagrams() {
  const { renderMermaidSVG } = await import(tool("beautiful-mermaid/dist/index.js"));
  const colours = { bg: "var(--color-background)", fg: "var(--color-text)" };
  return (source) => {
    // A column of text is narrow. The font would come from the network, and a blank line would end
    // the HTML in Markdown.
    const svg = renderMermaidSVG(source.replace(/^flowchart LR/, "flowchart TB"), colours)
      .replace(/^.*@import url.*$/m, "")
      .replace(/style="--bg[^"]*"/, "")
      .replace(/\n\s*(?=\n)/g, "");
    return `<div class="diagram">${svg}</div>`;
  };
}

/** Writes the pages for TypeDoc into a folder, and returns those that it begins from. */
async function stagePages(folder, pages, decisions) {
  const diagram = await diagrams();
  const put = (file, text) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
    return join(folder, file);
  };
  // The site's first page has a title already.
  put("README.md", shown(read("README.md"), diagram).replace(/^# .+\n/, ""));
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  for (const { file, title } of decisions) {
    put(file, frontMatter({ title }) + shown(read(file), diagram));
  }
  return pages.map(({ file, title }) => {
    const group =
      /^docs\/\w+|^lib/.test(file) && !file.startsWith(DECISIONS) ? "Guides" : "Project";
    if (!file.startsWith(DECISIONS))
      return put(file, frontMatter({ title, group }) + shown(read(file), diagram));
    const children = decisions.map((decision) => `./${decision.file.split("/").at(-1)}`);
    const list = decisions.map((decision, index) => `- [${decision.title}](${children[index]})`);
    const text = `# ${title}\n\nChoices that a reader would question, with their reasons.\n\n${list.join("\n")}\n`;
    return put(file, frontMatter({ title, group, children }) + text);
  });
}

/** Writes the pages as Markdown, and llms.txt that lists them, for readers that are programs. */
function writeForPrograms(pages, decisions) {
  const { name, description } = JSON.parse(read("package.json"));
  const markdown = pages.filter(({ file }) => existsSync(join(root, file)));
  for (const { file } of [{ file: "README.md" }, ...markdown, ...decisions]) {
    mkdirSync(dirname(join(SITE, file)), { recursive: true });
    cpSync(join(root, file), join(SITE, file));
  }
  const link = ({ title, file, purpose }) =>
    `- [${title}](${file})${purpose ? `: read it ${purpose}` : ""}`;
  const lines = [
    `# ${name}\n\n> ${description}\n`,
    "The links are relative to this file. The API reference is in modules.html.\n",
    "## Documentation\n",
    link({ title: "Overview", file: "README.md", purpose: "first" }),
    ...markdown.map(link),
    "\n## Optional\n",
    ...decisions.map(link),
  ];
  writeFileSync(join(SITE, "llms.txt"), `${lines.join("\n")}\n`);
}

main(import.meta.url, async () => {
  await build();
  const { Application } = await import(tool("typedoc/dist/index.js"));
  const folder = mkdtempSync(join(tmpdir(), "genesys-orgs-site-"));
  try {
    const pages = listedPages();
    const decisions = decisionPages();
    const projectDocuments = await stagePages(folder, pages, decisions);
    rmSync(SITE, { recursive: true, force: true });
    const app = await Application.bootstrapWithPlugins({
      options: join(root, "tools/typedoc.json"),
      readme: join(folder, "README.md"),
      projectDocuments,
    });
    const project = await app.convert();
    if (project) {
      app.validate(project);
      await app.generateOutputs(project);
    }
    if (!project || app.logger.hasErrors() || app.logger.hasWarnings())
      throw new ToolError("the site has the problems above");
    writeForPrograms(pages, decisions);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const broken = brokenLinks(SITE);
  if (broken.length > 0) throw new ToolError(`the site has broken links:\n${broken.join("\n")}`);
});
