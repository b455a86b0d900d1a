import type { PlatformApi } from "../../lib/genesys/platform-api";
import { ApiError } from "../../lib/http/api-error";
import { deliver, deliveryMark } from "../../lib/rotation/integration-credentials";
import { readSpecification } from "../../lib/rotation/specification";

const TARGET = { id: "i-1", name: "Data actions", type: "pureCloudOAuthClient" };
const OTHER = { ...TARGET, id: "i-2", name: "Web services", type: "userDefinedOAuth" };
const VALUE = { clientId: "c-1", clientSecret: "test-secret", region: "us-east-1", orgId: "o-1" };

/** Delivers to two, of which the first is answered as given. */
async function delivered(first: () => boolean) {
  const written: unknown[] = [];
  const api: Pick<PlatformApi, "updateIntegrationCredential"> = {
    updateIntegrationCredential: async (id, request) => {
      if (id === TARGET.id && !first()) return false;
      written.push([id, request]);
      return true;
    },
  };
  const targets = [TARGET, { ...OTHER, fields: { loginUrl: "https://login.example.com" } }];
  const result = await deliver({ api, org: "na-prod", targets, value: VALUE }).catch((e) => e);
  return { result, written };
}

const refused = (status: number) => () => {
  throw new ApiError(`PUT: HTTP ${status}`, "", status, "", "", 1, false);
};

const second = [
  "i-2",
  {
    name: "Web services",
    type: { name: "userDefinedOAuth" },
    credentialFields: {
      loginUrl: "https://login.example.com",
      clientId: "c-1",
      clientSecret: "test-secret",
    },
  },
];

test("the fields are the client's id and secret, and those that were specified", async () => {
  const { result, written } = await delivered(() => true);
  expect(result).toEqual([]);
  expect(written).toEqual([
    [
      "i-1",
      {
        name: "Data actions",
        type: { name: "pureCloudOAuthClient" },
        credentialFields: { clientId: "c-1", clientSecret: "test-secret" },
      },
    ],
    second,
  ]);
});

test("one that was deleted is returned, and does not hold up the others", async () => {
  const { result, written } = await delivered(() => false);
  expect(result).toEqual([TARGET]);
  expect(written).toEqual([second]);
});

test.each([
  [403, "PUT: HTTP 403. Give the master of na-prod a role with integrations:integration:edit"],
  [400, "PUT: HTTP 400. Check whether its type is pureCloudOAuthClient, and has these fields"],
  [503, "PUT: HTTP 503"],
])("one that cannot be written (%d) is an error after the others", async (status, message) => {
  const { result, written } = await delivered(refused(status));
  expect(result.message).toBe(
    `the integration credential "Data actions" (i-1) was not written: ${message}`,
  );
  expect(written).toEqual([second]);
});

describe("the mark of a delivery", () => {
  const version = (id: string, ...stages: string[]) => ({ id, stages });
  const history = { changedAt: 0, versions: [version("v1", "AWSCURRENT")] };
  const mark = deliveryMark(TARGET, history);

  test("does not depend on the order of the versions, nor on times", () => {
    const versions = [version("v0"), version("v1", "AWSCURRENT")];
    const [one, other] = [versions, [...versions].reverse()].map((each, changedAt) =>
      deliveryMark(TARGET, { changedAt, versions: each }),
    );
    expect(one).toBe(other);
  });

  test.each([
    ["another version", [version("v1", "AWSCURRENT"), version("v2")]],
    ["a label that moved", [version("v1", "AWSPREVIOUS")]],
    ["a rotation in progress", [version("v1", "AWSCURRENT", "AWSPENDING")]],
  ])("changes with %s", (_, versions) => {
    expect(deliveryMark(TARGET, { changedAt: 0, versions })).not.toBe(mark);
  });

  test("changes with the specification", () => {
    expect(deliveryMark({ ...TARGET, name: "Renamed" }, history)).not.toBe(mark);
  });
});

describe("a specification", () => {
  const read = (integrationCredentials: unknown) =>
    readSpecification(
      JSON.stringify({
        secretArn: "arn:aws:secretsmanager:us-east-1:111111111111:secret:x",
        clientName: "Production-Crm",
        roleDivisions: [{ roleId: "role", divisionId: "*" }],
        accessTokenValiditySeconds: 3600,
        rotationDays: 30,
        integrationCredentials,
      }),
      "/crm/specification",
    );

  test("may have integration credentials", () => {
    expect(read([TARGET]).integrationCredentials).toEqual([TARGET]);
    expect(read(undefined).integrationCredentials).toBeUndefined();
  });

  test.each([
    ["no list", {}, "integrationCredentials"],
    ["nothing in it", [null], "integrationCredentials[0].id, integrationCredentials[0].name"],
    ["no id", [TARGET, { ...TARGET, id: "" }], "integrationCredentials[1].id"],
    ["a field that is no text", [{ ...TARGET, fields: { port: 1 } }], "[0].fields"],
    ["no fields", [{ ...TARGET, fields: null }], "[0].fields"],
    ["fields in a text", [{ ...TARGET, fields: "loginUrl" }], "[0].fields"],
  ])("with %s is refused, and the message names the path", (_, targets, path) => {
    expect(() => read(targets)).toThrow(path);
  });
});
