import type { Canary, GenesysClient } from "../../world";
import type { DataSource, ResourceType } from "../core/behaviour";

/** A configured provider. */
export interface GenesysContext {
  readonly seed: string;
  /** The OAuth client that configured the provider. */
  readonly client: GenesysClient;
  /** Id of the organisation's home division. */
  readonly homeDivision: string;
  /** Called for every client secret that is handed out. */
  readonly onSecret: (secret: Canary) => void;
}

/** Everything that the double knows about one area of Genesys Cloud. */
export interface GenesysArea {
  readonly resources?: Readonly<Record<string, ResourceType<GenesysContext>>>;
  readonly dataSources?: Readonly<Record<string, DataSource<GenesysContext>>>;
}
