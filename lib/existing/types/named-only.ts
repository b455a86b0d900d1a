import {
  FLOW,
  INTEGRATION_CREDENTIAL,
  IVR,
  LIBRARY,
  PROMPT,
  SCRIPT,
  SITE,
  SKILL_GROUP,
  TEAM,
} from "./names";
import type { ObjectType } from "./object-type";

/** Types whose names are read, so that others can refer to them by data sources. */
export const NAMED_ONLY: readonly ObjectType[] = [
  { type: FLOW, plural: "flows", listings: [{ path: "/api/v2/flows" }] },
  { type: SCRIPT, plural: "scripts", listings: [{ path: "/api/v2/scripts" }] },
  { type: PROMPT, plural: "prompts", listings: [{ path: "/api/v2/architect/prompts" }] },
  { type: IVR, plural: "ivrs", listings: [{ path: "/api/v2/architect/ivrs" }] },
  { type: SITE, plural: "sites", listings: [{ path: "/api/v2/telephony/providers/edges/sites" }] },
  {
    type: SKILL_GROUP,
    plural: "skill-groups",
    listings: [{ path: "/api/v2/routing/skillgroups" }],
  },
  { type: TEAM, plural: "teams", listings: [{ path: "/api/v2/teams" }] },
  {
    type: LIBRARY,
    plural: "response-libraries",
    listings: [{ path: "/api/v2/responsemanagement/libraries" }],
  },
  {
    type: INTEGRATION_CREDENTIAL,
    plural: "integration-credentials",
    listings: [{ path: "/api/v2/integrations/credentials/listing" }],
  },
];
