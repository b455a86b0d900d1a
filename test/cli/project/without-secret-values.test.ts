import { randomBytes } from "node:crypto";
import { withoutSecretValues } from "../../../lib/cli/project/without-secret-values";
import type { Arguments } from "../../../lib/existing/model";
import { OBJECT_TYPES } from "../../../lib/existing/types";
import { generateOrganization } from "../../support/existing/generated-organization";
import { readOrganization } from "../../support/existing/read-organization";

const integration = (given: Arguments) => ({
  type: "genesyscloud_integration",
  path: ["Web services"],
  id: "0f3c5a34-26c1-4a3e-9d3f-6f1f2b6f7a10",
  arguments: given,
});

// Made up here, so that no scan finds it in this file.
const secret = randomBytes(32).toString("base64url");

test.each<[string, Arguments, string]>([
  ["a note", { config: { notes: `the client secret is ${secret}` } }, "config.notes"],
  [
    "JSON",
    { config: { properties: JSON.stringify({ client_secret: secret }) } },
    "config.properties",
  ],
  ["a list", { scopes: ["users", secret] }, "scopes.1"],
])("leaves out the arguments of an object with a secret in %s", (_, given, place) => {
  const found = withoutSecretValues(integration(given));
  expect(found).toMatchObject({
    arguments: {},
    unmanaged: expect.stringMatching(`^${place} has `),
  });
  expect(JSON.stringify(found)).not.toContain(secret);
});

test("keeps all that a generated organisation has", async () => {
  const { existing } = await readOrganization(generateOrganization({ seed: 3, objects: 600 }), {
    types: OBJECT_TYPES,
  });
  expect(existing.objects.map(withoutSecretValues)).toEqual(existing.objects);
});
