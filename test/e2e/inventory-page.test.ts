import { inventoryPage } from "../../lib/cli/commands/secrets/inventory-page";
import { byUrgency, inventoryEntry } from "../../lib/inventory/inventory";
import { describeInBrowser, inBrowser, whySkipped } from "./browser";

const DAY = 24 * 3_600_000;
const NOW = Date.parse("2026-11-28T12:00:00Z");

const entry = (org: string, name: string, days: number | undefined) =>
  inventoryEntry(
    { name: org, environment: "production" },
    {
      name,
      secretName: `/genesys/production/${org}/${name}`,
      kind: "genesys-admin",
      sensitivity: "critical",
      rotationDays: 90,
      owner: "</script><script>document.title='owned'</script>",
      consumers: [],
      rotation: days === undefined ? "elsewhere" : "automatic",
    },
    days === undefined
      ? undefined
      : {
          exists: true,
          retiring: false,
          rotates: true,
          rotatedAt: NOW - days * DAY,
          deadline: NOW + (90 - days) * DAY,
          clients: [],
        },
    NOW,
  );

const page = () =>
  inventoryPage({
    entries: [
      entry("na", "young", 1),
      entry("na", "mesh", undefined),
      entry("eu", "old", 100),
      entry("eu", "middle", 50),
    ].sort(byUrgency),
    live: true,
    at: NOW,
  });

describeInBrowser(`the page of the inventory${whySkipped}`, () => {
  test("shows the most urgent first, sorts by a column both ways, and finds words", () => {
    const script = `say(); head("Age").click(); say(); head("Age").click(); say();
      find("eu"); say(); find("nobody"); say(); find(""); say(); tile("overdue").click(); say();`;
    expect(inBrowser(page(), 2, script)).toEqual([
      "old middle young mesh",
      "young middle old mesh",
      "old middle young mesh",
      "old middle",
      "",
      "old middle young mesh",
      "old",
      // The text of an owner is no script.
      "Credentials of Genesys Cloud organisations",
    ]);
  });
});
