import { asList, asObject, type Json } from "../synthesized-stack";
import { byAddress, differing, isTemplate, same, textsIn } from "./texts";

/** Arguments of providers that say nothing about whom they talk to. Their values must be literals. */
const HARMLESS_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  aws: ["default_tags"],
  genesyscloud: ["token_pool_size", "custom_retry_timeout"],
};

/** Refuses another backend, other providers, other settings of them, and other reads of credentials. */
export function* connectionRefusals(base: Json, stack: Json): Iterable<string> {
  const settings = differing(asObject(base.terraform), asObject(stack.terraform));
  if (settings.length > 0) yield `its block terraform differs: ${settings.join(", ")}`;
  yield* providerRefusals(asObject(base.provider), asObject(stack.provider));
  yield* readRefusals(base.ephemeral, stack.ephemeral);
  yield* variableRefusals(asObject(base.variable), asObject(stack.variable));
  yield* referenceRefusals(base, stack);
}

function* providerRefusals(base: Json, stack: Json): Iterable<string> {
  for (const name of differing(base, stack)) {
    const blocksOf = (provider: unknown) =>
      asList(provider).map((block) => withoutHarmless(name, asObject(block)));
    const [was, is] = [blocksOf(base[name]), blocksOf(stack[name])];
    const names = is.flatMap((block, index) => differing(was[index] ?? {}, block));
    if (names.length > 0 || was.length !== is.length) {
      yield `its provider ${name} differs: ${[...new Set(names)].join(", ") || "a block is missing"}`;
    }
  }
}

/** Removes the arguments that may differ, unless they have expressions. */
function withoutHarmless(provider: string, block: Json): Json {
  const names = HARMLESS_ARGUMENTS[provider] ?? [];
  return Object.fromEntries(
    Object.entries(block).filter(
      ([name, value]) => !names.includes(name) || textsIn(value).some(isTemplate),
    ),
  );
}

function* readRefusals(base: unknown, stack: unknown): Iterable<string> {
  const [reads, wanted] = [byAddress(base), byAddress(stack)];
  const conditions = new Set(textsIn(base));
  for (const address of differing(reads, wanted)) {
    if (wanted[address] === undefined) continue;
    const [was, is] = [asObject(reads[address]), asObject(wanted[address])];
    const isNew = reads[address] === undefined;
    const isHarmless = isNew ? isHarmlessRead(address, is, conditions) : hasOtherVersion(was, is);
    if (isHarmless && isDeployedProvider(is.provider, reads)) continue;
    yield `ephemeral.${address} differs`;
  }
}

/** The expressions that OrgStack writes for the name and the version of an entry. */
const BY_CREDENTIAL =
  /^\$\{\(var\.genesys_credential == "planner"\) \? (?:null|"[\w./-]+") : (?:\d+|"[\w./-]+")\}$/;

/** A condition that OrgStack writes, besides those that a deployed stack has. */
const NEVER_APPLIES = '${!(terraform.applying && var.genesys_credential == "planner")}';

/** The name of a mount or an entry, which does not lead out of it. */
const PLAIN_NAME = /^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w./-]+$/;

/** Whether only the version of an entry differs, as after a rotation of the master. */
const hasOtherVersion = (was: Json, { version, ...is }: Json): boolean =>
  same({ ...was, version: undefined }, { ...is, version: undefined }) &&
  (typeof version === "number" || BY_CREDENTIAL.test(`${version}`));

/** Whether a read uses a provider that deployed reads use, or the default one. */
const isDeployedProvider = (provider: unknown, reads: Json): boolean =>
  provider === undefined ||
  Object.values(reads).some((read) => asObject(read).provider === provider);

const READ_ARGUMENTS = ["mount", "name", "version", "provider", "secret_id", "version_id"];

/**
 * Whether an ephemeral resource only reads an entry. The policy of the planner's token decides which ones
 * it can read, and nothing may use the value where it could be seen. A condition of somebody's own could
 * tell the value by its failure.
 */
function isHarmlessRead(address: string, block: Json, conditions: ReadonlySet<string>): boolean {
  if (!/^(vault_kv_secret_v2|aws_secretsmanager_secret_version)\./.test(address)) return false;
  return Object.entries(block).every(([name, value]) => {
    if (name === "//") return true;
    const texts = textsIn(value).filter(isTemplate);
    if (name === "lifecycle") {
      return texts.every((text) => conditions.has(text) || text === NEVER_APPLIES);
    }
    const isPlain = typeof value !== "string" || texts.length > 0 || PLAIN_NAME.test(value);
    return (
      READ_ARGUMENTS.includes(name) && isPlain && texts.every((text) => BY_CREDENTIAL.test(text))
    );
  });
}

function* variableRefusals(base: Json, stack: Json): Iterable<string> {
  for (const [name, variable] of Object.entries(stack)) {
    if (base[name] === undefined) {
      yield `it has a new variable ${name}, whose value would come from the runner's environment`;
    } else if (!same(base[name], variable)) yield `its variable ${name} differs`;
  }
}

/** Refuses another value of whatever providers and reads of credentials refer to. */
function* referenceRefusals(base: Json, stack: Json): Iterable<string> {
  const [was, is] = [referable(base), referable(stack)];
  const seen = new Set<string>();
  const waiting = textsIn([base.provider, base.ephemeral]);
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    for (const [address] of isTemplate(text) ? text.matchAll(/[a-z][\w-]*(?:\.[\w-]+)+/g) : []) {
      const found = Object.keys(was).find(
        (known) => address === known || address.startsWith(`${known}.`),
      );
      if (found === undefined || seen.has(found)) continue;
      seen.add(found);
      waiting.push(...textsIn(was[found]));
      if (!same(was[found], is[found])) yield `${found} differs, which its providers refer to`;
    }
  }
}

/** Returns what expressions may refer to, by the address in them. */
const referable = ({ locals, data, resource, variable }: Json): Json => ({
  ...byAddress({ local: locals, var: variable }),
  ...byAddress(resource),
  ...Object.fromEntries(
    Object.entries(byAddress(data)).map(([address, body]) => [`data.${address}`, body]),
  ),
});
