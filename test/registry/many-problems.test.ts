import { RegistryError } from "../../lib/registry";
import { check, keyArn, messageOf, ORG_KEYS, patched, problemsText } from "./patched";

test("two orgs with one state key, an unknown region and a malformed UUID are reported at once", () => {
  const registry = patched({
    "orgs/1/state/key": "orgs/na-prod/terraform.tfstate",
    "orgs/2/genesysRegion": "eu-central-9",
    "orgs/2/organizationId": "cccccccc-1111-4111-8111",
  });
  expect(messageOf(() => check(registry))).toBe(
    problemsText(
      'ap-prod: organizationId is "cccccccc-1111-4111-8111": give the organisation\'s id in Genesys Cloud, a UUID (not all zeros) [organization-id]',
      'ap-prod: genesysRegion is "eu-central-9": use one of us-east-1, us-east-2, us-west-2, ca-central-1, mx-central-1, sa-east-1, eu-west-1, eu-west-2, eu-central-1, eu-central-2, eusc-de-east-1, me-central-1, ap-southeast-1, ap-southeast-2, ap-northeast-1, ap-northeast-2, ap-northeast-3, ap-south-1 [genesys-region]',
      'na-prod, eu-prod: state.key is "orgs/na-prod/terraform.tfstate" in both: give each org its own key, or they overwrite each other\'s state [state-key-shared]',
    ),
  );
});

test("ten mistakes in homes, orgs and the record are reported at once", () => {
  const registry = patched({
    "homes/0/stateAdmins": [],
    "orgs/0/environment": "prod",
    "orgs/0/aws/account": 111111111111,
    "orgs/0/oauthClients/0/permissions": [],
    "orgs/1/owner": undefined,
    "orgs/1/vault/address": "http://vault.example.com",
    "orgs/1/state/home": "live",
    "orgs/2/retire": true,
    "record/homes/production/orgs/na-prod/kmsKeyArn": "alias/na-prod",
    "homes/1/trustedAccounts": ["222222222222"],
  });
  expect(messageOf(() => check(registry))).toBe(
    problemsText(
      "home production: stateAdmins is an empty list: name at least one role or user, or nobody can ever change the home [state-admin]",
      'na-prod: environment is "prod": use one of production, staging, development, sandbox [environment]',
      "na-prod: aws.account is 111111111111: give 12 digits, in quotes [aws-account]",
      "na-prod: oauthClients[0].permissions is an empty list: name the permissions of the client, because without permissions it can do nothing [permission]",
      'eu-prod: vault.address is "http://vault.example.com": give an https URL without credentials or query (http only on loopback) [vault-address]',
      "eu-prod: owner is missing: name the responsible team or person, in at most 256 letters, digits, spaces or _.:/=+-@ [required]",
      'eu-prod: state.home is "live": use one of production, lab [state-home]',
      `ap-prod: retire is not a known key: use one of ${ORG_KEYS} [unknown-key]`,
      'record: homes.production.orgs.na-prod.kmsKeyArn is "alias/na-prod": give the key\'s full ARN, not an alias or an id [record-kms-key]',
      'home lab: trustedAccounts[0] is "222222222222": leave it out, because it is the home\'s own account [trusted-account]',
    ),
  );
});

test("a collision that a wrong entry hides is found when that entry is corrected", () => {
  const shared = { "orgs/2/organizationId": "aaaaaaaa-1111-4111-8111-111111111111" };
  const wrong = { ...shared, "orgs/0/environment": "prod" };
  expect(messageOf(() => check(patched(wrong)))).toBe(
    problemsText(
      'na-prod: environment is "prod": use one of production, staging, development, sandbox [environment]',
    ),
  );
  expect(messageOf(() => check(patched(shared)))).toBe(
    problemsText(
      'na-prod, ap-prod: organizationId is "aaaaaaaa-1111-4111-8111-111111111111" in both: keep one entry for each Genesys Cloud organisation [organization-id-shared]',
    ),
  );
});

test("an unknown home is found in an entry with other mistakes, and checks go on without it", () => {
  const registry = patched({
    "orgs/0/state/home": "live",
    "orgs/0/owner": 5,
    "orgs/1/state/home": "live",
    "orgs/2/tags": { owner: "x" },
  });
  expect(messageOf(() => check(registry))).toBe(
    problemsText(
      "na-prod: owner is 5: give text, in quotes [type]",
      'na-prod: state.home is "live": use one of production, lab [state-home]',
      'eu-prod: state.home is "live": use one of production, lab [state-home]',
      'ap-prod: tags.owner is "x": leave it out, because the library sets this tag [tag-derived]',
    ),
  );
});

test.each([
  ["an unknown home", { "orgs/0/state/home": "live", "orgs/1/state/home": "live" }],
  ["a home with a mistake", { "homes/0/bucket": "BAD" }],
])("%s hides no mistake of its orgs", (_what, home) => {
  const registry = patched({
    ...home,
    "orgs/0/aws/deployRole": "arn:aws:iam::222222222222:role/deploy",
    "orgs/0/vault/planner": "genesys/production/na-prod/deployer",
    "orgs/0/tags": { owner: "x" },
    "orgs/1/organizationId": "aaaaaaaa-1111-4111-8111-111111111111",
    "orgs/1/state/key": "orgs/na-prod/terraform.tfstate",
  });
  const message = messageOf(() => check(registry));
  for (const rule of [
    "deploy-role-account",
    "vault-entries-differ",
    "tag-derived",
    "organization-id-shared",
    "state-key-shared",
  ]) {
    expect(message).toContain(`[${rule}]`);
  }
});

test("three orgs with one KMS key are two problems, each naming the first org", () => {
  const registry = patched({
    "record/homes/production/orgs/eu-prod/kmsKeyArn": keyArn("a"),
    "record/homes/production/orgs/ap-prod": { kmsKeyArn: keyArn("a") },
  });
  const shared = `recorded KMS key is "${keyArn("a")}" in both: correct the record, because each org has its own key [kms-key-shared]`;
  expect(messageOf(() => check(registry))).toBe(
    problemsText(`na-prod, eu-prod: ${shared}`, `na-prod, ap-prod: ${shared}`),
  );
});

test("the error has each part of a problem as a field", () => {
  const make = () => check(patched({ "orgs/0/environment": "prod" }));
  expect(make).toThrow(RegistryError);
  expect(make).toThrow(
    expect.objectContaining({
      problems: [
        {
          subject: "na-prod",
          path: "environment",
          value: '"prod"',
          rule: "environment",
          expected: "use one of production, staging, development, sandbox",
        },
      ],
    }),
  );
});
