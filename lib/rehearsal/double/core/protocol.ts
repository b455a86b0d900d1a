import { decodeMessage, encodeMessage, type Field, type Messages } from "./protobuf";
import type { BlockSchema, Nesting, ObjectSchema, ProviderSchema } from "./schema";
import type { DynamicValue } from "./wire";

// Terraform's plugin protocol 6, with the messages and fields that a double uses. Field numbers are in
// https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin6.9.proto

const diagnostics = (id: number): Field => [id, "Diagnostic", "repeated"];

const messages = {
  Empty: {},
  DynamicValue: { msgpack: [1, "bytes"], json: [2, "bytes"] },
  Step: {
    attribute_name: [1, "string"],
    element_key_string: [2, "string"],
    element_key_int: [3, "int64"],
  },
  AttributePath: { steps: [1, "Step", "repeated"] },
  Diagnostic: {
    severity: [1, "int32"],
    summary: [2, "string"],
    detail: [3, "string"],
    attribute: [4, "AttributePath"],
  },
  RawState: { json: [1, "bytes"] },
  Attribute: {
    name: [1, "string"],
    type: [2, "bytes"],
    required: [4, "bool"],
    optional: [5, "bool"],
    computed: [6, "bool"],
    sensitive: [7, "bool"],
    deprecated: [9, "bool"],
    nested_type: [10, "NestedObject"],
    write_only: [11, "bool"],
  },
  NestedObject: { attributes: [1, "Attribute", "repeated"], nesting: [3, "int32"] },
  NestedBlock: {
    type_name: [1, "string"],
    block: [2, "Block"],
    nesting: [3, "int32"],
    min_items: [4, "int64"],
    max_items: [5, "int64"],
  },
  Block: {
    version: [1, "int64"],
    attributes: [2, "Attribute", "repeated"],
    block_types: [3, "NestedBlock", "repeated"],
  },
  Schema: { version: [1, "int64"], block: [2, "Block"] },
  Capabilities: { plan_destroy: [1, "bool"] },
  SchemaResponse: {
    provider: [1, "Schema"],
    diagnostics: diagnostics(4),
    server_capabilities: [6, "Capabilities"],
    resource_schemas: [2, "Schema", "map"],
    data_source_schemas: [3, "Schema", "map"],
    ephemeral_resource_schemas: [8, "Schema", "map"],
  },
  ProviderConfigRequest: { config: [1, "DynamicValue"] },
  ProviderConfigResponse: { diagnostics: diagnostics(2) },
  ConfigRequest: { type_name: [1, "string"], config: [2, "DynamicValue"] },
  DiagnosticsResponse: { diagnostics: diagnostics(1) },
  ConfigureRequest: { terraform_version: [1, "string"], config: [2, "DynamicValue"] },
  UpgradeRequest: {
    type_name: [1, "string"],
    version: [2, "int64"],
    raw_state: [3, "RawState"],
  },
  UpgradeResponse: { upgraded_state: [1, "DynamicValue"], diagnostics: diagnostics(2) },
  ReadRequest: {
    type_name: [1, "string"],
    current_state: [2, "DynamicValue"],
    private: [3, "bytes"],
  },
  ReadResponse: {
    new_state: [1, "DynamicValue"],
    diagnostics: diagnostics(2),
    private: [3, "bytes"],
  },
  PlanRequest: {
    type_name: [1, "string"],
    prior_state: [2, "DynamicValue"],
    proposed_new_state: [3, "DynamicValue"],
    config: [4, "DynamicValue"],
    prior_private: [5, "bytes"],
  },
  PlanResponse: {
    planned_state: [1, "DynamicValue"],
    requires_replace: [2, "AttributePath", "repeated"],
    planned_private: [3, "bytes"],
    diagnostics: diagnostics(4),
    legacy_type_system: [5, "bool"],
  },
  ApplyRequest: {
    type_name: [1, "string"],
    prior_state: [2, "DynamicValue"],
    planned_state: [3, "DynamicValue"],
    config: [4, "DynamicValue"],
    planned_private: [5, "bytes"],
  },
  ApplyResponse: {
    new_state: [1, "DynamicValue"],
    private: [2, "bytes"],
    diagnostics: diagnostics(3),
    legacy_type_system: [4, "bool"],
  },
  ImportRequest: { type_name: [1, "string"], id: [2, "string"] },
  ImportedResource: {
    type_name: [1, "string"],
    state: [2, "DynamicValue"],
    private: [3, "bytes"],
  },
  ImportResponse: {
    imported_resources: [1, "ImportedResource", "repeated"],
    diagnostics: diagnostics(2),
  },
  DataResponse: { state: [1, "DynamicValue"], diagnostics: diagnostics(2) },
  OpenResponse: {
    diagnostics: diagnostics(1),
    result: [3, "DynamicValue"],
    private: [4, "bytes"],
  },
  CloseRequest: { type_name: [1, "string"], private: [2, "bytes"] },
  StopResponse: { error: [1, "string"] },
} satisfies Messages;

const methods = {
  GetProviderSchema: ["Empty", "SchemaResponse"],
  ValidateProviderConfig: ["ProviderConfigRequest", "ProviderConfigResponse"],
  ValidateResourceConfig: ["ConfigRequest", "DiagnosticsResponse"],
  ValidateDataResourceConfig: ["ConfigRequest", "DiagnosticsResponse"],
  ValidateEphemeralResourceConfig: ["ConfigRequest", "DiagnosticsResponse"],
  UpgradeResourceState: ["UpgradeRequest", "UpgradeResponse"],
  ConfigureProvider: ["ConfigureRequest", "DiagnosticsResponse"],
  ReadResource: ["ReadRequest", "ReadResponse"],
  PlanResourceChange: ["PlanRequest", "PlanResponse"],
  ApplyResourceChange: ["ApplyRequest", "ApplyResponse"],
  ImportResourceState: ["ImportRequest", "ImportResponse"],
  ReadDataSource: ["ConfigRequest", "DataResponse"],
  OpenEphemeralResource: ["ConfigRequest", "OpenResponse"],
  CloseEphemeralResource: ["CloseRequest", "DiagnosticsResponse"],
  StopProvider: ["Empty", "StopResponse"],
} as const satisfies Record<string, readonly [keyof typeof messages, keyof typeof messages]>;

/** Name of a call of the protocol. */
export type Method = keyof typeof methods;

/** A request of any method, with the members of its message. */
export interface Request {
  readonly type_name?: string;
  readonly config?: DynamicValue;
  readonly prior_state?: DynamicValue;
  readonly proposed_new_state?: DynamicValue;
  readonly planned_state?: DynamicValue;
  readonly current_state?: DynamicValue;
  readonly raw_state?: { readonly json?: Uint8Array };
  readonly private?: Uint8Array;
  readonly prior_private?: Uint8Array;
  readonly planned_private?: Uint8Array;
  readonly id?: string;
}

/** Path of a call, as gRPC has it. */
export const pathOf = (method: Method): string => `/tfplugin6.Provider/${method}`;

export const METHODS = Object.keys(methods) as Method[];

/** Decodes what Terraform sent. */
export function decodeRequest(method: Method, bytes: Buffer): Request {
  return decodeMessage(messages, methods[method][0], bytes);
}

const encoded = new WeakMap<object, Buffer>();

/** Encodes an answer; a schema only once, since every Terraform step asks for it. */
export function encodeResponse(method: Method, response: object): Buffer {
  const known = encoded.get(response);
  if (known) return known;
  const bytes = encodeMessage(messages, methods[method][1], response as Record<string, unknown>);
  if (method === "GetProviderSchema") encoded.set(response, bytes);
  return bytes;
}

/** A message to the user. Severity 1 is an error, 2 a warning. */
export interface Diagnostic {
  readonly severity: 1 | 2;
  readonly summary: string;
  readonly detail?: string;
  readonly attribute?: AttributePath;
}

/** Path to an attribute. */
export interface AttributePath {
  readonly steps: readonly { readonly attribute_name: string }[];
}

const nestings: Readonly<Record<Nesting, number>> = {
  single: 1,
  list: 2,
  set: 3,
  map: 4,
  group: 5,
};

const converted = new WeakMap<ProviderSchema, object>();

/** Returns the answer to GetProviderSchema: the same object for the same schema. */
export function schemaResponse(schema: ProviderSchema): object {
  const known = converted.get(schema);
  if (known) return known;
  const response = {
    provider: schemaMessage(schema.provider),
    resource_schemas: schemaMap(schema.resource_schemas),
    data_source_schemas: schemaMap(schema.data_source_schemas),
    ephemeral_resource_schemas: schemaMap(schema.ephemeral_resource_schemas),
    server_capabilities: {},
  };
  converted.set(schema, response);
  return response;
}

function schemaMap(schemas: Readonly<Record<string, ObjectSchema>> | undefined): object {
  return Object.fromEntries(
    Object.entries(schemas ?? {}).map(([type, schema]) => [type, schemaMessage(schema)]),
  );
}

function schemaMessage(schema: ObjectSchema | undefined): object {
  return { version: schema?.version ?? 0, block: blockMessage(schema?.block ?? {}) };
}

function blockMessage(block: BlockSchema): object {
  return {
    attributes: attributeMessages(block.attributes),
    block_types: Object.entries(block.block_types ?? {}).map(([name, nested]) => ({
      type_name: name,
      nesting: nestings[nested.nesting_mode],
      min_items: nested.min_items ?? 0,
      max_items: nested.max_items ?? 0,
      block: blockMessage(nested.block),
    })),
  };
}

function attributeMessages(attributes: BlockSchema["attributes"]): object[] {
  return Object.entries(attributes ?? {}).map(([name, attribute]) => {
    const { type, nested_type: nested, required, optional, computed } = attribute;
    const { sensitive, deprecated, write_only } = attribute;
    const flags = { required, optional, computed, sensitive, deprecated, write_only };
    const shape = nested
      ? {
          nested_type: {
            nesting: nestings[nested.nesting_mode],
            attributes: attributeMessages(nested.attributes),
          },
        }
      : { type: Buffer.from(JSON.stringify(type)) };
    return { name, ...flags, ...shape };
  });
}
