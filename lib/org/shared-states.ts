import type { TerraformStack } from "cdktf";

/** The states of an app's stacks, noted when each stack is synthesized. */
export class SynthesizedStates {
  private readonly stacksByPlace = new Map<string, string[]>();

  /** Notes the backend of a stack as it is in the JSON, with all overrides. */
  watch(stack: TerraformStack): void {
    const toTerraform = stack.toTerraform.bind(stack);
    stack.toTerraform = () => {
      const json = toTerraform() as Synthesized;
      const { bucket, key, endpoints } = json.terraform?.backend?.s3 ?? {};
      if (typeof bucket === "string" && typeof key === "string") {
        const place = [endpoints?.s3, bucket, key].filter(Boolean).join("/");
        const there = this.stacksByPlace.get(place) ?? [];
        this.stacksByPlace.set(place, [...new Set([...there, stack.node.id])]);
      }
      return json;
    };
  }

  /** Returns a message for each state that several stacks would write. */
  shared(): string[] {
    return [...this.stacksByPlace]
      .filter(([, stacks]) => stacks.length > 1)
      .map(
        ([place, stacks]) =>
          `${stacks.join(" and ")} have the same state, ${place}: each would destroy what the other created. Give each stack its own key; a further stack of an organisation is an OrgStack with a component.`,
      );
  }
}

interface Synthesized {
  readonly terraform?: {
    readonly backend?: {
      readonly s3?: {
        readonly bucket?: unknown;
        readonly key?: unknown;
        readonly endpoints?: { readonly s3?: string };
      };
    };
  };
}
