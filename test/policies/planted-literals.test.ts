import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkPolicies } from "../../lib/policies";
import { secretLiteral } from "../../lib/policies/rules/secret-literal";
import { temporaryFolder } from "../support/folders";
import { pageText } from "../support/pages";
import { HARMLESS, type Literal, PLANTED_LITERALS } from "../support/planted/literals";
import { summaryOf } from "../support/planted/planted";
import { orgStack } from "../support/synthesized-stack";

function messagesFor({ stack = {}, app, asset }: Literal): string[] {
  const assets = temporaryFolder();
  if (asset) {
    const file = join(assets, "code", "0123456789ABCDEF", asset[0]);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, asset[1]);
  }
  return checkPolicies(orgStack(stack), { app, assets }, [secretLiteral]).map((finding) =>
    [finding.construct, finding.address, finding.message].join(" "),
  );
}

const found = PLANTED_LITERALS.filter(({ missed }) => missed === undefined);
const missed = PLANTED_LITERALS.filter(({ missed }) => missed !== undefined);

describe(`GO-SECRET-LITERAL finds ${found.length} of ${PLANTED_LITERALS.length} planted secrets`, () => {
  test.each(found)("it finds, in $kind: $name", ({ plant }) => {
    const messages = messagesFor(plant);
    expect(messages).not.toEqual([]);
    for (const message of messages) expect(message).not.toMatch(/hunter2|swordfish|glpat-a1B2/);
  });

  test.each(missed)("it does not find, in $kind: $name ($missed)", ({ plant }) => {
    expect(messagesFor(plant)).toEqual([]);
  });

  test.each(HARMLESS)("it lets pass: %s", (_, plant) => {
    expect(messagesFor(plant)).toEqual([]);
  });
});

test("docs/secret-scans.md has the same table", () => {
  expect(pageText("docs/secret-scans.md")).toContain(summaryOf(PLANTED_LITERALS).join("\n"));
});
