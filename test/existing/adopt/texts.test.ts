import { adopt } from "../../../lib/existing/adopt/adopt";
import { isExpression } from "../../../lib/existing/configuration/literals";
import type { ExistingObject, Value } from "../../../lib/existing/model";
import { loadSchemas } from "../../../lib/rehearsal";
import { synthesizeCode } from "../../support/existing/code-project";
import { planWired } from "../../support/existing/plan-wired";
import { FakeOrganization } from "../../support/fakes/fake-organization";
import { describeWithTerraform } from "../../support/terraform";

const schema = loadSchemas().providers.get("registry.terraform.io/mypurecloud/genesyscloud") ?? {};

const QUEUE = "genesyscloud_routing_queue";
const SKILL = "genesyscloud_routing_skill";

const uuid = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

const skill = (name: string, number: number): ExistingObject => ({
  type: SKILL,
  path: [name],
  id: uuid(number),
  arguments: { name },
});

const filesOf = (objects: readonly ExistingObject[]) =>
  adopt({
    org: "na-prod",
    existing: { name: "na-prod", types: [SKILL, QUEUE], objects },
    known: {},
    inStates: [],
    schema,
  }).files;

/** Texts that mean something in TypeScript, in Terraform or in our own code. */
const TEXTS = [
  'a $${b} ${c} %{if} %%{if} "q" \\ \u2028 100%${d} $%{e} $$${f}',
  "`${1 + 1}`",
  "*/ process.exit() /*",
  "__proto__",
  "constructor",
  "a\u0000b\u001b[31m",
  "line\nbreak",
  "x".repeat(400),
  "\u{1f600}",
  "\u{1f601}\u{1f602}",
  'objects[" parameters[',
  "references[",
  "Tier 1",
  "Tier1",
];

describeWithTerraform("any text of an organisation", () => {
  test("compiles as code, and arrives literally in Terraform", async () => {
    const queue: ExistingObject = {
      type: QUEUE,
      path: ["Support"],
      id: uuid(500),
      arguments: {
        name: "Support",
        description: TEXTS.join(" "),
        default_script_ids: { "${media}": "a script" } as Value,
      },
    };
    const {
      import: _,
      provider: __,
      terraform: ___,
      ...stack
    } = synthesizeCode(filesOf([queue, ...TEXTS.map(skill)]));
    const { changes, failure } = await planWired(new FakeOrganization(uuid(0)), stack);
    expect(failure).toBeUndefined();
    const planned = (type: string) =>
      changes.filter((each) => each.type === type).map(({ change }) => change.after);
    expect(planned(SKILL).map(({ name }) => name)).toEqual(expect.arrayContaining(TEXTS));
    expect(planned(QUEUE)).toMatchObject([
      { description: TEXTS.join(" "), default_script_ids: { "${media}": "a script" } },
    ]);
  }, 240_000);
});

test("names that give the same name in TypeScript have different logical ids", () => {
  const { "skills.ts": code = "" } = filesOf([skill("Tier 1", 1), skill("Tier1", 2)]);
  const names = [...code.matchAll(/const (\w+) =/g)].map(([, name]) => name);
  expect(new Set(names).size).toBe(2);
});

test("files import only what they use, whatever the texts say", () => {
  const { "skills.ts": code = "" } = filesOf([skill('parameters[" references["', 1)]);
  expect([...code.matchAll(/from "(.*\.json)"/g)].map(([, file]) => file)).toEqual([
    "./objects.json",
  ]);
});

test.each([
  ["${a}", true],
  ["100%${a}", true],
  ["$%{a}", true],
  ["$${a}", false],
  ["$$${a}", false],
  ["%%%{a}", false],
  ["$ {a}", false],
])("whether %s is an expression of Terraform: %s", (text, expected) => {
  expect(isExpression(text)).toBe(expected);
});
