import type { Entity, Json } from "../../fakes/organization/entity";
import type { Build } from "./build";
import { described } from "./names";

const FLOW_TYPES = ["INQUEUECALL", "INQUEUEEMAIL", "INQUEUESHORTMESSAGE", "INBOUNDCALL"];

/** Flows, scripts and sites: others refer to them, and they refer to nothing. */
export function named(build: Build, count: number): void {
  for (let index = 0; index < count; index += 1) {
    build.add("flow", {
      ...build.division(),
      type: FLOW_TYPES[index % FLOW_TYPES.length] ?? "INBOUNDCALL",
      active: true,
      system: false,
      deleted: false,
    });
  }
  for (let index = 0; index < Math.ceil(count / 2); index += 1) {
    build.add("script", { ...build.division(), versionId: build.random.uuid() });
  }
  for (const name of ["PureCloud Voice - AWS", "Köln / West"]) {
    build.add("telephony_providers_edges_site", { name, ...build.division(), state: "active" });
  }
}

export function schedules(build: Build, count: number): void {
  const { random } = build;
  for (let index = 0; index < count; index += 1) {
    const day = `${random.between(1, 28)}`.padStart(2, "0");
    build.add("architect_schedules", {
      ...build.division(),
      ...described(random),
      ...audit(build),
      start: `2026-01-${day}T08:00:00.000`,
      end: `2026-01-${day}T17:30:00.000`,
      ...(random.chance(0.7) ? { rrule: "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR" } : {}),
    });
  }
}

export function scheduleGroups(build: Build, count: number): void {
  const { random } = build;
  const some = (low: number): Json[] =>
    build
      .some("architect_schedules", random.between(low, 3))
      .map((schedule) => build.ref("architect_schedules", schedule));
  for (let index = 0; index < count; index += 1) {
    build.add("architect_schedulegroups", {
      ...build.division(),
      ...described(random),
      ...audit(build),
      ...(random.chance(0.8)
        ? { timeZone: random.pick(["Europe/Berlin", "America/New_York"]) }
        : {}),
      openSchedules: some(1),
      closedSchedules: some(0),
      ...(random.chance(0.6) ? { holidaySchedules: some(0) } : {}),
    });
  }
}

/** Menus that callers hear, with the hours in which they do. */
export function ivrs(build: Build, count: number): void {
  const { random } = build;
  const flows = build.organization.all("flow").filter(({ type }) => type === "INBOUNDCALL");
  for (let index = 0; index < count; index += 1) {
    build.add("architect_ivr", {
      ...build.division(),
      ...audit(build),
      dnis: [`+1317555${random.between(1000, 9999)}`],
      openHoursFlow: build.ref("flow", random.pick(flows)),
      scheduleGroup: build.ref("architect_schedulegroups", build.any("architect_schedulegroups")),
    });
  }
}

export function emergencyGroups(build: Build, count: number): void {
  const { random } = build;
  const flows = build.organization.all("flow").filter(({ type }) => type === "INBOUNDCALL");
  for (let index = 0; index < count; index += 1) {
    build.add("architect_emergencygroup", {
      ...build.division(),
      ...described(random),
      ...audit(build),
      enabled: random.chance(0.2),
      emergencyCallFlows: random.some(flows, random.between(0, 2)).map((flow: Entity) => ({
        emergencyFlow: build.ref("flow", flow),
        ivrs: build
          .some("architect_ivr", random.between(1, 2))
          .map((ivr) => build.ref("architect_ivr", ivr)),
      })),
    });
  }
}

const audit = ({ random }: Build): { [name: string]: Json } => ({
  version: random.between(1, 9),
  dateCreated: "2024-05-05T05:05:05.000Z",
  dateModified: "2026-02-02T02:02:02.000Z",
  modifiedBy: random.uuid(),
  createdBy: random.uuid(),
  state: "active",
});

export function dataTables(build: Build, count: number): void {
  const { random } = build;
  for (let index = 0; index < count; index += 1) {
    const columns: [string, { [name: string]: Json }][] = [
      ["key", { title: "Kundennummer / id", type: "string", displayOrder: 0 }],
      ["isVip", { title: "VIP?", type: "boolean", default: random.chance(0.5), displayOrder: 2 }],
      ["Höhe", { title: "Höhe", type: "number", default: 1.5, displayOrder: 1 }],
      ["count", { title: "count", type: "integer", displayOrder: 3 }],
      ["note", { title: 'a "note"', type: "string", default: "", displayOrder: 4 }],
    ];
    build.add("architect_datatable", {
      ...build.division(),
      ...described(random),
      schema: {
        $schema: "http://json-schema.org/draft-04/schema#",
        type: "object",
        required: ["key"],
        properties: Object.fromEntries(
          columns
            .slice(0, random.between(2, 5))
            .map(([name, column]) => [name, { $id: `/properties/${name}`, ...column }]),
        ),
        additionalProperties: false,
      },
    });
  }
}

export function integrations(build: Build, count: number): void {
  const { random } = build;
  for (let index = 0; index < count; index += 1) {
    const name = build.names.next("integration");
    const type = random.pick([
      "purecloud-data-actions",
      "custom-rest-actions",
      "embedded-client-app",
    ]);
    build.add("integration", {
      name,
      integrationType: { id: type, name: type, selfUri: `/api/v2/integrations/types/${type}` },
      intendedState: random.pick(["ENABLED", "DISABLED"]),
      reportedState: { code: "ACTIVE", detail: {} },
      attributes: {},
      $config: {
        name,
        version: random.between(1, 20),
        properties: type === "embedded-client-app" ? { url: "https://example.com/{{pcEnv}}" } : {},
        advanced: random.chance(0.3) ? { sandbox: "allow-scripts,allow-same-origin" } : {},
        // The second is how Genesys Cloud shows an empty text.
        notes: random.pick(["", "node_dynamodb_empty_string", 'For the "CRM"\nteam']),
        credentials: type === "embedded-client-app" ? {} : credential(build),
      },
    });
  }
}

function credential({ random }: Build): { [name: string]: Json } {
  const id = random.uuid();
  const selfUri = `/api/v2/integrations/credentials/${id}`;
  const type = { name: "pureCloudOAuthClient" };
  return { pureCloudOAuthClient: { id, name: "by hand", type, selfUri } };
}
