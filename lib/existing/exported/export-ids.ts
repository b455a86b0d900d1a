import { readFileSync } from "node:fs";
import { managedIds } from "../../terraform/managed-ids";
import { readState } from "../../terraform/terraform-state";

/** Resources in a state of Terraform 0.11, which the exporter writes if it finds no Terraform. */
interface OldState {
  readonly version?: unknown;
  readonly modules?: readonly {
    readonly resources?: Readonly<
      Record<string, { readonly type?: string; readonly primary?: { readonly id?: string } }>
    >;
  }[];
}

/**
 * Returns the ids of an export's objects, by their addresses. Nothing else of the state is kept: it may have
 * secrets.
 *
 * @throws UserError if the file is no state
 */
export function exportIds(file: string): ReadonlyMap<string, string> {
  const text = readFileSync(file, "utf8");
  const old = oldState(text);
  if (old) {
    const resources = (old.modules ?? []).flatMap(({ resources = {} }) =>
      Object.entries(resources),
    );
    return new Map(
      resources.flatMap(([address, { primary }]) =>
        address.startsWith("data.") || primary?.id === undefined ? [] : [[address, primary.id]],
      ),
    );
  }
  readState(file, text);
  return new Map(managedIds(text).map(({ address, id }) => [address, id]));
}

function oldState(text: string): OldState | undefined {
  try {
    const state = JSON.parse(text) as OldState;
    return state.version === 3 ? state : undefined;
  } catch {
    // `readState` says so, without the text.
    return undefined;
  }
}
