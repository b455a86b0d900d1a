import { createHash } from "node:crypto";
import { counted } from "../counted";
import { UserError } from "../errors";
import { REGISTRY } from "./provider-source";

/** A summary of a Terraform state, without its content. */
export interface TerraformState {
  readonly lineage: string;
  readonly serial: number;
  /** Version of the Terraform that wrote it. */
  readonly terraformVersion: string;
  readonly resources: number;
  readonly instances: number;
  /** Instances that the state manages, without those that it only reads. */
  readonly objects: number;
  /** Addresses of the resources that it manages, without indexes. */
  readonly managed: readonly string[];
  /** Names of the outputs. */
  readonly outputs: readonly string[];
  /** Ids of the Genesys Cloud organisations that it has read. */
  readonly organizationIds: readonly string[];
  /** Full sources of its providers. One that Terraform 0.12 named has the namespace `-`. */
  readonly providers: readonly string[];
  readonly isEmpty: boolean;
  /** SHA-256 of outputs and resources, which stays the same when Terraform writes them again. */
  readonly content: string;
}

interface Resource {
  readonly mode: string;
  readonly type: string;
  readonly name?: unknown;
  readonly module?: unknown;
  readonly provider: string;
  readonly instances: readonly { readonly attributes?: { readonly id?: unknown } }[];
}

/**
 * Reads a state.
 *
 * @param where its name in messages
 * @throws UserError if it is not a state of version 4 with lineage and serial
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
      `has version ${shown(version)}, but only Terraform states of version 4 can be moved (version 3 is a state of Terraform 0.11, or .terraform/terraform.tfstate, which describes a backend and has no resources)`,
    );
  }
  // The lineage becomes part of a file name.
  if (typeof lineage !== "string" || !/^[0-9A-Za-z-]{1,64}$/.test(lineage)) {
    throw refuse("is not a Terraform state: it has no lineage");
  }
  // The next serial will be written.
  if (!Number.isSafeInteger((serial as number) + 1) || (serial as number) < 0) {
    throw refuse("is not a Terraform state: it has no serial");
  }
  if (!isRecord(outputs) || !Array.isArray(resources) || !resources.every(isResource)) {
    throw refuse("is not a Terraform state: its outputs or resources do not have Terraform's form");
  }
  const odd = resources.find(({ provider }) => sourceIn(provider) === undefined);
  if (odd) {
    throw refuse(
      `is not a Terraform state: ${shown(odd.type)} has the provider ${shown(odd.provider)}`,
    );
  }
  return {
    lineage,
    serial: serial as number,
    terraformVersion: shown(terraform_version ?? ""),
    resources: resources.length,
    instances: instancesIn(resources),
    objects: instancesIn(resources.filter(({ mode }) => mode === "managed")),
    managed: resources
      .filter(({ mode, instances }) => mode === "managed" && instances.length > 0)
      .map(({ module, type, name }) => shown([module, type, name].filter(Boolean).join("."), 300))
      .sort(),
    outputs: Object.keys(outputs).sort(),
    organizationIds: organizationsIn(resources),
    providers: [...new Set(resources.flatMap(({ provider }) => sourceIn(provider) ?? []))].sort(),
    isEmpty: resources.length === 0 && Object.keys(outputs).length === 0,
    content: createHash("sha256").update(canonical({ outputs, resources }, true)).digest("hex"),
  };
}

/**
 * Whether one state is another state that Terraform has written again. The serial does not count: it
 * grows with each writing.
 */
export function isSame(written: TerraformState, state: TerraformState): boolean {
  return (
    written.lineage === state.lineage &&
    written.serial >= state.serial &&
    written.content === state.content
  );
}

/** Whether both are the same state, with the same serial. */
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
    // The parser's own words quote the text, which may contain secrets.
  }
  if (isRecord(value)) return value;
  throw new UserError(
    `${where} is not a Terraform state: it is not a JSON document, or was truncated`,
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

/** Returns the source of a provider: `provider["<source>"].<alias>`, or `provider.<type>` before 0.13. */
function sourceIn(provider: string): string | undefined {
  const [, source] = /(?:^|\.)provider\["([^"]+)"\]/.exec(provider) ?? [];
  const [, type] = /^(?:module\..+\.)?provider\.([\w-]+)(?:\.[\w-]+)?$/.exec(provider) ?? [];
  return source ?? (type && `${REGISTRY}/-/${type}`);
}

/** A short text, without characters that control a terminal. */
const shown = (value: unknown, length = 60): string =>
  String(value)
    .slice(0, length)
    .replace(/\p{Cc}/gu, "?");

const instancesIn = (resources: readonly Resource[]): number =>
  resources.reduce((sum, { instances }) => sum + instances.length, 0);

function organizationsIn(resources: readonly Resource[]): string[] {
  const ids = resources
    .filter(({ mode, type }) => mode === "data" && type === "genesyscloud_organizations_me")
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes?.id))
    .filter((id) => id !== undefined && id !== null)
    .map((id) => shown(id).toLowerCase());
  return [...new Set(ids)].sort();
}

/** Fields whose values count as they are; all other fields are Terraform's own notes. */
const VALUES = new Set(["attributes", "attributes_flat", "index_key", "value", "type"]);

/**
 * Returns JSON with sorted names. If it is loose, the order of lists and empty values do not count:
 * another version of Terraform may leave them out, or add them.
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
