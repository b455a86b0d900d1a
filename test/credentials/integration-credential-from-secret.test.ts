import {
  checkPolicies,
  IntegrationCredentialFromSecret,
  type IntegrationCredentialFromSecretProps,
  OAuthClientWithOffloadedSecret,
  OrgStack,
} from "../../lib";
import { temporaryFolder } from "../support/folders";
import { sampleOrg, testApp } from "../support/sample-org";

const CREDENTIAL = "genesyscloud_integration_credential";
const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];

type Props = Partial<IntegrationCredentialFromSecretProps>;
type Blocks = Record<string, Record<string, Record<string, never>>>;

function newStack(component?: string) {
  const stack = new OrgStack(testApp(temporaryFolder()), sampleOrg(), { component });
  const client = new OAuthClientWithOffloadedSecret(stack, "crm-sync", {
    name: "crm-sync",
    permissions,
  });
  return { stack, client };
}

function integrated(...all: Props[]) {
  const { stack, client } = newStack();
  for (const [index, props] of all.entries()) {
    const id = `integration-${index}`;
    new IntegrationCredentialFromSecret(stack, id, { client, name: "Data actions", ...props });
  }
  return stack;
}

function blocksOf(stack: OrgStack) {
  const { resource } = JSON.parse(JSON.stringify(stack.toTerraform())) as { resource: Blocks };
  const [parameter] = Object.values(resource.aws_ssm_parameter ?? {});
  return {
    credentials: Object.entries(resource[CREDENTIAL] ?? {}),
    specification: JSON.parse(`${parameter?.value}`),
  };
}

test("an integration credential has placeholders, which Terraform never writes again", () => {
  const [[, credential] = []] = blocksOf(integrated({})).credentials;
  expect(credential).toMatchObject({
    name: "Data actions",
    credential_type_name: "pureCloudOAuthClient",
    fields: { clientId: "written-by-the-rotator", clientSecret: "written-by-the-rotator" },
    lifecycle: { ignore_changes: ["name", "credential_type_name", "fields"] },
  });
});

test("the specification of the client names all of its integration credentials", () => {
  const otherFields = { loginUrl: "https://login.example.com/token" };
  const { credentials, specification } = blocksOf(
    integrated({}, { type: "userDefinedOAuth", otherFields, name: "Web services" }),
  );
  const [one, other] = credentials.map(([name]) => `\${${CREDENTIAL}.${name}.id}`);
  expect(specification.integrationCredentials).toEqual([
    { id: one, name: "Data actions", type: "pureCloudOAuthClient" },
    { id: other, name: "Web services", type: "userDefinedOAuth", fields: otherFields },
  ]);
});

test("another type is another resource, since an update would write the placeholders", () => {
  const [one, other] = (["pureCloudOAuthClient", "userDefinedOAuth"] as const).map(
    (type) => blocksOf(integrated({ type })).credentials[0]?.[0],
  );
  expect(one).not.toBe(other);
});

test("a client without integrations has the specification that it always had", () => {
  expect(blocksOf(newStack().stack).specification).not.toHaveProperty("integrationCredentials");
});

describe("the policies", () => {
  test("take no placeholder for a secret", () => {
    const json = integrated({}).toTerraform();
    expect(checkPolicies(json).filter(({ rule }) => rule.startsWith("GO-SECRET"))).toEqual([]);
  });

  test.each(["written-by-the-rotator-1", "test-secret", "Written-By-The-Rotator"])(
    "find the secret %s in its place",
    (secret) => {
      const stack = integrated({});
      const [[name] = []] = blocksOf(stack).credentials;
      stack.addOverride(`resource.${CREDENTIAL}.${name}.fields.clientSecret`, secret);
      expect(() => stack.toTerraform()).toThrow(
        /fields\.clientSecret contains a \d+-character literal, not shown/,
      );
    },
  );

  test("find a secret among the other fields", () => {
    const otherFields = { apiPassword: "test-secret" };
    const stack = integrated({ type: "userDefinedOAuth", otherFields });
    expect(() => stack.toTerraform()).toThrow(/GO-SECRET-LITERAL: fields\.apiPassword/);
  });
});

test.each<[string, Props, string]>([
  ["an empty name", { name: " " }, 'name is " ": give the integration credential a name'],
  [
    "another type",
    { type: "basicAuth" as never },
    'type is "basicAuth". Use one of pureCloudOAuthClient, userDefinedOAuth',
  ],
  [
    "fields that its type does not have",
    { otherFields: { loginUrl: "https://login.example.com" } },
    "remove loginUrl from otherFields: the type pureCloudOAuthClient has no further fields",
  ],
  [
    "a field of the rotator",
    { type: "userDefinedOAuth", otherFields: { clientSecret: "test-secret" } },
    "remove clientSecret from otherFields: the rotator writes these",
  ],
])("%s is refused", (_, props, message) => {
  expect(() => integrated(props)).toThrow(`integration-0: ${message}`);
});

test("a client of another stack is refused", () => {
  const { stack } = newStack("network");
  const { client } = newStack();
  expect(
    () => new IntegrationCredentialFromSecret(stack, "integration", { client, name: "x" }),
  ).toThrow(
    "the client org-na-prod/crm-sync belongs to the stack org-na-prod. Create its integration credential in that stack",
  );
});
