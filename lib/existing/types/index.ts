import { dataTable, emergencyGroup, schedule, scheduleGroup } from "./architect";
import { division, oauthClient, role } from "./authorization";
import { integration } from "./integrations";
import { NAMED_ONLY } from "./named-only";
import type { ObjectType } from "./object-type";
import { group, location, user } from "./people";
import { language, queue, skill, wrapupCode } from "./routing";

/** Types of objects that can be taken over. */
export const OBJECT_TYPES: readonly ObjectType[] = [
  division,
  role,
  skill,
  language,
  wrapupCode,
  location,
  user,
  group,
  queue,
  schedule,
  scheduleGroup,
  emergencyGroup,
  dataTable,
  integration,
  oauthClient,
];

/** All types that something can refer to, by their Terraform types. */
export const KNOWN_TYPES: ReadonlyMap<string, ObjectType> = new Map(
  [...OBJECT_TYPES, ...NAMED_ONLY].map((one) => [one.type, one]),
);
