import { readExported } from "../../../lib/cli/commands/adopt/read-exported";
import { exportedOrg } from "../../../lib/existing/exported/exported-org";
import { readOrg } from "../../../lib/existing/read/read-org";
import { KNOWN_TYPES, OBJECT_TYPES } from "../../../lib/existing/types";
import { PlatformApi } from "../../../lib/genesys/platform-api";
import { loadSchemas } from "../../../lib/rehearsal";
import { FAKE_ENDPOINTS, FakeGenesys } from "../fakes/fake-genesys";
import type { FakeOrganization } from "../fakes/fake-organization";
import { VirtualClock } from "../fakes/virtual-clock";

const schema = loadSchemas().providers.get("registry.terraform.io/mypurecloud/genesyscloud") ?? {};

/** Reads an export with the organisation that it is from. */
export async function readExportOf(
  folder: string,
  organization: FakeOrganization,
  types: readonly string[] = OBJECT_TYPES.map(({ type }) => type),
) {
  const io = {
    stdout: { write: () => true },
    stderr: { write: () => true },
    env: process.env,
    cwd: folder,
    signal: new AbortController().signal,
    now: Date.now,
  };
  const read = await readExported(io, ".", schema);
  const clock = new VirtualClock();
  const genesys = new FakeGenesys({ clock, organization });
  const planner = genesys.seed({ name: "planner", state: "active" });
  const api = new PlatformApi({
    region: "us-east-1",
    clientId: planner.id,
    clientSecret: planner.secret,
    endpoints: FAKE_ENDPOINTS,
    fetch: genesys.fetch,
    clock,
    random: () => 0,
  });
  const reading = readOrg({
    name: "na-prod",
    organizationId: organization.id,
    api,
    types: [],
    named: [...KNOWN_TYPES.values()].filter(({ type }) => read.exported.types.includes(type)),
    ids: read.exported.ids,
  });
  await clock.run(reading);
  const joined = exportedOrg({
    folder,
    exported: read.exported,
    stateIds: read.stateIds,
    live: await reading,
    types,
    kept: new Set(),
    schema,
  });
  return { read, joined, genesys };
}
