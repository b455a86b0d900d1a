import { referenceOf } from "../../fakes/organization/entity";
import { each, ids, part, type Reader } from "./reader";

/** A time as the provider writes it: with microseconds, where the API has milliseconds. */
const time = (value: unknown): string | undefined =>
  typeof value === "string" ? value.replace(/\.(\d{3})Z?$/, ".$1000") : undefined;

export const schedules: Reader = (schedule) => ({
  name: schedule.name,
  division_id: referenceOf(schedule, "division"),
  description: schedule.description,
  start: time(schedule.start),
  end: time(schedule.end),
  rrule: schedule.rrule,
});

export const scheduleGroups: Reader = (group) => ({
  name: group.name,
  description: group.description,
  division_id: referenceOf(group, "division"),
  time_zone: group.timeZone,
  open_schedules_id: ids(group.openSchedules),
  closed_schedules_id: ids(group.closedSchedules),
  holiday_schedules_id: ids(group.holidaySchedules),
});

export const emergencyGroup: Reader = (group) =>
  group.state === "deleted"
    ? undefined
    : {
        name: group.name,
        division_id: referenceOf(group, "division"),
        description: group.description,
        enabled: group.enabled,
        emergency_call_flows: each(group.emergencyCallFlows, ({ emergencyFlow, ivrs }) => ({
          emergency_flow_id: emergencyFlow?.id,
          ivr_ids: ids(ivrs),
        })),
      };

export const dataTable: Reader = (table) => ({
  name: table.name,
  division_id: referenceOf(table, "division"),
  description: table.description,
  properties: columns(part(table.schema)?.properties),
});

/** In the order of their `displayOrder` if one of them has it, otherwise as they came. */
function columns(properties: Readonly<Record<string, Column>> | undefined): readonly unknown[] {
  const last = Number.MAX_SAFE_INTEGER;
  return Object.entries(properties ?? {})
    .sort(([, one], [, other]) => (one.displayOrder ?? last) - (other.displayOrder ?? last))
    .map(([name, column]) => ({
      name,
      type: column.type,
      title: column.title,
      ...(column.default === undefined ? {} : { default: `${column.default}` }),
    }));
}

interface Column {
  readonly type?: string;
  readonly title?: string;
  readonly default?: string | number | boolean;
  readonly displayOrder?: number;
}
