import { createHash } from "node:crypto";
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
    const hash = createHash("sha256").update(asset[1]).digest("hex");
    const file = join(assets, "code", hash, asset[0]);
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

test.each(["CLIENT_SECRET=hunter2\nexec ./run\n", "CLIENT_SECRET=hunter2\r\nREGION=here\r\n"])(
  "a secret in an asset is reported once, under its own name: %j",
  (content) => {
    expect(messagesFor({ asset: [".env", content] })).toEqual([
      expect.stringMatching(/\.env\.CLIENT_SECRET contains a 7-character literal, not shown$/),
    ]);
  },
);

test("a token in an asset is reported once, although the next line may belong to it", () => {
  const token = ["glpat", "a1B2c3D4e5F6g7H8i9J0"].join("-");
  expect(messagesFor({ asset: [".env", `A=${token}\nREGION=here\n`] })).toHaveLength(1);
});

test("docs/secret-scans.md has the same table", () => {
  expect(pageText("docs/secret-scans.md")).toContain(summaryOf(PLANTED_LITERALS).join("\n"));
});
