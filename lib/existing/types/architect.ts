import { blocks, type Entity, ref, refs, textAt } from "./mapping";
import { DIVISION, EMERGENCY_GROUP, FLOW, IVR, SCHEDULE } from "./names";
import type { ObjectType } from "./object-type";

const isDeleted = ({ state }: Entity): boolean => state === "deleted";

/** Schedules. */
export const schedule: ObjectType = {
  type: SCHEDULE,
  plural: "schedules",
  listings: [{ path: "/api/v2/architect/schedules" }],
  isNone: isDeleted,
  mapping: {
    name: "name",
    description: "description",
    division_id: ref(DIVISION, "division.id"),
    start: (entity) => inMicroseconds(textAt(entity, "start")),
    end: (entity) => inMicroseconds(textAt(entity, "end")),
    rrule: "rrule",
  },
};

/** Schedule groups. */
export const scheduleGroup: ObjectType = {
  type: "genesyscloud_architect_schedulegroups",
  plural: "schedule-groups",
  listings: [{ path: "/api/v2/architect/schedulegroups" }],
  isNone: isDeleted,
  mapping: {
    name: "name",
    description: "description",
    division_id: ref(DIVISION, "division.id"),
    time_zone: "timeZone",
    open_schedules_id: refs(SCHEDULE, "openSchedules"),
    closed_schedules_id: refs(SCHEDULE, "closedSchedules"),
    holiday_schedules_id: refs(SCHEDULE, "holidaySchedules"),
  },
};

/** Emergency groups. */
export const emergencyGroup: ObjectType = {
  type: EMERGENCY_GROUP,
  plural: "emergency-groups",
  listings: [{ path: "/api/v2/architect/emergencygroups" }],
  isNone: isDeleted,
  mapping: {
    name: "name",
    description: "description",
    division_id: ref(DIVISION, "division.id"),
    enabled: "enabled",
    emergency_call_flows: blocks("emergencyCallFlows", {
      emergency_flow_id: ref(FLOW, "emergencyFlow.id"),
      ivr_ids: refs(IVR, "ivrs"),
    }),
  },
};

/** Data tables, without their rows. */
export const dataTable: ObjectType = {
  type: "genesyscloud_architect_datatable",
  plural: "data-tables",
  listings: [{ path: "/api/v2/flows/datatables?expand=schema" }],
  mapping: {
    name: "name",
    description: "description",
    division_id: ref(DIVISION, "division.id"),
    properties: ({ schema }) =>
      Object.entries(
        ((schema as Entity | undefined)?.properties ?? {}) as Readonly<Record<string, Entity>>,
      )
        .sort(([, one], [, other]) => orderOf(one) - orderOf(other))
        .map(([name, property]) => ({
          name,
          type: textAt(property, "type"),
          title: textAt(property, "title"),
          default: property.default === undefined ? undefined : String(property.default),
        })),
  },
};

/** Columns without an order come last, in the order of the answer. */
const orderOf = ({ displayOrder }: Entity): number =>
  typeof displayOrder === "number" ? displayOrder : Number.MAX_SAFE_INTEGER;

/** Returns a local time as the provider reads it: `2026-01-01T08:00:00.000000`. */
const inMicroseconds = (time: string | undefined): string | undefined =>
  time?.replace(/(\.\d+)?Z?$/, (fraction) => `.${fraction.replace(/\D/g, "").padEnd(6, "0")}`);
