import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ObjectValue, Value } from "../../../lib/rehearsal/double/core/value";
import type { FakeOrganization } from "../fakes/fake-organization";
import { exists, MANAGED_KINDS, textOf } from "../fakes/organization/entity";
import { temporaryFolder } from "../folders";
import { configurationOf } from "./configuration";
import { readAsProvider } from "./provider-reading";
import { Random } from "./random";

/** The forms of the provider's address that are seen in exports. */
export const PROVIDER_ADDRESSES = [
  "genesys.com/mypurecloud/genesyscloud",
  "registry.terraform.io/mypurecloud/genesyscloud",
  "registry.opentofu.org/mypurecloud/genesyscloud",
  "registry.terraform.io/hashicorp/genesyscloud",
  "registry.terraform.io/-/genesyscloud",
] as const;

/** Recognisable, in the state of an export and nowhere else. */
export const STATE_SECRET = "planted-Secret-8d4f1e-of-a-state";

const CREDENTIAL = "genesyscloud_integration_credential";
const CREDENTIAL_ID = "5d8d1f5e-6f9f-4bb1-8a62-0f6b1e1d3c11";

/** How an export is written. */
export interface ExportProps {
  readonly organization: FakeOrganization;
  readonly format: "hcl" | "json";
  /** Of a hundred references, how many are ids. @default 20 */
  readonly ids?: number;
  readonly seed?: number;
  readonly state?: boolean;
  readonly split?: boolean;
  readonly provider?: (typeof PROVIDER_ADDRESSES)[number];
  /** Further blocks, as Terraform JSON. */
  readonly blocks?: Readonly<Record<string, Record<string, Record<string, object> | object>>>;
  /** Text of `terraform.tfvars`. */
  readonly values?: string;
  /** Changes the arguments of a resource. */
  readonly change?: (address: string, body: Json) => Json;
}

type Json = Record<string, unknown>;

interface Exported {
  readonly type: string;
  readonly id: string;
  readonly label: string;
  readonly state: ObjectValue;
}

/** The objects of an organisation, under the labels that the exporter gives them. */
export function exportedObjects(organization: FakeOrganization): Exported[] {
  const taken = new Set<string>();
  return MANAGED_KINDS.flatMap((kind) =>
    organization.all(kind).flatMap((entity): Exported[] => {
      const type = `genesyscloud_${kind}`;
      const state = exists(entity) ? readAsProvider(organization, type, entity.id) : undefined;
      if (!state) return [];
      const name = textOf(entity, "email") || textOf(entity, "name") || "unnamed";
      const plain = name.replace(/[^A-Za-z0-9_-]/g, "_").replace(/^(?![A-Za-z_])/, "_");
      let label = plain;
      for (let number = 2; taken.has(`${type}.${label}`); number += 1) label = `${plain}_${number}`;
      taken.add(`${type}.${label}`);
      return [{ type, id: entity.id, label, state }];
    }),
  );
}

/** Writes an organisation as the provider's `genesyscloud_tf_export` does, into a folder. */
export function writeExport(props: ExportProps): string {
  const { organization, ids = 20, seed = 1, split, provider = PROVIDER_ADDRESSES[0] } = props;
  const random = new Random(seed);
  const objects = exportedObjects(organization);
  const addresses = new Map(objects.map((one) => [one.id, `${one.type}.${one.label}`]));
  const [flow] = organization.all("flow");
  const referring = (value: unknown, own: string): unknown => {
    if (typeof value === "string") {
      if (flow && value === flow.id) return "${data.genesyscloud_flow.the_flow.id}";
      const address = value === own ? undefined : addresses.get(value);
      return address === undefined || random.chance(ids / 100) ? value : `\${${address}.id}`;
    }
    if (Array.isArray(value)) return value.map((each) => referring(each, own));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, referring(each, own)]),
    );
  };
  const resource: Record<string, Record<string, Json>> = {};
  for (const { type, id, label, state } of objects) {
    const body = referring(configurationOf(type, state), id) as Json;
    const changed = props.change?.(`${type}.${label}`, body) ?? body;
    resource[type] = { ...resource[type], [label]: changed };
  }
  const { blocks = {}, values, format } = props;
  const data = flow ? { genesyscloud_flow: { the_flow: { name: textOf(flow, "name") } } } : {};
  const credential = props.state ? { [CREDENTIAL]: { planted: { name: "Planted" } } } : {};
  const sections: Record<string, Json> = {
    terraform: { required_providers: { genesyscloud: { source: provider, version: "1.84.1" } } },
    ...blocks,
    resource: merged(merged(resource, credential), blocks.resource),
    data: merged(data, blocks.data),
  };
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of filesOf(sections, split ?? false)) {
    if (format === "json") {
      writeFileSync(join(folder, `${name}.tf.json`), JSON.stringify(content, null, 2));
    } else writeFileSync(join(folder, `${name}.tf`), hcl(content));
  }
  if (values !== undefined) writeFileSync(join(folder, "terraform.tfvars"), values);
  if (props.state) writeFileSync(join(folder, "terraform.tfstate"), exportState(objects, provider));
  return folder;
}

/** The state of an export, as Terraform has it after `state replace-provider`. */
function exportState(objects: readonly Exported[], provider: string): string {
  const resources = objects.map(({ type, id, label, state }) => ({
    mode: "managed",
    type,
    name: label,
    provider: `provider["${provider}"]`,
    instances: [{ schema_version: 0, attributes: { ...state, id } }],
  }));
  const credential = {
    mode: "managed",
    type: CREDENTIAL,
    name: "planted",
    provider: `provider["${provider}"]`,
    instances: [
      {
        schema_version: 0,
        attributes: { id: CREDENTIAL_ID, name: "Planted", fields: { clientSecret: STATE_SECRET } },
      },
    ],
  };
  return JSON.stringify({
    version: 4,
    terraform_version: "1.11.4",
    serial: 3,
    lineage: "11111111-2222-4333-8444-555555555555",
    outputs: { planted: { value: STATE_SECRET, type: "string" } },
    resources: [...resources, credential],
  });
}

const merged = (one: Json, other: Json = {}): Json =>
  Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map((type) => [
      type,
      { ...(one[type] as Json), ...(other[type] as Json) },
    ]),
  );

/** With `split_files_by_resource`, each type has a file of its own. */
function filesOf(sections: Record<string, Json>, split: boolean): [string, Record<string, Json>][] {
  if (!split) return [["genesyscloud", sections]];
  const { terraform = {}, variable = {}, ...typed } = sections;
  return [
    ["provider", { terraform }],
    ["variables", { variable }],
    ...Object.entries(typed).flatMap(([section, types]) =>
      Object.entries(types).map(([type, content]): [string, Record<string, Json>] => [
        section === "data" ? `data_${type}` : type,
        { [section]: { [type]: content } },
      ]),
    ),
  ];
}

/** Writes Terraform JSON as HCL. As the exporter does it, every list of objects is a list of blocks. */
function hcl(sections: Record<string, Json>): string {
  return Object.entries(sections)
    .flatMap(([section, content]) => {
      if (section === "terraform") {
        const { source, version } = (content.required_providers as Json).genesyscloud as Json;
        return `terraform {\n  required_providers {\n    genesyscloud = {\n      source  = ${JSON.stringify(source)}\n      version = ${JSON.stringify(version)}\n    }\n  }\n}`;
      }
      const labels =
        section === "resource" || section === "data" ? 2 : section === "locals" ? 0 : 1;
      return blocksOf(content, labels, section);
    })
    .join("\n\n");
}

function blocksOf(content: Json, labels: number, header: string): string[] {
  if (labels === 0) return [`${header} {\n${bodyOf(content, "  ")}}`];
  return Object.entries(content).flatMap(([label, inner]) =>
    blocksOf(inner as Json, labels - 1, `${header} ${JSON.stringify(label)}`),
  );
}

const bodyOf = (body: Json, indent: string): string =>
  Object.entries(body)
    .map(([name, value]) => {
      if (Array.isArray(value) && isObject(value[0])) {
        return value
          .map((each) => `${indent}${name} {\n${bodyOf(each as Json, `${indent}  `)}${indent}}\n`)
          .join("");
      }
      return `${indent}${name} = ${expression(value as Value, name)}\n`;
    })
    .join("");

/** Settings of an integration are written as `jsonencode`. */
function expression(value: unknown, name = ""): string {
  if (name === "properties" || name === "advanced") {
    return `jsonencode(${expression(JSON.parse(String(value)))})`;
  }
  if (Array.isArray(value)) return `[${value.map((each) => expression(each)).join(", ")}]`;
  // As the exporter does, whose texts have functions for the files of flows only.
  if (!isObject(value)) {
    return JSON.stringify(value).replace(/\$\{filesha256\([^}]*\}/g, (text) =>
      text.replace(/\\"/g, '"'),
    );
  }
  const members = Object.entries(value).map(
    ([key, each]) => `${JSON.stringify(key)} = ${expression(each)}`,
  );
  return `{\n${members.join("\n")}\n}`;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
