import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { hclBlocks, hclCode } from "../../terraform/hcl-blocks";
import { type Body, isExpression } from "../configuration/literals";

/** A block of an export, of a section that is read. */
export interface ExportBlock {
  /** Name of its file. */
  readonly file: string;
  readonly section: "resource" | "data" | "variable" | "locals";
  /** Type and name of a resource, or name of a variable. */
  readonly labels: readonly string[];
  /** The text between its braces in HCL, or the object in JSON. */
  readonly body: string | Body;
}

/** The files of an export, as far as they are read. */
export interface ExportFiles {
  readonly folder: string;
  readonly blocks: readonly ExportBlock[];
  /** Files with values of variables. */
  readonly values: readonly string[];
  /** The file with the state, if there is one. */
  readonly state?: string;
}

/** How many labels a block of a section has. */
const SECTIONS: Readonly<Record<ExportBlock["section"], number>> = {
  resource: 2,
  data: 2,
  variable: 1,
  locals: 0,
};

/** What says nothing about objects: it is not read. The providers are those of the organisation's own stack. */
const NOT_READ = ["terraform", "provider", "output", "import", "moved", "removed", "check"];

/** Functions that read files of this machine. */
const READS_FILES =
  /\b(file(?:base64(?:sha256|sha512)?|exists|md5|set|sha1|sha256|sha512)?|templatefile|pathexpand|abspath)\b(?=\s*(?:\(|\/[*/]|#))/;

const STATE = "terraform.tfstate";

/**
 * Reads the files of an export, as the provider's `genesyscloud_tf_export` writes them in HCL or JSON.
 *
 * @param isRead whether the blocks of a type are read; those of others may do what they like
 * @throws UserError that names the file, if there is no export, or something in it would run
 */
export function readExport(folder: string, isRead: (type: string) => boolean): ExportFiles {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(`${folder} is not a folder: --from names the folder of an export`);
  }
  const names = readdirSync(folder).sort();
  const blocks = names
    .filter((name) => /\.tf(\.json)?$/.test(name))
    .flatMap((name) => blocksIn(folder, name));
  if (blocks.length === 0) {
    throw new UserError(
      `${folder} has no *.tf and no *.tf.json: --from names the \`directory\` of genesyscloud_tf_export; unpack its archive if it has \`compress\``,
    );
  }
  for (const block of blocks) refuseUnsafe(folder, block, isRead);
  const state = names.includes(STATE) ? join(folder, STATE) : undefined;
  return {
    folder,
    blocks: blocks.map(({ header: _, ...block }) => block as ExportBlock),
    values: names.filter((name) => /(^terraform|\.auto)\.tfvars(\.json)?$/.test(name)),
    ...(state && { state }),
  };
}

/** A block of any section. */
interface AnyBlock extends Omit<ExportBlock, "section"> {
  readonly section: string;
  readonly header: string;
}

function blocksIn(folder: string, file: string): AnyBlock[] {
  const text = readFileSync(join(folder, file), "utf8").replace(/\r\n/g, "\n");
  const found = file.endsWith(".json") ? inJson(folder, file, text) : inHcl(folder, file, text);
  return found.filter(({ section }) => !NOT_READ.includes(section));
}

const inHcl = (folder: string, file: string, text: string): AnyBlock[] =>
  hclBlocks(text).map(({ header, body, isOpen }) => {
    const [section = "", ...labels] = header;
    if (isOpen) {
      throw new UserError(
        `${join(folder, file)} ends before its block ${header.join(" ")} does: export again`,
      );
    }
    return { file, section, labels, body, header: header.join(" ") };
  });

function inJson(folder: string, file: string, text: string): AnyBlock[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's own words quote the text, which may have a secret.
    throw new UserError(`${join(folder, file)} is not a JSON document: export again`);
  }
  return objectsIn(document).flatMap((sections) =>
    Object.entries(sections).flatMap(([section, content]) =>
      inSection(content, SECTIONS[section as ExportBlock["section"]] ?? 0).map(
        ({ labels, body }) => ({
          file,
          section,
          labels,
          body,
          header: [section, ...labels].join(" "),
        }),
      ),
    ),
  );
}

function inSection(
  content: unknown,
  depth: number,
  labels: readonly string[] = [],
): { readonly labels: readonly string[]; readonly body: Body }[] {
  return objectsIn(content).flatMap((block) =>
    depth === 0
      ? [{ labels, body: block }]
      : Object.entries(block).flatMap(([label, inner]) =>
          inSection(inner, depth - 1, [...labels, label]),
        ),
  );
}

/** In JSON, Terraform takes a list of objects for an object. */
const objectsIn = (value: unknown): Body[] =>
  [value].flat().filter((one): one is Body => typeof one === "object" && one !== null);

function refuseUnsafe(
  folder: string,
  { file, section, labels, body, header }: AnyBlock,
  isRead: (type: string) => boolean,
): void {
  const refuse = (what: string) =>
    new UserError(`${join(folder, file)}: ${what}: take it out of the export`);
  if (!(section in SECTIONS)) throw refuse(`the block ${header} is not read`);
  const [type = ""] = labels;
  if (section === "data" && !type.startsWith("genesyscloud_")) {
    throw refuse(`${header} would read something that is not in Genesys Cloud`);
  }
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const [, command] =
    /^\s*(provisioner|connection)\b|"(provisioner|connection)"\s*:/m
      .exec(text)
      ?.filter((each) => each !== undefined) ?? [];
  if (section === "resource" && command !== undefined) throw refuse(`${header} has a ${command}`);
  if (section === "resource" && !isRead(type)) return;
  for (const part of templatesIn(body)) {
    const [, name] = READS_FILES.exec(part) ?? [];
    if (name !== undefined) throw refuse(`${header} uses the function ${name}, which reads files`);
  }
}

/** Returns the texts in which expressions can be. */
function* templatesIn(value: unknown, isJson = false): Generator<string> {
  if (typeof value === "string") {
    if (!isJson) yield hclCode(value);
    else if (isExpression(value)) yield value;
  } else if (typeof value === "object" && value !== null) {
    for (const each of Object.entries(value).flat()) yield* templatesIn(each, true);
  }
}
