import { SecretScanner } from "../../lib/rehearsal";
import { pageText } from "../support/pages";
import { CANARY, PLANTED_CANARIES } from "../support/planted/canaries";
import { summaryOf } from "../support/planted/planted";

const scanner = new SecretScanner([{ org: "na-prod", credential: "deployer", value: CANARY }]);
const found = PLANTED_CANARIES.filter(({ missed }) => missed === undefined);
const missed = PLANTED_CANARIES.filter(({ missed }) => missed !== undefined);
const total = PLANTED_CANARIES.length;

describe(`the rehearsal's scan finds ${found.length} of ${total} planted secrets`, () => {
  test.each(found)("it finds, in $kind: $name", ({ plant }) => {
    expect(scanner.scan(plant, "file")).not.toEqual([]);
  });

  test.each(missed)("it does not find, in $kind: $name ($missed)", ({ plant }) => {
    expect(scanner.scan(plant, "file")).toEqual([]);
  });
});

test("docs/secret-scans.md has the same table", () => {
  expect(pageText("docs/secret-scans.md")).toContain(summaryOf(PLANTED_CANARIES).join("\n"));
});
