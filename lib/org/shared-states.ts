import type { TerraformStack } from "cdktf";
import { type BackendBlock, sharedPlaces } from "../registry/state-place";

/** The states of an app's stacks, noted when each stack is synthesized. */
export class SynthesizedStates {
  private readonly backends = new Map<TerraformStack, BackendBlock | undefined>();

  /** Notes the backend of a stack as it is in the JSON, with all overrides. */
  watch(stack: TerraformStack): void {
    const toTerraform = stack.toTerraform.bind(stack);
    stack.toTerraform = () => {
      const json = toTerraform() as { readonly terraform?: { readonly backend?: BackendBlock } };
      this.backends.set(stack, json.terraform?.backend);
      return json;
    };
  }

  /** Returns a message for each state that several stacks would write. */
  shared(): string[] {
    const named = [...this.backends].map(([{ node }, backend]) => [node.id, backend] as const);
    return sharedPlaces(named).map(
      ([place, stacks]) =>
        `${stacks.join(" and ")} have the same state, ${place}: each would destroy what the other created. Give each stack its own key; a further stack of an organisation is an OrgStack with a component.`,
    );
  }
}
