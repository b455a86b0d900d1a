import { UserError } from "../errors";

/** What tells one state from another; nothing of what is in it. */
export interface StateSummary {
  readonly lineage: string;
  readonly serial: number;
  /** Addresses of its managed objects, in their order. */
  readonly objects: readonly string[];
}

/**
 * @param text a state, as Terraform writes it
 * @param where it is, for messages
 * @throws UserError where it is none
 */
export function summaryOf(text: string, where: string): StateSummary {
  let state: Partial<State> | null;
  try {
    state = JSON.parse(text);
  } catch {
    state = null;
  }
  if (typeof state?.lineage !== "string" || typeof state.serial !== "number") {
    throw new UserError(
      `${where} is not a Terraform state: it may have been cut off; put an earlier version of it in its place`,
    );
  }
  const { lineage, serial, resources = [] } = state as State;
  const objects = resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ module, type, name, instances }) =>
      instances.map(({ index_key: index }) =>
        [...(module ? [module] : []), type, name, ...(index === undefined ? [] : [index])].join(
          ".",
        ),
      ),
    );
  return { lineage, serial, objects: objects.sort() };
}

/** A state in words: what is compared of it. */
export const describeState = ({ lineage, serial, objects }: StateSummary): string =>
  `lineage ${lineage}, serial ${serial}, ${countOf(objects)}`;

export const countOf = ({ length }: readonly string[]): string =>
  length === 1 ? "1 object" : `${length} objects`;

/** Whether both are one state at one time. */
export const isSameState = (left: StateSummary, right: StateSummary): boolean =>
  left.lineage === right.lineage &&
  left.serial === right.serial &&
  left.objects.join() === right.objects.join();

interface State {
  readonly lineage: string;
  readonly serial: number;
  readonly resources?: readonly {
    readonly module?: string;
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly index_key?: string | number }[];
  }[];
}
