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
    const changes: Changes = new Map();
    const { providers } = loadSchemas();
    const doubles = sources.map((source) => {
      const address = `registry.terraform.io/${source}`;
      const name = source.split("/").at(-1) ?? source;
      const behaviour = { rules: {}, configure: () => ({ scope: source }) };
      const props = { name, schema: providers.get(address) ?? {}, behaviour, seed: "outside" };
      return [address, new ChangingDouble(props, changes)] as const;
    });
    return new OutsideWorld(await serve(new Map(doubles)), changes);
  }

  private constructor(
    private readonly doubles: RunningDoubles,
    private readonly changes: Changes,
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
    this.changes.set(type, [...(this.changes.get(type) ?? []), { value, change, looks: 0 }]);
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

type Changes = Map<string, readonly Change[]>;

class ChangingDouble extends ProviderDouble {
  constructor(
    props: ConstructorParameters<typeof ProviderDouble>[0],
    private readonly changes: Changes,
  ) {
    super(props);
  }

  override handle(method: Method, request: Request, peer: string): object {
    const answer = super.handle(method, request, peer) as { readonly new_state?: DynamicValue };
    if (method !== "ReadResource") return answer;
    const object = fromWire(answer.new_state);
    if (!isObject(object)) return answer;
    const changed = (this.changes.get(request.type_name ?? "") ?? [])
      .filter(({ value }) => Object.values(object).includes(value))
      .reduce<ObjectValue | null>((seen, each) => {
        each.looks += 1;
        return seen && each.change(seen, each.looks);
      }, object);
    return { ...answer, new_state: toWire(changed) };
  }
}
