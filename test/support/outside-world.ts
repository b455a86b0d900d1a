import { loadSchemas } from "../../lib/rehearsal";
import type { Method, Request } from "../../lib/rehearsal/double/core/protocol";
import { ProviderDouble } from "../../lib/rehearsal/double/core/provider-double";
import { type RunningDoubles, serve } from "../../lib/rehearsal/double/core/server";
import { isObject, type ObjectValue } from "../../lib/rehearsal/double/core/value";
import { type DynamicValue, fromWire, toWire } from "../../lib/rehearsal/double/core/wire";

/**
 * Returns an object as Terraform reads it after somebody changed it; null if it was deleted.
 *
 * @param look the number of the read since the change, from 1
 */
export type OutsideChange = (object: ObjectValue, look: number) => ObjectValue | null;

/** Providers whose objects change without Terraform, in this process. */
export class OutsideWorld {
  /** Starts doubles of the providers, by their sources without a host. */
  static async start(...sources: readonly string[]): Promise<OutsideWorld> {
    const state: WorldState = { changes: new Map(), refused: [], refuses: false };
    const { providers } = loadSchemas();
    const doubles = sources.map((source) => {
      const address = `registry.terraform.io/${source}`;
      const name = source.split("/").at(-1) ?? source;
      const behaviour = { rules: {}, configure: () => ({ scope: source }) };
      const props = { name, schema: providers.get(address) ?? {}, behaviour, seed: "outside" };
      return [address, new ChangingDouble(props, state)] as const;
    });
    return new OutsideWorld(await serve(new Map(doubles)), state);
  }

  private constructor(
    private readonly doubles: RunningDoubles,
    private readonly state: WorldState,
  ) {}

  /** Environment of a Terraform that works with these providers. */
  get environment(): Readonly<Record<string, string>> {
    return { TF_REATTACH_PROVIDERS: this.doubles.reattach };
  }

  /**
   * Changes an object.
   *
   * @param type type of the object
   * @param value value of one of its attributes, which no other object of the type has
   */
  change(type: string, value: string, change: OutsideChange): void {
    const { changes } = this.state;
    changes.set(type, [...(changes.get(type) ?? []), { value, change, looks: 0 }]);
  }

  /**
   * Refuses every write from now on, as it does to a role that may only read.
   *
   * @returns the types of the objects that were to be written, which grows
   */
  refuseWrites(): readonly string[] {
    this.state.refuses = true;
    return this.state.refused;
  }

  stop(): void {
    this.doubles.stop();
  }
}

interface Change {
  readonly value: string;
  readonly change: OutsideChange;
  looks: number;
}

/** What all providers of a world share. */
interface WorldState {
  readonly changes: Map<string, readonly Change[]>;
  readonly refused: string[];
  refuses: boolean;
}

class ChangingDouble extends ProviderDouble {
  constructor(
    props: ConstructorParameters<typeof ProviderDouble>[0],
    private readonly state: WorldState,
  ) {
    super(props);
  }

  override handle(method: Method, request: Request, peer: string): object {
    if (this.state.refuses && method === "ApplyResourceChange") {
      this.state.refused.push(request.type_name ?? "");
      return { new_state: request.prior_state, diagnostics: [{ severity: 1, summary: "403" }] };
    }
    const answer = super.handle(method, request, peer) as { readonly new_state?: DynamicValue };
    if (method !== "ReadResource") return answer;
    const object = fromWire(answer.new_state);
    if (!isObject(object)) return answer;
    const changed = (this.state.changes.get(request.type_name ?? "") ?? [])
      .filter(({ value }) => Object.values(object).includes(value))
      .reduce<ObjectValue | null>((seen, each) => {
        each.looks += 1;
        return seen && each.change(seen, each.looks);
      }, object);
    return { ...answer, new_state: toWire(changed) };
  }
}
