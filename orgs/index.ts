import { OrgRegistry } from "../lib/registry";
import { apacProd } from "./apac-prod";
import { euProd } from "./eu-prod";
import { naDev } from "./na-dev";
import { naProd } from "./na-prod";
import { naStaging } from "./na-staging";
import { nonproduction, production } from "./state-homes";
import record from "./state-homes.json";

/** Loads the registry of this deployment. As a function, it reports a mistake instead of throwing at import. */
export const loadRegistry = () =>
  OrgRegistry.of({
    homes: [production, nonproduction],
    orgs: [naProd, euProd, apacProd, naStaging, naDev],
    record,
  });
