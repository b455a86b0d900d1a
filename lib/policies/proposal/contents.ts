import { asObject, type Json } from "../synthesized-stack";
import { byAddress, placesIn, same } from "./texts";

/** Data sources that read another state, or run something. */
const REFUSED_DATA: ReadonlySet<string> = new Set([
  "terraform_remote_state",
  "aws_lambda_invocation",
]);

/** Arguments with which a provider reads a file, or what is at an address. */
const FILE_ARGUMENT = /(?:^|_)(?:filepath|filename|file_path|file_name|source_file|source)$/;

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
    const { provider = type } = body;
    const [name = ""] = `${provider}`.replace(/^\$\{/, "").split(/[_.}]/);
    if (!providers.has(name)) yield `${address} needs the provider ${name}`;
    if (REFUSED_DATA.has(type)) yield `it reads ${address}`;
    // Terraform would store what it reads, and whoever sees the plan could see it.
    if (type.startsWith("vault_") && was[address] === undefined) yield `${address} reads Vault`;
    // Without a write-only value, the provider reads the value into the state.
    if (type === "aws_secretsmanager_secret_version" && body.secret_string_wo === undefined) {
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
  for (const { path, text } of placesIn(stack.removed, "removed")) {
    if (text === "provisioner" || text === "connection") yield `${path} has a ${text}`;
  }
}

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
