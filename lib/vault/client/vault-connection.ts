import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { proxiedFetchTrusting } from "../../http/proxy";

/** A Vault server, as the caller's environment reaches it. */
export interface VaultConnection {
  /** URL of the server. */
  readonly address: string;
  /** @default - the root namespace */
  readonly namespace?: string;
  /** Goes through the environment's proxy, and trusts the authorities that it names. */
  readonly fetch: typeof fetch;
}

/**
 * Reads from the environment what Terraform's provider reads there as well: `VAULT_NAMESPACE`, unless the
 * place has a namespace of its own, `VAULT_CACERT` and `VAULT_CAPATH`.
 *
 * @throws UserError if a certificate cannot be read
 */
export function connectVault(
  env: NodeJS.ProcessEnv,
  { address, namespace }: Pick<VaultConnection, "address" | "namespace">,
): VaultConnection {
  return {
    address,
    namespace: namespace ?? (env.VAULT_NAMESPACE || undefined),
    fetch: proxiedFetchTrusting(authoritiesIn(env)),
  };
}

/**
 * Returns what to tell about a `VAULT_NAMESPACE` that is not used; undefined if there is nothing to tell.
 *
 * @param namespace that of the registry
 */
export function ignoredNamespace(
  { VAULT_NAMESPACE: given = "" }: NodeJS.ProcessEnv,
  namespace: string | undefined,
): string | undefined {
  if (given === "" || namespace === undefined || plain(given) === plain(namespace)) {
    return undefined;
  }
  return `VAULT_NAMESPACE is ${given}, but vault.namespace in the registry is ${namespace}: the registry's is used, as by Terraform. Log in to ${namespace}`;
}

const plain = (namespace: string): string => namespace.replace(/^\/+|\/+$/g, "");

/** Returns the certificates that replace those of Node.js, in PEM; undefined if none are named. */
function authoritiesIn({ VAULT_CACERT: file, VAULT_CAPATH: folder }: NodeJS.ProcessEnv) {
  // As Vault's own clients: the file comes first.
  if (file) return [readCertificate("VAULT_CACERT", file)];
  if (!folder) return undefined;
  return namesIn(folder).map((name) => readCertificate("VAULT_CAPATH", join(folder, name)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    throw new UserError(
      `VAULT_CAPATH names ${folder}, which cannot be read: set it to a folder with certificates in PEM`,
    );
  }
}

function readCertificate(variable: string, file: string): string {
  const fix = `set ${variable} to ${variable === "VAULT_CACERT" ? "a file" : "a folder"} with certificates in PEM`;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new UserError(`${variable} names ${file}, which cannot be read: ${fix}`);
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new UserError(`${variable} names ${file}, which has no certificate: ${fix}`);
}
