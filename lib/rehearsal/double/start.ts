import { readStackJson } from "../../terraform/stack-folder";
import { importedConfiguration } from "../imports";
import type { Canary, World } from "../world";
import { awsBehaviour } from "./aws/index";
import type { ProviderBehaviour } from "./core/behaviour";
import type { ProviderSchemas } from "./core/load-schemas";
import { type ProviderCall, ProviderDouble } from "./core/provider-double";
import { type Delay, type RunningDoubles, serve } from "./core/server";
import type { ObjectValue } from "./core/value";
import { genesyscloudBehaviour } from "./genesyscloud/index";
import { vaultBehaviour } from "./vault/index";

/** Properties of {@link startDoubles}. */
export interface DoublesProps {
  readonly world: World;
  readonly schemas: ProviderSchemas;
  /** Folder where Terraform runs. */
  readonly folder: string;
  /** Called for every call of Terraform, with secrets in plain text. For tests. */
  readonly onCall?: (call: ProviderCall) => void;
  /** Called for every secret that a double makes up. */
  readonly onSecret?: (secret: Canary) => void;
  /** @default - none */
  readonly delay?: Delay;
  /** Changes the behaviour of a provider, by its source without a host. For tests. */
  readonly adapt?: (source: string, behaviour: ProviderBehaviour) => ProviderBehaviour;
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
    const known = behaviours[source] ?? generic(source);
    const behaviour = props.adapt?.(source, known) ?? known;
    const name = source.split("/").at(-1) ?? source;
    const onSecret = (type: string, value: string) =>
      props.onSecret?.({ org: name, credential: `ephemeral ${type}`, value });
    const imported = (type: string, id: string) =>
      importedConfiguration(readStackJson(props.folder), type, id) as ObjectValue | undefined;
    const own = { name, schema, behaviour, seed: world.seed, onCall, onSecret, imported };
    doubles.set(address, new ProviderDouble(own));
  }
  return serve(doubles, props.delay);
}

// Enough for a provider that a user adds: the schema decides, and computed values are made up.
function generic(source: string): ProviderBehaviour {
  return { rules: {}, configure: () => ({ scope: source }) };
}

function withoutHost(address: string): string {
  return address.split("/").slice(-2).join("/");
}
