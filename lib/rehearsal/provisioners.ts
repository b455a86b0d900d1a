import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../errors";
import type { StackJson } from "../terraform/stack-folder";

/** In HCL and, as a key, in JSON. */
const PROVISIONER = /^\s*provisioner\s+"?[\w-]+"?\s*\{|"provisioner"\s*:/m;

/**
 * Refuses provisioners, which would really run on this machine and on others.
 * @param allowed addresses of the resources that may run theirs
 * @param file path that the message names
 * @throws UserError
 */
export function refuseProvisioners(
  { resource = {} }: StackJson,
  file: string,
  allowed: readonly string[] = [],
): void {
  const addresses = Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName)
      .filter(([, body]) => [body.provisioner ?? []].flat().length > 0)
      .map(([name]) => `${type}.${name}`),
  );
  refuse(addresses, file, allowed);
}

/**
 * Does the same for the modules of an initialized stack, whose code only Terraform finds.
 * @param allowed addresses of the modules that may run their provisioners, for example `module.network`
 * @throws UserError
 */
export function refuseProvisionersOfModules(folder: string, allowed: readonly string[] = []): void {
  const file = join(folder, ".terraform/modules/modules.json");
  if (!existsSync(file)) return;
  const { Modules } = JSON.parse(readFileSync(file, "utf8")) as ModuleList;
  const addresses = Modules.filter(
    ({ Key, Dir }) => Key !== "" && hasProvisioner(resolve(folder, Dir)),
  ).map(({ Key }) => `module.${Key.replaceAll(".", ".module.")}`);
  refuse(addresses, folder, allowed);
}

interface ModuleList {
  readonly Modules: readonly { readonly Key: string; readonly Dir: string }[];
}

const hasProvisioner = (module: string): boolean =>
  readdirSync(module)
    .filter((name) => /\.(tf|tofu)(\.json)?$/.test(name))
    .some((name) => PROVISIONER.test(readFileSync(join(module, name), "utf8")));

function refuse(addresses: readonly string[], file: string, allowed: readonly string[]): void {
  const refused = addresses.filter((address) => !allowed.includes(address));
  if (refused.length === 0) return;
  const options = refused.map((address) => `--allow-provisioner ${address}`).join(" ");
  throw new UserError(
    `${file}: provisioners of ${refused.join(", ")} would really run on this machine; remove them, or let them run (${options})`,
  );
}
