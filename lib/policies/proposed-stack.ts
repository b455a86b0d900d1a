import { isDeepStrictEqual } from "node:util";
import { asList, asObject, type Json } from "./synthesized-stack";

// A plan already runs code: the providers, with the planner's credential, and Terraform's functions, which
// read files. So whoever may write a stack's Terraform JSON could send the credential away, or print it,
// unless everything that touches it is as it was reviewed.

/** Sections that a plan of somebody else's stack may have. */
const SECTIONS: ReadonlySet<string> = new Set([
  "//",
  "terraform",
  "provider",
  "ephemeral",
  "variable",
  "locals",
  "resource",
  "data",
  "output",
  "check",
  "import",
  "moved",
  "removed",
]);

/** Arguments of providers that say nothing about whom they talk to. Their values must be literals. */
const HARMLESS_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  aws: ["default_tags"],
  genesyscloud: ["token_pool_size", "custom_retry_timeout"],
};

/** Data sources that read what the planner must not, or that need no provider to send something away. */
const REFUSED_DATA: ReadonlySet<string> = new Set(["terraform_remote_state"]);

/** Calls that read files, or that print what is sensitive. */
const FORBIDDEN_CALLS =
  /\b(file\w*|templatefile|templatestring|nonsensitive|pathexpand|abspath)\s*\(/;

/** A file of the stack's folder, or of its assets, by a literal path. */
const OWN_FILE = /\bfile\w*\s*\(\s*"(?!\/|~)(?:\.\.\/\.\.\/assets\/)?(?:(?!\.\.)[^"$%])*"\s*\)/g;

/**
 * Returns why the Terraform JSON that somebody proposes for a stack must not be planned with the stack's
 * credentials. Empty if it may.
 *
 * @param deployed the JSON of the same stack, as it was reviewed
 */
export function refusalsOf(deployed: unknown, proposed: unknown): string[] {
  const [base, stack] = [asObject(deployed), asObject(proposed)];
  return [
    ...Object.keys(stack)
      .filter((section) => !SECTIONS.has(section))
      .map((section) => `it has a block ${section}`),
    ...connectionRefusals(base, stack),
    ...variableRefusals(asObject(base.variable), asObject(stack.variable)),
    ...dataRefusals(stack),
    ...commandRefusals(stack),
    ...textRefusals(base, stack),
  ];
}

function* connectionRefusals(base: Json, stack: Json): Iterable<string> {
  if (!same(base.terraform, stack.terraform)) {
    const names = differing(asObject(base.terraform), asObject(stack.terraform));
    yield `its block terraform differs: ${names.join(", ")}`;
  }
  const [providers, others] = [asObject(base.provider), asObject(stack.provider)];
  for (const name of differing(providers, others)) {
    const [was, is] = [asList(providers[name]), asList(others[name])].map((blocks) =>
      blocks.map((block) => withoutHarmless(name, asObject(block))),
    ) as [Json[], Json[]];
    if (same(was, is)) continue;
    const names = is.flatMap((block, index) => differing(was[index] ?? {}, block));
    yield `its provider ${name} differs: ${[...new Set(names)].join(", ") || "a block is missing"}`;
  }
  const [reads, wanted] = [byAddress(base.ephemeral), byAddress(stack.ephemeral)];
  const conditions = new Set(textsIn(base.ephemeral));
  for (const address of differing(reads, wanted)) {
    if (wanted[address] === undefined) continue;
    if (isHarmlessRead(address, asObject(wanted[address]), conditions)) continue;
    yield `ephemeral.${address} differs`;
  }
}

/** Removes the arguments that may differ, unless they have expressions. */
function withoutHarmless(provider: string, block: Json): Json {
  const names = HARMLESS_ARGUMENTS[provider] ?? [];
  return Object.fromEntries(
    Object.entries(block).filter(
      ([name, value]) =>
        name !== "//" && (!names.includes(name) || textsIn(value).some(isTemplate)),
    ),
  );
}

/** The expressions that OrgStack writes for the name and the version of an entry. */
const BY_CREDENTIAL =
  /^\$\{\(var\.genesys_credential == "planner"\) \? (?:null|"[\w./-]+") : (?:\d+|"[\w./-]+")\}$/;

/** A condition that OrgStack writes, besides those that a deployed stack has. */
const NEVER_APPLIES = '${!(terraform.applying && var.genesys_credential == "planner")}';

/**
 * Whether an ephemeral resource only reads an entry. The policy of the planner's token decides which ones
 * it can read, and nothing may use the value where it could be seen. A condition of somebody's own could
 * tell the value by its failure.
 */
function isHarmlessRead(address: string, block: Json, conditions: ReadonlySet<string>): boolean {
  if (!/^(vault_kv_secret_v2|aws_secretsmanager_secret_version)\./.test(address)) return false;
  return Object.entries(block).every(([name, value]) => {
    if (name === "//") return true;
    if (name === "lifecycle") {
      return textsIn(value).every(
        (text) => !isTemplate(text) || conditions.has(text) || text === NEVER_APPLIES,
      );
    }
    const isArgument = ["mount", "name", "version", "provider", "secret_id", "version_id"];
    return (
      isArgument.includes(name) &&
      textsIn(value).every((text) => !isTemplate(text) || BY_CREDENTIAL.test(text))
    );
  });
}

function* variableRefusals(base: Json, stack: Json): Iterable<string> {
  for (const name of Object.keys(base)) {
    if (stack[name] !== undefined && !same(base[name], stack[name])) {
      yield `its variable ${name} differs`;
    }
  }
}

function* dataRefusals(stack: Json): Iterable<string> {
  const checks = Object.values(asObject(stack.check)).map((check) => asObject(check).data);
  for (const data of [stack.data, ...checks]) {
    for (const type of Object.keys(asObject(data))) {
      if (REFUSED_DATA.has(type)) yield `it reads data.${type}`;
    }
  }
}

function* commandRefusals(stack: Json): Iterable<string> {
  const resources = Object.entries(byAddress(stack.resource));
  const removed = asList(stack.removed).map((block) => ["removed", block] as const);
  for (const [address, body] of [...resources, ...removed]) {
    for (const name of ["provisioner", "connection"]) {
      if (asObject(body)[name] !== undefined) yield `${address} has a ${name}`;
    }
  }
}

/** Refuses expressions that read files or print secrets, wherever they are. */
function* textRefusals(base: Json, stack: Json): Iterable<string> {
  const keyOf = ({ path, text }: TextPlace) => JSON.stringify([path, text]);
  const known = new Set([...placesIn(base, "")].map(keyOf));
  for (const place of placesIn(stack, "")) {
    const { path, text, writeOnly } = place;
    // The same text elsewhere would be something else: a provider's secret in an output.
    if (!isTemplate(text) || known.has(keyOf(place))) continue;
    const [call] = FORBIDDEN_CALLS.exec(text.replace(OWN_FILE, "")) ?? [];
    if (call !== undefined) yield `${path} calls ${call.replace(/\s*\($/, "")}`;
    if (/\bephemeral\b/.test(text) && !writeOnly) {
      yield `${path} uses an ephemeral value outside of a write-only argument`;
    }
  }
}

interface TextPlace {
  readonly path: string;
  readonly text: string;
  /** Whether it is the value of a resource's write-only argument. */
  readonly writeOnly: boolean;
}

/** Returns all texts of a value, also those in the names of fields, which Terraform evaluates as well. */
function* placesIn(value: unknown, path: string, writeOnly = false): Iterable<TextPlace> {
  if (typeof value === "string") yield { path, text: value, writeOnly };
  if (typeof value !== "object" || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    // A comment of the whole stack. Further in, `//` could be the name of a map's field.
    if (name === "//" && path === "") continue;
    if (!Array.isArray(value)) yield { path, text: name, writeOnly: false };
    const argument = path.startsWith("resource.") && path.split(".").length === 3;
    yield* placesIn(
      each,
      path === "" ? name : `${path}.${name}`,
      writeOnly || (argument && name.endsWith("_wo")),
    );
  }
}

const textsIn = (value: unknown): string[] => [...placesIn(value, "")].map(({ text }) => text);

const isTemplate = (text: string): boolean => /[$%]\{/.test(text);

/** Blocks by type and name, as one record. */
const byAddress = (section: unknown): Json =>
  Object.fromEntries(
    Object.entries(asObject(section)).flatMap(([type, blocks]) =>
      Object.entries(asObject(blocks)).map(([name, body]) => [`${type}.${name}`, body]),
    ),
  );

/** Names of fields whose values differ. */
const differing = (one: Json, other: Json): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((name) => name !== "//" && !same(one[name], other[name]))
    .sort();

const same = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(withoutComment(one), withoutComment(other));

/** Removes the comment of a block. Further in, `//` could be the name of a map's field. */
function withoutComment(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { "//": _, ...rest } = value as Json;
  return rest;
}
