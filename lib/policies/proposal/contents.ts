import { asObject, type Json } from "../synthesized-stack";
import { HANDED_ON } from "./expressions";
import { importRefusals } from "./imports";
import { byAddress, placesIn, same } from "./texts";

/**
 * Data sources of AWS that return names, and no contents, tokens or settings of others. Terraform's errors
 * may repeat whatever a data source returns.
 */
const HARMLESS_AWS_DATA: ReadonlySet<string> = new Set([
  "aws_caller_identity",
  "aws_region",
  "aws_partition",
  "aws_iam_policy_document",
  "aws_kms_alias",
  "aws_kms_key",
  "aws_sns_topic",
  "aws_vpc",
  "aws_subnets",
]);

/** A reference to a provider, as the framework writes it. */
const PROVIDER = /^(?:\$\{)?([a-z]\w*)(?:\.[\w-]+)?\}?$/;

/** Arguments with which a provider reads a file, or what is at an address. */
const FILE_ARGUMENT =
  /(?:^|_)(?:filepath|filename|file_path|file_name|source_file|source|zip_file)$/;

/** A file of the stack's folder, or of its assets. */
const OWN_FILE = /^(?!\/)(?:\.\.\/\.\.\/assets\/)?(?!.*\.\.)[\w.@+/-]*$/;

/** Refuses objects that a plan could use to run, to read or to send something. */
export function* contentRefusals(base: Json, stack: Json): Iterable<string> {
  const was = blocksOf(base);
  const providers = new Set([
    "terraform",
    ...Object.keys(asObject(asObject(base.terraform).required_providers)),
  ]);
  for (const [address, block] of Object.entries(blocksOf(stack))) {
    if (same(was[address], block)) continue;
    const body = asObject(block);
    const type = typeOf(address);
    const { provider = type.split("_")[0] } = body;
    const [, name] = PROVIDER.exec(`${provider}`) ?? [];
    if (name === undefined) yield `${address} has an unusual reference to a provider`;
    else if (!providers.has(name)) yield `${address} needs the provider ${name}`;
    const isData = /(?:^|\.)data\./.test(address);
    const isForeign = type.startsWith("aws_") && !HARMLESS_AWS_DATA.has(type);
    if (isData && (isForeign || type === "terraform_remote_state")) yield `it reads ${address}`;
    // Terraform would store what it reads, and anyone who sees the plan could see it.
    if (type.startsWith("vault_")) yield `${address} reads Vault`;
    // Without a write-only value, the provider reads the value into the state.
    if (type === "aws_secretsmanager_secret_version" && !isHandedOn(body, asObject(was[address]))) {
      yield `${address} reads a secret`;
    }
    for (const command of ["provisioner", "connection"]) {
      if (body[command] !== undefined) yield `${address} has a ${command}`;
    }
    for (const { path, text } of placesIn(body, address)) {
      const argument =
        path
          .slice(address.length + 1)
          .split(".")
          .at(-1) ?? "";
      if (FILE_ARGUMENT.test(argument) && text !== argument && !OWN_FILE.test(text)) {
        yield `${path} is not a file of the stack`;
      }
    }
  }
  yield* importRefusals(base, stack);
  for (const { path, text } of placesIn(stack.removed, "removed")) {
    if (text === "provisioner" || text === "connection") yield `${path} has a ${text}`;
  }
}

/** Whether the value of a secret's version is write-only, and comes from an entry or is the deployed one. */
const isHandedOn = ({ secret_string_wo: value }: Json, was: Json): boolean =>
  typeof value === "string" && (HANDED_ON.test(value) || value === was.secret_string_wo);

/** Returns resources and data sources by their addresses, also those in checks. */
const blocksOf = ({ resource, data, check }: Json): Json => ({
  ...byAddress(resource),
  ...withPrefix("data", byAddress(data)),
  ...Object.assign(
    {},
    ...Object.entries(asObject(check)).map(([name, body]) =>
      withPrefix(`check.${name}.data`, byAddress(asObject(body).data)),
    ),
  ),
});

const withPrefix = (prefix: string, blocks: Json): Json =>
  Object.fromEntries(
    Object.entries(blocks).map(([address, body]) => [`${prefix}.${address}`, body]),
  );

const typeOf = (address: string): string => address.split(".").at(-2) ?? "";
