import { module } from "../../../lib/policies/rules/module";
import { messagesOf, orgStack } from "../../support/synthesized-stack";

const calling = (body: object) => orgStack({ module: { network: body } });

describe("GO-MODULE", () => {
  test("what is inside a module is said not to be checked", () => {
    expect(messagesOf(module, calling({ source: "example/network/aws" }))).toEqual([
      "nothing inside the module from example/network/aws was checked",
    ]);
  });

  test("a stack without modules passes", () => {
    expect(messagesOf(module, orgStack({}))).toEqual([]);
  });

  test("a waiver says that a module was reviewed", () => {
    const waived = {
      "//": {
        waivers: { "GO-MODULE": "reviewed at 1.2.0, OPS-1" },
        waivedAt: { "GO-MODULE": "org-na-prod/network" },
      },
    };
    expect(messagesOf(module, calling({ source: "example/network/aws", ...waived }))).toEqual([]);
  });
});
