import { byUrgency, inventoryEntry } from "../../lib/inventory/inventory";
import { judge } from "../../lib/inventory/judge";
import type { LiveSecret } from "../../lib/inventory/live-secret";
import type { SecretReport } from "../../lib/registry/report";

const DAY = 24 * 3_600_000;
const NOW = Date.parse("2026-11-28T12:00:00Z");

const SECRET: SecretReport = {
  name: "crm-sync",
  secretName: "/genesys/production/na-prod/crm-sync",
  kind: "genesys-admin",
  sensitivity: "critical",
  rotationDays: 90,
  owner: "crm-team",
  consumers: [],
  rotation: "automatic",
};
const WELL: LiveSecret = {
  exists: true,
  rotates: true,
  retiring: false,
  rotatedAt: NOW - 10 * DAY,
  deadline: NOW + 80 * DAY,
  lastAttempt: { at: NOW - 10 * DAY, version: "1", step: "finishSecret", result: "succeeded" },
  clients: [],
};
const failed = { ...WELL.lastAttempt, result: "failed", message: "HTTP 403" } as const;

test.each<[string, string, Partial<LiveSecret>, Partial<SecretReport>?]>([
  ["ok", "", {}],
  ["missing", "the secret does not exist: apply the stack", { exists: false }],
  ["missing", "it is scheduled for deletion: restore it", { deletedAt: NOW - DAY }],
  ["refused", "its value has not worked since 2026-11-26", { refusedSince: NOW - 2 * DAY }],
  ["overdue", "2 days older than its class allows", { deadline: NOW - 2 * DAY }],
  ["due", "it rotates by 2026-11-28", { deadline: NOW - DAY / 4 }],
  ["due", "it rotates by 2026-11-26", { deadline: NOW - 2 * DAY }, { sensitivity: "high" }],
  ["failed", "HTTP 403", { lastAttempt: failed as LiveSecret["lastAttempt"] }],
  ["off", "its rotation is switched off", { rotates: false }],
  ["empty", "it has no value yet", { rotatedAt: undefined, deadline: undefined }],
  ["retiring", "its clients are taken out of use", { retiring: true, deadline: NOW - 9 * DAY }],
  ["ok", "", { rotates: false }, { rotation: "by hand" }],
  [
    "due",
    "a person must rotate it by 2026-12-10",
    { deadline: NOW + 12 * DAY },
    { rotation: "by hand" },
  ],
  ["ok", "", { deadline: NOW + 15 * DAY }, { rotation: "by hand" }],
  [
    "elsewhere",
    "rotated by Istio",
    { exists: false },
    { rotation: "elsewhere", rotatedBy: "Istio" },
  ],
])("%s: %s", (verdict, reason, live, secret = {}) => {
  expect(judge({ ...SECRET, ...secret }, { ...WELL, ...live }, NOW)).toEqual({ verdict, reason });
});

test("nobody looked", () => {
  expect(judge(SECRET, undefined, NOW)).toEqual({ verdict: "planned", reason: "" });
});

test("the worst come first, then those that rotate next", () => {
  const entry = (name: string, live: Partial<LiveSecret>) =>
    inventoryEntry(
      { name: "na-prod", environment: "production" },
      { ...SECRET, name, secretName: name },
      { ...WELL, ...live },
      NOW,
    );
  const entries = [
    entry("later", { deadline: NOW + 40 * DAY }),
    entry("soon", { deadline: NOW + 20 * DAY }),
    entry("b", { refusedSince: NOW }),
    entry("overdue", { deadline: NOW - 5 * DAY }),
    entry("a", { refusedSince: NOW }),
    entry("gone", { exists: false }),
  ];
  expect(entries.sort(byUrgency).map(({ name }) => name)).toEqual([
    "gone",
    "a",
    "b",
    "overdue",
    "soon",
    "later",
  ]);
});
