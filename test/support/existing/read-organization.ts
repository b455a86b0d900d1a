import { readOrg } from "../../../lib/existing/read/read-org";
import type { RememberedAnswers } from "../../../lib/existing/read/remembered-answers";
import { OBJECT_TYPES } from "../../../lib/existing/types";
import type { ObjectType } from "../../../lib/existing/types/object-type";
import { PlatformApi } from "../../../lib/genesys/platform-api";
import { FAKE_ENDPOINTS, FakeGenesys, type FakeGenesysProps } from "../fakes/fake-genesys";
import type { FakeOrganization } from "../fakes/fake-organization";
import { VirtualClock } from "../fakes/virtual-clock";

export interface ReadingProps extends Partial<FakeGenesysProps> {
  /** @default - all types */
  readonly types?: readonly ObjectType[];
  readonly answers?: RememberedAnswers;
  /** Replaces the connection to the API. */
  readonly fetch?: (genesys: FakeGenesys) => typeof fetch;
}

/** Reads an organisation through its API, with a clock on which nothing takes time but waiting. */
export async function readOrganization(organization: FakeOrganization, props: ReadingProps = {}) {
  const { types = OBJECT_TYPES, answers, ...more } = props;
  const clock = new VirtualClock();
  const genesys = new FakeGenesys({ clock, organization, ...more });
  const planner = genesys.seed({ name: "planner", state: "active" });
  const api = new PlatformApi({
    region: "us-east-1",
    clientId: planner.id,
    clientSecret: planner.secret,
    endpoints: FAKE_ENDPOINTS,
    fetch: props.fetch?.(genesys) ?? genesys.fetch,
    clock,
    random: () => 0,
  });
  const reading = readOrg({
    name: "na-prod",
    organizationId: organization.id,
    api,
    types,
    answers,
  });
  await clock.run(reading);
  return { existing: await reading, genesys, milliseconds: clock.now() };
}
