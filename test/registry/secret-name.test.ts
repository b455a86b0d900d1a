import { SecretName } from "../../lib/registry";

const CRM = {
  environment: "production",
  project: "crm-sync-service",
  credential: "login",
} as const;
const PLACE = { account: "111111111111", region: "us-east-1" };

/** Whether a pattern of IAM matches a text: `*` is any text, `?` any one character. */
const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  ).test(text);

const arnOf = (name: string) =>
  `arn:aws:secretsmanager:us-east-1:111111111111:secret:${name}-Ab3dEf`;

test.each([
  "/genesys/production/crm-sync-service/oauth-client-id",
  "/genesys/staging/webhook-processor/genesys-oauth-credential",
  "/cxone/production/studio-deployer/api-access-key",
  "/salesforce/sandbox/na_1/key@2+3=.x",
])("%s is read into its parts and printed again", (name) => {
  expect(SecretName.parse(name).toString()).toBe(name);
});

test("the parts of a name have the root genesys, unless told otherwise", () => {
  expect(SecretName.of(CRM)).toMatchObject({ root: "genesys", ...CRM });
  expect(`${SecretName.of({ ...CRM, root: "cxone" })}`).toBe(
    "/cxone/production/crm-sync-service/login",
  );
});

test.each([
  ["genesys/production/crm/login", "give a name with four parts"],
  ["/genesys/production/login", "give a name with four parts"],
  ["/genesys/production/crm/sync/login", "give a name with four parts"],
  ["", "give a name with four parts"],
  ["/genesys/prod/crm/login", 'the environment is "prod": use one of production, staging'],
  ["/genesys/production//login", 'the project is ""'],
  ["/genesys/production/crm/log*in", 'the credential is "log*in"'],
  ["/genesys/production/crm/log?in", 'the credential is "log?in"'],
  ["/gen esys/production/crm/login", 'the root is "gen esys"'],
  [`/genesys/production/crm/${"a".repeat(500)}`, "use at most 512"],
  ["/genesys/production/crm/crm-export", "like the suffix that AWS adds to ARNs"],
])("%s is refused: %s", (name, problem) => {
  expect(() => SecretName.parse(name)).toThrow(problem);
});

test("a name with several faults has one line for each", () => {
  expect(() => SecretName.parse("/g*/prod/crm/crm-secret")).toThrow(
    /the root.*\n.*environment.*\n.*suffix/,
  );
});

test("a very long name is cut in the message", () => {
  expect(() => SecretName.parse(`/genesys/production/crm/${"a".repeat(5000)}`)).toThrow(
    /^.{1,220}$/,
  );
});

test.each([
  ["/genesys/production/crm-sync-service/login", true],
  ["/genesys/production/crm-sync-service/login-backup", false],
  ["/genesys/production/crm-sync-service/login-backup2", false],
  ["/genesys/production/crm-sync-service/login/x", false],
  ["/genesys/production/crm-sync-service/logi", false],
  ["/genesys/staging/crm-sync-service/login", false],
  ["/genesys/production/crm-sync/login", false],
  ["/x/genesys/production/crm-sync-service/login", false],
])("the pattern of one secret matches %s: %s", (name, isMatch) => {
  expect(matches(SecretName.of(CRM).arnPattern(PLACE), arnOf(name))).toBe(isMatch);
});

test.each([
  ["/genesys/production/crm-sync-service/login", true],
  ["/genesys/production/crm-sync-service/other", true],
  ["/genesys/production/crm-sync-service-2/login", false],
  ["/genesys/production/crm-sync/login", false],
  ["/genesys/staging/crm-sync-service/login", false],
  ["/cxone/production/crm-sync-service/login", false],
])("the pattern of a project matches %s: %s", (name, isMatch) => {
  expect(matches(SecretName.of(CRM).folderArnPattern(PLACE), arnOf(name))).toBe(isMatch);
});

test("patterns have the partition of their region", () => {
  const govCloud = { account: "111111111111", region: "us-gov-west-1" };
  expect(SecretName.of(CRM).arnPattern(govCloud)).toMatch(
    /^arn:aws-us-gov:secretsmanager:us-gov-west-1:/,
  );
});
