import { OrgRegistry } from "../lib/registry";
import { apacProd } from "./apac-prod";
import { euProd } from "./eu-prod";
import { naDev } from "./na-dev";
import { naProd } from "./na-prod";
import { naStaging } from "./na-staging";
import { nonproduction, production } from "./state-homes";
import record from "./state-homes.json";

/** The registry of this deployment. A function, so that a mistake in it is reported, not thrown at import. */
export const loadRegistry = () =>
  OrgRegistry.of({
    homes: [production, nonproduction],
    orgs: [naProd, euProd, apacProd, naStaging, naDev],
    record,
  });
