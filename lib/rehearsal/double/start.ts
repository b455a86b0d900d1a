import type { Canary, World } from "../world";
import { awsBehaviour } from "./aws/index";
import type { ProviderBehaviour } from "./core/behaviour";
import type { ProviderSchemas } from "./core/load-schemas";
import { type ProviderCall, ProviderDouble } from "./core/provider-double";
import { type Delay, type RunningDoubles, serve } from "./core/server";
import { genesyscloudBehaviour } from "./genesyscloud/index";
import { vaultBehaviour } from "./vault/index";

/** What the doubles of one run need. */
export interface DoublesProps {
  readonly world: World;
  readonly schemas: ProviderSchemas;
  /** Where Terraform runs. */
  readonly folder: string;
  /** Sees every call, secrets in clear: for tests. */
  readonly onCall?: (call: ProviderCall) => void;
  /** Told of every secret that a double makes. */
  readonly onSecret?: (secret: Canary) => void;
  /** @default - none */
  readonly delay?: Delay;
}

/** Starts a double of every provider that has a schema, each with an empty memory. */
export function startDoubles(props: DoublesProps): Promise<RunningDoubles> {
  const { world, schemas, onCall } = props;
  const behaviours: Readonly<Record<string, ProviderBehaviour>> = {
    "hashicorp/aws": awsBehaviour(props.folder, world),
    "hashicorp/vault": vaultBehaviour(world, props.onSecret),
    "mypurecloud/genesyscloud": genesyscloudBehaviour(world, props.onSecret),
  };
  const doubles = new Map<string, ProviderDouble>();
  for (const [address, schema] of schemas.providers) {
    const source = withoutHost(address);
    const behaviour = behaviours[source] ?? generic(source);
    const name = source.split("/").at(-1) ?? source;
    doubles.set(source, new ProviderDouble({ name, schema, behaviour, seed: world.seed, onCall }));
  }
  return serve(doubles, props.delay);
}

// Enough for a provider that a user adds: its schema decides, computed values are made up.
function generic(source: string): ProviderBehaviour {
  return { rules: {}, configure: () => ({ scope: source }) };
}

function withoutHost(address: string): string {
  return address.split("/").slice(-2).join("/");
}
