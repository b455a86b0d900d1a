import { stateLocked } from "../../../lib/policies/rules/state-locked";
import { backend, findingsOf, messagesOf, orgStack } from "../../support/synthesized-stack";

describe("GO-STATE-LOCKED", () => {
  test.each([
    {},
    { use_lockfile: undefined },
    { use_lockfile: "true", dynamodb_table: undefined },
    { dynamodb_table: undefined },
  ])("accepts the backend with %p", (body) => {
    expect(findingsOf(stateLocked, orgStack(backend(body)))).toEqual([]);
  });

  test.each([
    { use_lockfile: undefined, dynamodb_table: undefined },
    { use_lockfile: false, dynamodb_table: "" },
  ])("refuses the backend with %p, in an org's stack and in any other", (body) => {
    const messages = ["neither use_lockfile nor dynamodb_table locks the state"];
    expect(messagesOf(stateLocked, orgStack(backend(body)))).toEqual(messages);
    expect(messagesOf(stateLocked, orgStack(backend(body)), {})).toEqual(messages);
  });

  test("leaves other backends to GO-STATE-ENCRYPTED", () => {
    const stack = orgStack({ terraform: { backend: undefined } });
    expect(findingsOf(stateLocked, stack)).toEqual([]);
  });
});
