import { compareApi } from "../../lib/genesys/compare-api";
import { NEEDED, type Swagger, swaggerWith } from "../support/fakes/fake-swagger";

const problemsAfter = (change: (swagger: Swagger) => unknown): string[] => {
  const swagger = swaggerWith();
  change(swagger);
  return compareApi(swagger, NEEDED).problems.map(
    ({ operation, problem }) => `${operation}: ${problem}`,
  );
};
const CLIENTS = "/api/v2/oauth/clients";
const CLIENT = `${CLIENTS}/{clientId}`;
const BULK = "/api/v2/authorization/subjects/{subjectId}/bulkadd";
const model = (swagger: Swagger, name: string) => {
  const found = swagger.definitions[name];
  if (!found) throw new Error(`no model ${name}`);
  return found;
};
const parametersOf = (swagger: Swagger, method: string, path: string) =>
  swagger.paths[path]?.[method]?.parameters as Record<string, unknown>[];

test("an API that has everything has no problem", () => {
  const { problems, operations, fields } = compareApi(swaggerWith(), NEEDED);
  expect(problems).toEqual([]);
  // More than the 15 of the client: those of the provider.
  expect(operations).toBeGreaterThan(25);
  expect(fields).toBeGreaterThan(80);
});

describe("what is no problem:", () => {
  test.each<[string, (swagger: Swagger) => unknown]>([
    [
      "a parameter of a path has another name",
      ({ paths }) => {
        paths[`${CLIENTS}/{id}`] = paths[CLIENT] ?? {};
        delete paths[CLIENT];
      },
    ],
    [
      "paths below a base path",
      (swagger) => {
        swagger.basePath = "/api/v2/";
        swagger.paths = Object.fromEntries(
          Object.entries(swagger.paths).map(([path, item]) => [path.replace("/api/v2", ""), item]),
        );
      },
    ],
    [
      "a new field, value or optional parameter",
      (swagger) => {
        model(swagger, "OAuthClientRequest").properties.novelty = { type: "string" };
        parametersOf(swagger, "post", CLIENTS).push({
          in: "query",
          name: "dryRun",
          type: "boolean",
        });
      },
    ],
    [
      "the answer under default",
      ({ paths }) => {
        const found = paths["/api/v2/organizations/me"]?.get;
        const responses = found?.responses as Record<string, unknown>;
        responses.default = responses[200];
        delete responses[200];
      },
    ],
    [
      "no values at all",
      (swagger) => {
        delete model(swagger, "OAuthClientRequest").properties.state?.enum;
      },
    ],
    [
      "an underscore in place of a hyphen",
      (swagger) => {
        Object.assign(model(swagger, "OAuthClientRequest").properties.authorizedGrantType ?? {}, {
          enum: ["CODE", "CLIENT_CREDENTIALS"],
        });
      },
    ],
    [
      "a model in parts",
      (swagger) => {
        const { properties } = model(swagger, "OAuthClientRequest");
        const { state, ...rest } = properties;
        swagger.definitions.Rest = { properties: rest };
        Object.assign(swagger.definitions, {
          OAuthClientRequest: {
            allOf: [{ $ref: "#/definitions/Rest" }, { properties: { state } }],
          },
        });
      },
    ],
  ])("%s", (_what, change) => expect(problemsAfter(change)).toEqual([]));
});

describe("what is a problem:", () => {
  test.each<[string, (swagger: Swagger) => unknown, string[]]>([
    [
      "an operation is gone",
      ({ paths }) => delete paths[CLIENT]?.put,
      [`PUT ${CLIENT}: the API does not have it`],
    ],
    [
      "an operation is null",
      ({ paths }) => Object.assign(paths[CLIENT] ?? {}, { put: null }),
      [`PUT ${CLIENT}: the API does not have it`],
    ],
    [
      "a value that an answer is compared with is gone",
      (swagger) => {
        Object.assign(model(swagger, "OAuthClient").properties.authorizedGrantType ?? {}, {
          enum: ["CODE", "TOKEN"],
        });
      },
      [
        `GET ${CLIENTS}: the answer's field entities[].authorizedGrantType never is "CLIENT-CREDENTIALS"`,
        ...[`POST ${CLIENTS}`, `GET ${CLIENT}`, `PUT ${CLIENT}`, `POST ${CLIENT}/secret`].map(
          (operation) =>
            `${operation}: the answer's field authorizedGrantType never is "CLIENT-CREDENTIALS"`,
        ),
      ],
    ],
    [
      "an operation of the provider is gone",
      ({ paths }) => delete paths["/api/v2/authorization/roles/default"],
      [
        "PUT /api/v2/authorization/roles/default: the API does not have it (provider type genesyscloud_auth_role)",
      ],
    ],
    [
      "a field of a request is gone",
      (swagger) => delete model(swagger, "OAuthClientRequest").properties.dateToDelete,
      [
        `POST ${CLIENTS}: the body's field dateToDelete is gone`,
        `PUT ${CLIENT}: the body's field dateToDelete is gone`,
      ],
    ],
    [
      "a field has another type",
      (swagger) => {
        model(swagger, "OAuthClientEntityListing").properties.total = { type: "string" };
      },
      [`GET ${CLIENTS}: the answer's field total is a string, not a number`],
    ],
    [
      "a list holds another type",
      (swagger) => {
        model(swagger, "AuthzGrantPolicy").properties.actions = {
          type: "array",
          items: { type: "object", properties: {} },
        };
      },
      ["me", "{subjectId}"].map(
        (subject) =>
          `GET /api/v2/authorization/subjects/${subject}: the answer's field grants[].role.policies[].actions[] is an object, not a string`,
      ),
    ],
    [
      "a value is not taken any more",
      (swagger) => {
        Object.assign(model(swagger, "OAuthClientRequest").properties.state ?? {}, {
          enum: ["active", "disabled"],
        });
      },
      [
        `POST ${CLIENTS}: the body's field state does not take "inactive"`,
        `PUT ${CLIENT}: the body's field state does not take "inactive"`,
      ],
    ],
    [
      "a field is required that nobody sends",
      (swagger) => model(swagger, "RoleDivisionPair").required?.push("expires"),
      [
        `POST ${BULK}: the body's field grants[] must have the field expires now, and a request may lack it`,
      ],
    ],
    [
      "an optional field is required",
      (swagger) => model(swagger, "OAuthClientRequest").required?.push("description"),
      [
        `POST ${CLIENTS}: the body must have the field description now, and a request may lack it`,
        `PUT ${CLIENT}: the body must have the field description now, and a request may lack it`,
      ],
    ],
    [
      "a parameter is gone",
      (swagger) => {
        const parameters = parametersOf(swagger, "post", BULK);
        parameters.splice(
          parameters.findIndex(({ name }) => name === "subjectType"),
          1,
        );
      },
      [`POST ${BULK}: the parameter subjectType is gone`],
    ],
    [
      "a parameter does not take the value",
      (swagger) => {
        Object.assign(
          parametersOf(swagger, "post", BULK).find(({ name }) => name === "subjectType") ?? {},
          { enum: ["PC_USER"] },
        );
      },
      [`POST ${BULK}: the parameter subjectType does not take "PC_OAUTH_CLIENT"`],
    ],
    [
      "a parameter is required that nobody sends",
      (swagger) =>
        parametersOf(swagger, "get", CLIENTS).push({
          in: "query",
          name: "divisionId",
          type: "string",
          required: true,
        }),
      [`GET ${CLIENTS}: it needs the query parameter divisionId`],
    ],
    [
      "a body is required that nobody sends",
      (swagger) =>
        parametersOf(swagger, "post", `${CLIENT}/secret`).push({
          in: "body",
          name: "body",
          required: true,
          schema: {},
        }),
      [`POST ${CLIENT}/secret: it needs a body, and none is sent`],
    ],
    [
      "no body is taken any more",
      (swagger) => {
        const parameters = parametersOf(
          swagger,
          "put",
          "/api/v2/integrations/credentials/{credentialId}",
        );
        parameters.splice(
          parameters.findIndex((each) => each.in === "body"),
          1,
        );
      },
      ["PUT /api/v2/integrations/credentials/{credentialId}: it takes no body any more"],
    ],
    [
      "an answer is not described",
      ({ paths }) => {
        Object.assign(paths["/api/v2/organizations/me"]?.get ?? {}, { responses: { 204: {} } });
      },
      ["GET /api/v2/organizations/me: the answer is not described"],
    ],
    [
      "a model is missing",
      ({ definitions }) => delete definitions.Organization,
      ["GET /api/v2/organizations/me: the answer is not described"],
    ],
    [
      "a model that is only itself",
      ({ definitions }) =>
        Object.assign(definitions, { Organization: { $ref: "#/definitions/Organization" } }),
      ["GET /api/v2/organizations/me: the answer is not described"],
    ],
  ])("%s", (_what, change, problems) => expect(problemsAfter(change)).toEqual(problems));
});

test("what is deprecated is noted, and no problem", () => {
  const swagger = swaggerWith();
  const deprecated = { deprecated: true };
  Object.assign(swagger.paths[CLIENT]?.put ?? {}, deprecated);
  Object.assign(swagger.paths["/api/v2/authorization/roles/default"]?.put ?? {}, deprecated);
  Object.assign(model(swagger, "OAuthClientRequest").properties.dateToDelete ?? {}, deprecated);
  const parameter = parametersOf(swagger, "post", BULK).find(({ name }) => name === "subjectType");
  Object.assign(parameter ?? {}, deprecated);
  const { problems, notes } = compareApi(swagger, NEEDED);
  expect(problems).toEqual([]);
  expect(notes.map(({ operation, note }) => `${operation}: ${note}`).sort()).toEqual([
    `POST ${BULK}: the parameter subjectType is deprecated`,
    `POST ${CLIENTS}: the body's field dateToDelete is deprecated`,
    "PUT /api/v2/authorization/roles/default: it is deprecated",
    `PUT ${CLIENT}: it is deprecated`,
    `PUT ${CLIENT}: the body's field dateToDelete is deprecated`,
  ]);
});

test.each([
  ["nothing", null],
  ["a list", []],
  ["another document", { title: "Sign in" }],
  ["OpenAPI 3", { openapi: "3.0.1", paths: {} }],
])("%s is not a description of the API", (_what, document) => {
  expect(() => compareApi(document, NEEDED)).toThrow("it is not a Swagger 2.0 document");
});
