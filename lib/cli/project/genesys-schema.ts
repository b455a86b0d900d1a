import { loadSchemas } from "../../rehearsal/double/core/load-schemas";
import type { ProviderSchema } from "../../rehearsal/double/core/schema";
import { REGISTRY } from "../../terraform/provider-source";

/** The schema of the Genesys Cloud provider that this package brings along. */
export const genesysSchema = (): ProviderSchema =>
  loadSchemas().providers.get(`${REGISTRY}/mypurecloud/genesyscloud`) ?? {};
