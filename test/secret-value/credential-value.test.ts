import {
  credentialValue,
  readCredential,
  writeCredential,
} from "../../lib/secret-value/credential-value";

const VALUE = {
  clientId: "client-1",
  clientSecret: "test-secret-1",
  region: "us-east-1",
  orgId: "11111111-1111-4111-8111-111111111111",
};
const TEXT = `{"clientId":"client-1","clientSecret":"test-secret-1","region":"us-east-1","orgId":"${VALUE.orgId}"}`;

test("a value is written as one JSON document, and read as it was written", () => {
  expect(writeCredential(VALUE)).toBe(TEXT);
  expect(readCredential(TEXT, "the value")).toEqual(VALUE);
});

test("the order of the fields is always the same, and nothing else is written", () => {
  const { orgId, ...others } = VALUE;
  const mixed = { orgId, note: "not a field", ...others };
  expect(writeCredential(mixed)).toBe(TEXT);
  expect(Object.keys(credentialValue(mixed))).toEqual([
    "clientId",
    "clientSecret",
    "region",
    "orgId",
  ]);
});

test("fields that are not known here are kept when a value is read", () => {
  const text = JSON.stringify({ ...VALUE, note: "kept" });
  expect(readCredential(text, "the value")).toEqual({ ...VALUE, note: "kept" });
});

test.each(Object.keys(VALUE))("a value without %s is refused", (field) => {
  const message = `the value has no ${field}`;
  for (const wrong of [undefined, 1, null]) {
    const text = JSON.stringify({ ...VALUE, [field]: wrong });
    expect(() => readCredential(text, "the value")).toThrow(new Error(message));
  }
});

test("all missing fields are named at once", () => {
  for (const text of ["null", "[]", "1", "{}"]) {
    expect(() => readCredential(text, "the value")).toThrow(
      new Error("the value has no clientId, clientSecret, region, orgId"),
    );
  }
});

test("a text that is not JSON is refused, and not repeated", () => {
  expect(() => readCredential("test-secret-in-plain", "the value")).toThrow(
    new Error("the value is not a JSON document"),
  );
});
