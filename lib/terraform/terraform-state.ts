import { createHash } from "node:crypto";
import { counted } from "../counted";
import { UserError } from "../errors";

/** What can be said of a Terraform state without showing what is in it. */
export interface TerraformState {
  readonly lineage: string;
  readonly serial: number;
  /** Version of the Terraform that wrote it. */
  readonly terraformVersion: string;
  readonly resources: number;
  readonly instances: number;
  /** Instances that it manages: without those that it only reads. */
  readonly objects: number;
  /** Names. */
  readonly outputs: readonly string[];
  /** Ids of the Genesys Cloud organisations that it read. */
  readonly organizationIds: readonly string[];
  readonly isEmpty: boolean;
  /** SHA-256 of outputs and resources: the same when Terraform writes them again. */
  readonly content: string;
}

interface Resource {
  readonly mode: string;
  readonly type: string;
  readonly provider: string;
  readonly instances: readonly { readonly attributes?: { readonly id?: unknown } }[];
}

/**
 * Reads a state.
 *
 * @param where what messages call it
 * @throws UserError when it is not a state of version 4 with lineage and serial
 */
export function readState(where: string, text: string): TerraformState {
  const state = documentIn(where, text);
  const refuse = (reason: string) => new UserError(`${where} ${reason}`);
  if ("encrypted_data" in state) {
    throw refuse(
      "is encrypted by OpenTofu: decrypt it into a file first (`tofu state pull > plain.tfstate`)",
    );
  }
  const { version, lineage, serial, terraform_version, outputs = {}, resources = [] } = state;
  if (version !== 4) {
    throw refuse(
      `has version ${shown(version)}, and only Terraform states of version 4 are moved (version 3 is a state of Terraform 0.11, or .terraform/terraform.tfstate, which notes a backend and has no resources)`,
    );
  }
  // Becomes part of a file's name.
  if (typeof lineage !== "string" || !/^[0-9A-Za-z-]{1,64}$/.test(lineage)) {
    throw refuse("is not a Terraform state: it has no lineage");
  }
  // The next one is written.
  if (!Number.isSafeInteger((serial as number) + 1) || (serial as number) < 0) {
    throw refuse("is not a Terraform state: it has no serial");
  }
  if (!isRecord(outputs) || !Array.isArray(resources) || !resources.every(isResource)) {
    throw refuse("is not a Terraform state: outputs or resources are not what Terraform writes");
  }
  const old = resources.find(({ provider }) => !/(^|\.)provider\["[^"]+"\]/.test(provider));
  if (old) {
    throw refuse(
      `names providers as Terraform 0.12 did (${shown(old.provider)} of ${shown(old.type)}): run \`terraform apply\` of version 0.13, and then of 1.x, where it is`,
    );
  }
  return {
    lineage,
    serial: serial as number,
    terraformVersion: shown(terraform_version ?? ""),
    resources: resources.length,
    instances: instancesIn(resources),
    objects: instancesIn(resources.filter(({ mode }) => mode === "managed")),
    outputs: Object.keys(outputs).sort(),
    organizationIds: organizationsIn(resources),
    isEmpty: resources.length === 0 && Object.keys(outputs).length === 0,
    content: createHash("sha256").update(canonical({ outputs, resources }, true)).digest("hex"),
  };
}

/**
 * Whether a state is another one as Terraform wrote it anew. Its serial says nothing: with each
 * writing it grows.
 */
export function isSame(written: TerraformState, state: TerraformState): boolean {
  return (
    written.lineage === state.lineage &&
    written.serial >= state.serial &&
    written.content === state.content
  );
}

/** Whether both are one state at one time. */
export const isSameState = (left: TerraformState, right: TerraformState): boolean =>
  left.serial === right.serial && isSame(left, right);

/** For example `lineage 1b2c…, serial 4, 12 resources`. */
export function describeState({ lineage, serial, resources }: TerraformState): string {
  return `lineage ${lineage}, serial ${serial}, ${counted(resources, "resource")}`;
}

function documentIn(where: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words quote the text, which may hold secrets.
  }
  if (isRecord(value)) return value;
  throw new UserError(
    `${where} is not a Terraform state: it is not a JSON document, or was cut off`,
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isResource(value: unknown): value is Resource {
  if (!isRecord(value)) return false;
  const { mode, type, provider, instances } = value;
  return (
    [mode, type, provider].every((each) => typeof each === "string") &&
    Array.isArray(instances) &&
    instances.every(isRecord)
  );
}

/** Short enough to be no value of anything, and without what steers a terminal. */
const shown = (value: unknown): string =>
  String(value)
    .slice(0, 60)
    .replace(/\p{Cc}/gu, "?");

const instancesIn = (resources: readonly Resource[]): number =>
  resources.reduce((sum, { instances }) => sum + instances.length, 0);

function organizationsIn(resources: readonly Resource[]): string[] {
  const ids = resources
    .filter(({ mode, type }) => mode === "data" && type === "genesyscloud_organizations_me")
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes?.id))
    .filter((id) => id !== undefined && id !== null)
    .map(shown);
  return [...new Set(ids)].sort();
}

/** Their values count as they are; all else in a state is Terraform's own notes. */
const VALUES = new Set(["attributes", "attributes_flat", "index_key", "value", "type"]);

/**
 * JSON with sorted names. Where it is loose, the order of lists does not count, and neither does
 * what is empty: another version of Terraform leaves it out, or adds it.
 */
function canonical(value: unknown, loose: boolean): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, loose));
    return `[${loose ? items.sort() : items}]`;
  }
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([name, field]) => !loose || VALUES.has(name) || !isNothing(field))
    .map(
      ([name, field]) => `${JSON.stringify(name)}:${canonical(field, loose && !VALUES.has(name))}`,
    );
  return `{${fields.sort()}}`;
}

const isNothing = (value: unknown): boolean =>
  typeof value === "object" && value !== null ? Object.keys(value).length === 0 : !value;
