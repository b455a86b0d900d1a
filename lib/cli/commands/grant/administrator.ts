import { UserError } from "../../../errors";
import { PlatformApi } from "../../../genesys/platform-api";
import { proxiedFetch } from "../../../http/proxy";
import type { GenesysRegion } from "../../../registry/genesys-regions";
import type { OrgReport } from "../../../registry/report";

/**
 * Returns the Platform API, called as an administrator of the org.
 *
 * @throws UserError when the environment has no credential, or it belongs to another organisation
 */
export async function administratorApi(
  env: NodeJS.ProcessEnv,
  org: OrgReport,
): Promise<PlatformApi> {
  const api = new PlatformApi({
    region: org.genesysRegion as GenesysRegion,
    ...credentialIn(env, org),
    fetch: proxiedFetch,
  });
  const id = await api.organizationId();
  if (id.toLowerCase() === org.organizationId) return api;
  throw new UserError(
    `${org.name}: the administrator's credential belongs to organisation ${id}, but the registry says ${org.organizationId}: log in to ${org.name}`,
  );
}

// The names of the Genesys Cloud provider.
function credentialIn(env: NodeJS.ProcessEnv, { name }: OrgReport) {
  const accessToken = env.GENESYSCLOUD_ACCESS_TOKEN;
  if (accessToken) return { accessToken };
  const [clientId, clientSecret] = [
    env.GENESYSCLOUD_OAUTHCLIENT_ID,
    env.GENESYSCLOUD_OAUTHCLIENT_SECRET,
  ];
  if (clientId && clientSecret) return { clientId, clientSecret };
  throw new UserError(
    `${name}: the administrator's credential is missing: set GENESYSCLOUD_ACCESS_TOKEN, or GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET`,
  );
}
