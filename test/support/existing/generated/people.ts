import type { Entity, Json } from "../../fakes/organization/entity";
import type { Build } from "./build";
import { described, person } from "./names";

export function locations(build: Build, count: number): void {
  const { random, organization } = build;
  for (let index = 0; index < count; index += 1) {
    // A location is in another one, up to four deep.
    const parents = organization
      .all("location")
      .filter(({ path }) => ((path ?? []) as Json[]).length < 3);
    const parent = parents.length > 0 && random.chance(0.5) ? random.pick(parents) : undefined;
    build.add("location", {
      ...(random.chance(0.4) ? { notes: "Ring twice\nThen wait" } : {}),
      path: parent ? [...((parent.path ?? []) as string[]), parent.id] : [],
      state: "active",
      version: 3,
      ...(random.chance(0.7) ? { address: address(build) } : {}),
      ...(random.chance(0.5)
        ? { emergencyNumber: { e164: phone(build), number: phone(build), type: "default" } }
        : {}),
      addressVerified: false,
      addressStored: true,
    });
  }
}

const address = ({ random }: Build): { [name: string]: Json } => ({
  city: random.pick(["München", "Indianapolis", "Łódź"]),
  country: random.pick(["DE", "US", "PL"]),
  countryName: "somewhere",
  ...(random.chance(0.5) ? { state: "IN" } : {}),
  street1: random.pick(["Königstraße 1", "7601 Interactive Way"]),
  ...(random.chance(0.3) ? { street2: "2nd floor" } : {}),
  zipcode: `${random.between(10_000, 99_999)}`,
});

const phone = ({ random }: Build) => `+1317555${random.between(1000, 9999)}`;

export function users(build: Build, count: number): void {
  const { random, organization } = build;
  for (let index = 1; index <= count; index += 1) {
    const { name, email } = person(random, index);
    const managers = organization.all("user");
    const manager = managers.length > 0 && random.chance(0.7) ? random.pick(managers) : undefined;
    build.add("user", {
      ...build.division(),
      name,
      email,
      username: email,
      state: random.chance(0.05) ? "inactive" : "active",
      version: random.between(1, 90),
      ...(random.chance(0.6) ? { department: random.pick(["Vertrieb", "R&D", ""]) } : {}),
      ...(random.chance(0.5) ? { title: "Agent / Senior" } : { title: null }),
      ...(manager ? { manager: { id: manager.id, selfUri: `/api/v2/users/${manager.id}` } } : {}),
      acdAutoAnswer: random.chance(0.3),
      primaryContactInfo: [{ address: email, mediaType: "EMAIL", type: "PRIMARY" }],
      addresses: contacts(build, index),
      skills: build.some("routing_skill", random.between(0, 4)).map((skill: Entity) => ({
        id: skill.id,
        name: skill.name ?? null,
        proficiency: random.pick([0, 1, 2.5, 4, 5]),
        state: "active",
        skillUri: `/api/v2/routing/skills/${skill.id}`,
      })),
      languages: build.some("routing_language", random.between(0, 2)).map((language: Entity) => ({
        id: language.id,
        name: language.name ?? null,
        proficiency: random.between(0, 5),
        state: "active",
        languageUri: `/api/v2/routing/languages/${language.id}`,
      })),
      locations: random.chance(0.3)
        ? build.some("location", 1).map((location: Entity) => ({
            id: random.uuid(),
            ...(random.chance(0.5) ? { notes: "desk 5" } : {}),
            locationDefinition: build.ref("location", location),
          }))
        : [],
      profileSkills: random.some(["Excel", "Verhandlung", "SQL"], random.between(0, 2)),
      certifications: random.some(["ISO 9001", "First aid"], random.between(0, 2)),
      ...(random.chance(0.3) ? { employerInfo: employer(build, index) } : {}),
      $voicemailPolicy: { enabled: true, alertTimeoutSeconds: 20, sendEmailNotifications: true },
      $utilization: random.chance(0.1) ? utilization() : null,
    });
  }
}

function contacts(build: Build, number: number): Json[] {
  const { random } = build;
  const result: Json[] = [];
  if (random.chance(0.4)) {
    const address = phone(build);
    result.push({ address, display: address, mediaType: "PHONE", type: "WORK", countryCode: "US" });
  }
  // An extension that is in no pool is in the display alone.
  if (random.chance(0.2)) {
    result.push({ display: `${5000 + number}`, mediaType: "PHONE", type: "WORK2" });
  }
  if (random.chance(0.2)) {
    const address = `private.${number}@example.org`;
    result.push({ address, mediaType: "EMAIL", type: random.pick(["WORK", "HOME"]) });
  }
  return result;
}

const employer = ({ random }: Build, number: number): { [name: string]: Json } => ({
  officialName: `Dr. ${number}`,
  employeeId: `E-${number}`,
  ...(random.chance(0.5) ? { employeeType: "Full-time" } : {}),
  ...(random.chance(0.5) ? { dateHire: "2020-02-29" } : {}),
});

const utilization = (): { [name: string]: Json } => ({
  level: "Agent",
  utilization: {
    call: { maximumCapacity: 1, interruptableMediaTypes: ["email"], includeNonAcd: false },
    email: { maximumCapacity: 3, interruptableMediaTypes: [], includeNonAcd: true },
  },
});

export function groups(build: Build, count: number): void {
  const { random } = build;
  for (let index = 0; index < count; index += 1) {
    const owners = build.some("user", random.between(0, 2));
    const members = build.some("user", random.between(0, 8));
    build.add("group", {
      ...described(random),
      state: "active",
      version: 1,
      type: random.chance(0.8) ? "official" : "social",
      visibility: random.pick(["public", "public", "owners", "members"]),
      rulesVisible: random.chance(0.8),
      rolesEnabled: random.chance(0.5),
      callsEnabled: random.chance(0.8),
      includeOwners: random.chance(0.8),
      owners: owners.map(({ id }) => ({ id, selfUri: `/api/v2/users/${id}` })),
      addresses: random.chance(0.4)
        ? [
            {
              address: phone(build),
              display: "shown",
              mediaType: "PHONE",
              type: "GROUPRING",
              ...(random.chance(0.3) ? { extension: "77" } : {}),
            },
          ]
        : [],
      $individuals: members.map(({ id }) => id),
      $voicemailPolicy: random.chance(0.2)
        ? { enabled: true, sendEmailNotifications: true, disableEmailPii: false }
        : { enabled: false },
    });
  }
}
