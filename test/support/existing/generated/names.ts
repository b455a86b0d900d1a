import type { Kind } from "../../fakes/organization/entity";
import type { Random } from "../random";

/** Names that code which writes Terraform or TypeScript could trip over. The first two have one slug. */
const DIFFICULT: Partial<Record<Kind, readonly string[]>> = {
  auth_division: ["Süd / Österreich", 'Division "Nord"', "EMEA & APAC"],
  auth_role: ["Supervisor (Köln)", "Admin: read/only", "Role #1", "Rôle général"],
  routing_skill: [
    "C++",
    "C#",
    "constructor",
    "Français (FR)",
    "24/7",
    "技術サポート",
    "Vertrag/Kündigung",
  ],
  routing_language: ["Deutsch - written", "Español (México)", "日本語"],
  routing_wrapupcode: [
    "Follow-up",
    "Follow up",
    "Résolu",
    "N/A",
    'Said "no"',
    "50% discount",
    "Wrong number 📞",
  ],
  routing_queue: [
    "Billing EU",
    "Billing-EU",
    'Café / Büro "Süd"',
    "Ventes ${region}",
    "%{if} Night shift",
    "サポート",
    "🚀 Launch",
    "O'Neil & Sons <VIP>",
    "Back\\slash",
    "default",
    "Straße 5 – Außendienst",
    `Long ${"name ".repeat(35)}end`,
  ],
  group: ["Team Zürich", "team_zurich!", "Führung", "A/B test"],
  architect_schedules: ["Öffnungszeiten Mo–Fr", "Christmas 🎄", "Closed (all day)"],
  architect_schedulegroups: ["Geschäftszeiten", "Hours: US/East"],
  architect_emergencygroup: ["Notfall ⚠", "Fire / Evacuation"],
  location: ["München Hbf", "Office #3", "São Paulo"],
  integration: ["Data actions (prod)", "AWS λ"],
  architect_datatable: ["Feiertage", "Routing: VIP/Gold"],
  oauth_client: ["Wallboard [prod]", "ETL → warehouse"],
};

const WORDS: Readonly<Record<Kind, readonly string[]>> = {
  auth_division: ["Sales", "Service", "Benelux", "Iberia"],
  auth_role: ["Team lead", "Quality", "Planner", "Reporting"],
  routing_skill: ["Billing", "Tariff", "Hardware", "Retention"],
  routing_language: ["English", "Italiano", "Polski"],
  routing_wrapupcode: ["Sold", "Callback", "Complaint", "Information"],
  routing_queue: ["Service", "Sales", "Claims", "Back office"],
  user: ["Agent"],
  group: ["Team", "Project", "Shift"],
  architect_schedules: ["Hours", "Holiday", "Maintenance"],
  architect_schedulegroups: ["Business hours", "Hotline"],
  architect_emergencygroup: ["Emergency"],
  location: ["Building", "Floor", "Branch"],
  integration: ["Web services", "Lambda", "Analytics"],
  architect_datatable: ["Lookup", "Branches"],
  oauth_client: ["Crm", "Wallboard", "Export"],
  flow: ["Inbound", "In queue", "Emergency"],
  script: ["Script"],
  architect_ivr: ["IVR"],
  telephony_providers_edges_site: ["Site"],
};

/** Gives each object of a kind a name that no other one has. */
export class Names {
  private readonly given = new Map<Kind, number>();

  constructor(private readonly random: Random) {}

  next(kind: Kind): string {
    const count = this.given.get(kind) ?? 0;
    this.given.set(kind, count + 1);
    const difficult = DIFFICULT[kind]?.[count];
    return difficult ?? `${this.random.pick(WORDS[kind])} ${count + 1}`;
  }
}

const DESCRIPTIONS = [
  "Handles what nobody else does",
  "",
  'Two lines\nand a "quote"',
  "Costs ${price} and 100 %{of} it \\ maybe",
  "Ünïcödé 🎧 \u2028 separator",
];

/** A description as the API gives it: a text, an empty text, null, or none at all. */
export function described(random: Random): { readonly description?: string | null } {
  if (random.chance(0.3)) return {};
  if (random.chance(0.15)) return { description: null };
  return { description: random.pick(DESCRIPTIONS) };
}

const GIVEN = ["Ana", "Björn", "Chloé", "Dmitri", "Eoghan", "Fatima", "Grete", "Hiroshi", "Zoë"];
const FAMILY = [
  "Müller",
  "O'Brien",
  "García",
  "Łukasz",
  "Nguyễn",
  "van der Berg",
  "Şahin",
  "Smith",
];

/** A person, with an address that no other one has. */
export function person(random: Random, number: number): { name: string; email: string } {
  const [given, family] = [random.pick(GIVEN), random.pick(FAMILY)];
  const plain = `${given}.${family}`
    .normalize("NFD")
    .replace(/[^A-Za-z.]/g, "")
    .toLowerCase();
  return { name: `${given} ${family} ${number}`, email: `${plain}.${number}@example.com` };
}
