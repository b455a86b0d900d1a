import { provisioner } from "../../../lib/policies/rules/provisioner";
import { block, messagesOf, orgStack } from "../../support/synthesized-stack";

const resource = (body: Record<string, unknown>) =>
  orgStack(block("resource", "terraform_data", body));

describe("GO-PROVISIONER", () => {
  test.each(["local-exec", "remote-exec", "file"])("a %s provisioner is refused", (kind) => {
    const message = [`has a ${kind} provisioner`];
    expect(messagesOf(provisioner, resource({ provisioner: [{ [kind]: {} }] }))).toEqual(message);
    expect(messagesOf(provisioner, resource({ provisioner: { [kind]: [{}] } }))).toEqual(message);
  });

  test.each(["external", "local_command"])("data source %s is refused", (type) => {
    expect(messagesOf(provisioner, orgStack(block("data", type, {})))).toEqual([
      `data source ${type} runs a program`,
    ]);
  });

  test("a resource that runs nothing passes", () => {
    expect(messagesOf(provisioner, resource({ input: "local-exec" }))).toEqual([]);
    expect(messagesOf(provisioner, resource({ provisioner: [] }))).toEqual([]);
  });

  test("a waiver allows one resource by its name", () => {
    const waived = {
      "//": {
        waivers: { "GO-PROVISIONER": "legacy import, OPS-1" },
        waivedAt: { "GO-PROVISIONER": "org-na-prod/it" },
      },
    };
    expect(
      messagesOf(provisioner, resource({ provisioner: [{ "local-exec": {} }], ...waived })),
    ).toEqual([]);
  });
});
