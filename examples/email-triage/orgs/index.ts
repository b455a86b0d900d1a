import { OrgRegistry } from "cdktf-genesys-orgs";
import { dev } from "./dev";
import { prod } from "./prod";
import { nonproduction, production } from "./state-homes";
import record from "./state-homes.json";

/** As a function, so that a mistake in an entry is printed as one message. */
export const loadRegistry = () =>
  OrgRegistry.of({ homes: [production, nonproduction], orgs: [dev, prod], record });
