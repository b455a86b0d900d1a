import { UserError } from "../../lib/errors";
import { exceptionsIn, isExcepted, refuseEnded } from "../../lib/rehearsal/exceptions";
import type { StackJson } from "../../lib/terraform/stack-folder";

const REASON = "the provider has no write-only password, SEC-1204";
const RULE = "GO-SECRET-IN-STATE";

const waived = (waivedAt: string, until: string | undefined = "2027-03-31", rule = RULE) => ({
  "//": {
    waivers: { [rule]: REASON },
    waivedAt: { [rule]: waivedAt },
    ...(until && { waivedUntil: { [rule]: until } }),
  },
});
const exception = (waivedAt: string, ...addresses: string[]) => ({
  rule: RULE,
  reason: REASON,
  waivedAt,
  until: "2027-03-31",
  addresses,
});

test.each<[string, object, string]>([
  ["a variable", { variable: { smtp: waived("at") } }, "var.smtp"],
  ["a resource", { resource: { aws_x: { one: waived("at") } } }, "aws_x.one"],
  ["a data source", { data: { aws_x: { one: waived("at") } } }, "data.aws_x.one"],
  ["an ephemeral resource", { ephemeral: { a_x: { o: waived("at") } } }, "ephemeral.a_x.o"],
  ["an output", { output: { one: waived("at") } }, "output.one"],
  ["a provider", { provider: { aws: [{ alias: "x" }, waived("at")] } }, "provider.aws"],
  ["the backend", { terraform: { backend: { s3: waived("at") } } }, "terraform.backend.s3"],
  ["a stack", waived("at"), "terraform"],
])("a waiver with an end is found at %s", (_, json, address) => {
  expect(exceptionsIn(json as StackJson)).toEqual([exception("at", address)]);
});

test("a waiver without an end is none", () => {
  expect(exceptionsIn({ variable: { smtp: waived("at", "") } } as StackJson)).toEqual([]);
});

test("one waiver is one exception, with all blocks that it covers", () => {
  const variable = { smtp: waived("stack/mail"), imap: waived("stack/mail") };
  const resource = { aws_x: { one: waived("stack/other") } };
  expect(exceptionsIn({ variable, resource } as StackJson)).toEqual([
    exception("stack/mail", "var.smtp", "var.imap"),
    exception("stack/other", "aws_x.one"),
  ]);
});

describe("a rehearsal", () => {
  const refused = (now: string, patch: object = {}) =>
    refuseEnded([{ ...exception("stack/smtp", "var.smtp"), ...patch }], "f", Date.parse(now));

  test("accepts an exception to the end of its last day", () => {
    expect(() => refused("2027-03-31T23:59:59Z")).not.toThrow();
  });

  test("refuses one that has ended, by its name", () => {
    expect(() => refused("2027-04-01T00:00:00Z")).toThrow(UserError);
    expect(() => refused("2027-04-01T00:00:00Z")).toThrow(
      `f cannot be rehearsed: the waiver of GO-SECRET-IN-STATE at stack/smtp ended on 2027-03-31 (its reason: ${REASON}). Remove the cause and the waiver, or agree on another end, and write it into the waiver`,
    );
  });

  test("refuses one without a reason", () => {
    expect(() => refused("2026-11-28", { reason: "todo" })).toThrow(
      "the waiver of GO-SECRET-IN-STATE at stack/smtp gives no reason",
    );
  });
});

describe("a secret in a file", () => {
  const finding = { file: "first.tfplan", org: "na-prod", credential: "variable smtp" };
  const own = [exception("stack/smtp", "var.smtp")];
  const excepted = (patch: Partial<typeof finding>, exceptions = own) =>
    isExcepted({ ...finding, ...patch }, exceptions, "na-prod");

  test.each(["first.tfplan", "rehearsed.tfstate", "errored.tfstate", "terraform.tfstate.backup"])(
    "may be in %s",
    (file) => {
      expect(excepted({ file })).toBe(true);
    },
  );

  test.each([
    ["a log", { file: "04-apply.log" }],
    ["an asset", { file: "assets/tfstate/x" }],
    ["the synthesized JSON", { file: "cdk.tf.json" }],
    ["a name of a file", { file: "name of a file" }],
    ["another variable's", { credential: "variable smtp2" }],
    ["a credential of the org", { credential: "deployer" }],
    ["another org's", { org: "eu-prod" }],
  ])("may not be elsewhere, nor be another: %s", (_, patch) => {
    expect(excepted(patch)).toBe(false);
  });

  test("may be there by a waiver of the whole stack, and not by one of another rule", () => {
    expect(excepted({}, [exception("stack", "terraform")])).toBe(true);
    expect(excepted({}, [{ ...exception("stack", "var.smtp"), rule: "GO-SECRET-LITERAL" }])).toBe(
      false,
    );
  });
});
