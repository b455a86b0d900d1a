import type { Group } from "../request";
import { CONSUMERS, OTHER_SECRETS } from "./consumers";
import { EVENTS, FUNCTIONS, WATCH } from "./functions";
import { SECRETS_KEYS, STATE_KEYS } from "./keys";
import { ROLES, TRUST } from "./roles";
import { PARAMETERS, SECRETS } from "./secrets";
import { BUCKET, LOCKS, RECORDS, STATES } from "./states";

/** All requests, by the kind of what is attacked. */
export const GROUPS: readonly Group[] = [
  STATES,
  LOCKS,
  RECORDS,
  BUCKET,
  STATE_KEYS,
  SECRETS_KEYS,
  SECRETS,
  CONSUMERS,
  OTHER_SECRETS,
  PARAMETERS,
  EVENTS,
  FUNCTIONS,
  WATCH,
  ROLES,
  TRUST,
];
