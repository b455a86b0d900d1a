import { readSpecification } from "../../lib/rotation/specification";

const PARAMETER = "/genesys/production/org/crm-sync/specification";
const SPECIFICATION = {
  secretArn:
    "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/org/a-AbCdEf",
  clientName: "Production-CrmSync",
  roleDivisions: [{ roleId: "role", divisionId: "*" }],
  accessTokenValiditySeconds: 3600,
  rotationDays: 30,
};
const read = (patch: object) =>
  readSpecification(JSON.stringify({ ...SPECIFICATION, ...patch }), PARAMETER);

test("a specification is read as it was written", () => {
  expect(read({})).toEqual(SPECIFICATION);
});

test("the addresses of a client are read as they were written", () => {
  const addresses = { field: "allowedIpAddresses", allowed: ["203.0.113.0/24"] };
  expect(read({ addresses })).toEqual({ ...SPECIFICATION, addresses });
});

test.each([
  ["secretArn", ["/genesys/production/org/a", undefined]],
  ["clientName", ["", "Production-CrmSync#1", undefined]],
  ["roleDivisions", [[], "role", undefined]],
  ["accessTokenValiditySeconds", [299, 172_801, "3600", undefined]],
  ["addresses", [[], "203.0.113.7", { allowed: [] }, { field: "x", allowed: "203.0.113.7" }]],
  ["rotationDays", [0, "30", undefined]],
])("a wrong %s is named, with the parameter", (field, values) => {
  for (const value of values) {
    expect(() => read({ [field]: value })).toThrow(
      `the parameter ${PARAMETER} is not a valid client specification (missing or wrong: ${field})`,
    );
  }
});

test.each(["", "null", "[]", "{"])("a text that is not a specification is refused: %p", (text) => {
  expect(() => readSpecification(text, PARAMETER)).toThrow(`the parameter ${PARAMETER} is not a`);
});
