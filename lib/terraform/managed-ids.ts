/** An object in a state, by its id. */
export interface ManagedId {
  /** Type of the resource. */
  readonly type: string;
  readonly id: string;
  /** Address without an index, for example `genesyscloud_routing_queue.support`. */
  readonly address: string;
}

interface Resource {
  readonly mode?: string;
  readonly module?: string;
  readonly type?: string;
  readonly name?: string;
  readonly instances?: readonly { readonly attributes?: { readonly id?: unknown } }[];
}

/** Returns the ids of all objects that a state manages. The state was read by `readState` before. */
export function managedIds(text: string): ManagedId[] {
  const { resources = [] } = JSON.parse(text) as { readonly resources?: readonly Resource[] };
  return resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ module, type = "", name, instances = [] }) => {
      const address = [module, type, name].filter(Boolean).join(".");
      return instances.flatMap(({ attributes }) =>
        typeof attributes?.id === "string" ? [{ type, id: attributes.id, address }] : [],
      );
    });
}
