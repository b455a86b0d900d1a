import {
  credentialOf,
  readConfiguration,
  secretNamePrefixOf,
} from "../../../lib/rotation/lambda/configuration";

const PREFIX = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/na/";
const ENVIRONMENT = {
  ORG: "na-prod",
  ORGANIZATION_ID: "AAAAAAAA-1111-4111-8111-111111111111",
  GENESYS_REGION: "us-east-1",
  SECRET_ARN_PREFIX: PREFIX,
  MASTER_SECRET_ARN: `${PREFIX}_master-AbCdEf`,
};

test("a variable that is not set has its default", () => {
  expect(readConfiguration(ENVIRONMENT)).toEqual({
    org: "na-prod",
    organizationId: "aaaaaaaa-1111-4111-8111-111111111111",
    region: "us-east-1",
    secretArnPrefix: PREFIX,
    masterArn: `${PREFIX}_master-AbCdEf`,
    mostClients: 500,
    warnClients: 50,
    windows: [],
    dryRun: false,
    propagation: 60_000,
  });
});

test("a variable that is set is used", () => {
  const limits = { MOST_CLIENTS: "90", WARN_CLIENTS: "80", DRY_RUN: "true" };
  const windows = [{ from: "02:00", to: "05:00" }];
  const rest = { PROPAGATION_SECONDS: "0", ROTATION_WINDOWS: JSON.stringify(windows) };
  expect(readConfiguration({ ...ENVIRONMENT, ...limits, ...rest })).toMatchObject({
    windows,
    mostClients: 90,
    warnClients: 80,
    dryRun: true,
    propagation: 0,
  });
});

test("all missing variables are named at once", () => {
  expect(() => readConfiguration({})).toThrow(
    /^the function has wrong environment variables: ORG is not set.*; ORGANIZATION_ID is.*; GENESYS_REGION is.*; SECRET_ARN_PREFIX is.*; MASTER_SECRET_ARN is not set \(expected the ARN of a secret\)$/,
  );
});

test.each([
  ["ORGANIZATION_ID", "na-prod"],
  ["GENESYS_REGION", "us-east-9"],
  ["GENESYS_REGION", "toString"],
  ["SECRET_ARN_PREFIX", PREFIX.slice(0, -1)],
  ["SECRET_ARN_PREFIX", "/genesys/production/na/"],
  ["MASTER_SECRET_ARN", "/genesys/production/na/_master"],
  ["MOST_CLIENTS", "many"],
  ["WARN_CLIENTS", "-1"],
  ["DRY_RUN", "yes"],
  ["DRY_RUN", ""],
  ["PROPAGATION_SECONDS", "1.5"],
  ["ROTATION_WINDOWS", "02:00"],
  ["ROTATION_WINDOWS", "{}"],
])("%s=%s is refused, alone", (name, value) => {
  expect(() => readConfiguration({ ...ENVIRONMENT, [name]: value })).toThrow(
    new RegExp(
      `^the function has wrong environment variables: ${name} is [^;]* \\(expected [^;]*\\)$`,
    ),
  );
});

describe("a secret's ARN", () => {
  const configuration = readConfiguration(ENVIRONMENT);

  test.each([
    [`${PREFIX}crm-sync-AbCdEf`, "crm-sync"],
    [`${PREFIX}a-1-2-3-AbCdE9`, "a-1-2-3"],
    [`${PREFIX}_master-AbCdEf`, undefined],
    [`${PREFIX}crm-sync`, undefined],
    [`${PREFIX}crm-sync-AbCdEf/specification`, undefined],
    [`${PREFIX}-AbCdEf`, undefined],
    [PREFIX, undefined],
    [`${PREFIX.replace("/na/", "/na-2/")}crm-sync-AbCdEf`, undefined],
    [`x${PREFIX}crm-sync-AbCdEf`, undefined],
    ["undefined", undefined],
  ])("%s belongs to the credential %s", (arn, credential) => {
    expect(credentialOf(configuration, arn)).toBe(credential);
  });

  test("begins like its name, after the account", () => {
    expect(secretNamePrefixOf(configuration)).toBe("/genesys/production/na/");
  });
});
