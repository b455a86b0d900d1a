import type { BadRegistry } from "../patched";
import { CLIENT_KEYS } from "../patched";

const LONG = "a".repeat(300);

/** OAuth clients, homes and the record, each wrong by itself. */
export const CLIENT_CASES: readonly BadRegistry[] = [
  {
    what: "a client's name with an underscore",
    patch: { "orgs/0/oauthClients/0/name": "crm_sync" },
    problems: [
      'na-prod: oauthClients[0].name is "crm_sync": use lower-case words joined by single hyphens, beginning with a letter [oauth-client-name]',
    ],
  },
  {
    what: "a replaced client by its name",
    patch: { "orgs/0/oauthClients/0/replaces": "CRM Integration" },
    problems: [
      'na-prod: oauthClients[0].replaces is "CRM Integration": give the id of the OAuth client that was made by hand, a UUID [replaced-client]',
    ],
  },
  {
    what: "two clients that replace the same one",
    patch: {
      "orgs/0/oauthClients/0/replaces": "55555555-5555-4555-8555-55555555555a",
      "orgs/0/oauthClients/1/replaces": "55555555-5555-4555-8555-55555555555A",
    },
    problems: [
      'na-prod: oauthClients[1].replaces is "55555555-5555-4555-8555-55555555555a": name it once, because oauthClients[0] replaces this client already [replaced-client-duplicate]',
    ],
  },
  {
    what: "a client that replaces the master",
    patch: {
      "orgs/0/monitoring": { masterClientId: "55555555-5555-4555-8555-55555555555A" },
      "orgs/0/oauthClients/0/replaces": "55555555-5555-4555-8555-55555555555a",
    },
    problems: [
      'na-prod: oauthClients[0].replaces is "55555555-5555-4555-8555-55555555555a": name a client that somebody made by hand, because this is monitoring.masterClientId; `genesys-orgs rotate` replaces the organisation\'s own clients [replaced-client-own]',
    ],
  },
  {
    what: "a client that is null",
    patch: { "orgs/0/oauthClients/1": null },
    problems: [
      `na-prod: oauthClients[1] is null: give an object; possible keys are ${CLIENT_KEYS} [type]`,
    ],
  },
  {
    what: "clients that are not a list",
    patch: { "orgs/0/oauthClients": { crm: {} } },
    problems: ["na-prod: oauthClients is an object: give a list [type]"],
  },
  {
    what: "a description that Terraform would evaluate",
    patch: { "orgs/0/oauthClients/0/description": "${file('/etc/passwd')}" },
    problems: [
      "na-prod: oauthClients[0].description is \"${file('/etc/passwd')}\": use at most 200 characters, without ${ and %{ [description]",
    ],
  },
  {
    what: "a description that is too long",
    patch: { "orgs/0/oauthClients/0/description": LONG },
    problems: [
      'na-prod: oauthClients[0].description is "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…": use at most 200 characters, without ${ and %{ [description]',
    ],
  },
  {
    what: "a client without permissions",
    patch: { "orgs/0/oauthClients/0/permissions": [] },
    problems: [
      "na-prod: oauthClients[0].permissions is an empty list: name the permissions of the client, because without permissions it can do nothing [permission]",
    ],
  },
  {
    what: "a client whose permissions are missing",
    patch: { "orgs/0/oauthClients/0/permissions": undefined },
    problems: [
      "na-prod: oauthClients[0].permissions is missing: name the permissions of the client; it can do nothing without permissions or roles [required]",
    ],
  },
  {
    what: "a wildcard in a permission",
    patch: { "orgs/0/oauthClients/0/permissions/0/actions": ["*"] },
    problems: [
      'na-prod: oauthClients[0].permissions[0].actions[0] is "*": give a name that Genesys Cloud has; a wildcard grants what nobody has reviewed [permission]',
    ],
  },
  {
    what: "a permission without actions",
    patch: { "orgs/0/oauthClients/0/permissions/0/actions": [] },
    problems: [
      "na-prod: oauthClients[0].permissions[0].actions is an empty list: name at least one action [permission]",
    ],
  },
  {
    what: "a division by its name",
    patch: { "orgs/0/oauthClients/0/divisions": ["Sales"] },
    problems: [
      'na-prod: oauthClients[0].divisions[0] is "Sales": give the id of a division (a UUID), or * for all [division]',
    ],
  },
  {
    what: "an empty list of divisions",
    patch: { "orgs/0/oauthClients/0/divisions": [] },
    problems: [
      "na-prod: oauthClients[0].divisions is an empty list: leave it out for the home division, or name at least one [division]",
    ],
  },
  {
    what: "more divisions than fit into the rotator's parameter",
    patch: {
      "orgs/0/oauthClients/0/divisions": Array.from(
        { length: 71 },
        (_, index) => `11111111-1111-4111-8111-${String(index).padStart(12, "0")}`,
      ),
    },
    problems: [
      "na-prod: oauthClients[0].divisions is a list: name at most 70, or * for all [division-count]",
    ],
  },
  {
    what: "a consumer of another partition",
    patch: { "orgs/0/oauthClients/0/consumers": ["arn:aws-us-gov:iam::111111111111:role/crm"] },
    problems: [
      'na-prod: oauthClients[0].consumers[0] is "arn:aws-us-gov:iam::111111111111:role/crm": begin it with arn:aws: to match aws.region [arn-partition]',
    ],
  },
  {
    what: "a huge token lifetime, once",
    patch: { "orgs/0/oauthClients/0/accessTokenValiditySeconds": 1e300 },
    problems: [
      "na-prod: oauthClients[0].accessTokenValiditySeconds is 1e+300: give whole seconds from 300 to 172800 (48 hours) [token-lifetime]",
    ],
  },
  {
    what: "a token lifetime of a minute",
    patch: { "orgs/0/oauthClients/0/accessTokenValiditySeconds": 60 },
    problems: [
      "na-prod: oauthClients[0].accessTokenValiditySeconds is 60: give whole seconds from 300 to 172800 (48 hours) [token-lifetime]",
    ],
  },
  {
    what: "an unknown sensitivity",
    patch: { "orgs/0/oauthClients/0/classification/sensitivity": "secret" },
    problems: [
      'na-prod: oauthClients[0].classification.sensitivity is "secret": use one of critical, high, medium, low [sensitivity]',
    ],
  },
  {
    what: "allowed addresses of a client, and a rotation whose addresses change",
    patch: { "orgs/0/oauthClients/0/allowedAddresses": ["203.0.113.0/24"] },
    problems: [
      "na-prod: oauthClients[0].allowedAddresses is a list: set rotation.network, whose egressAddresses are added; without it, the rotation could not log in as the client, and would never make a new version the current one [allowed-addresses-network]",
    ],
  },
  {
    what: "allowed addresses of an organisation, and a rotation whose addresses change",
    patch: { "orgs/0/allowedAddresses": ["203.0.113.7"] },
    problems: [
      "na-prod: allowedAddresses is a list: set rotation.network, whose egressAddresses are added; without it, the rotation could not log in as the client, and would never make a new version the current one [allowed-addresses-network]",
    ],
  },
  ...["0.0.0.0/0", "203.0.113.0/33", "203.0.113", "example.com", "::/0", "203.0.113.0/24/8"].map(
    (address) => ({
      what: `the allowed address ${address}`,
      patch: { "orgs/0/oauthClients/0/allowedAddresses": [address] },
      problems: [
        `na-prod: oauthClients[0].allowedAddresses[0] is "${address}": give an IP address, or a range such as 203.0.113.0/24 that is not all addresses [allowed-address]`,
      ],
    }),
  ),
  {
    what: "a network without its addresses",
    patch: {
      "orgs/0/rotation": { network: { subnetIds: ["subnet-1"], securityGroupIds: [] } },
    },
    problems: [
      'na-prod: rotation.network.subnetIds[0] is "subnet-1": give an id of AWS, subnet- and 8 or 17 hexadecimal digits [subnet-id]',
      "na-prod: rotation.network.securityGroupIds is an empty list: name at least one security group [sg-id]",
      "na-prod: rotation.network.egressAddresses is missing: name the address from which the functions' calls arrive, such as that of a NAT gateway [required]",
    ],
  },
  {
    what: "a critical credential in a sandbox",
    patch: {
      "orgs/0/environment": "sandbox",
      "orgs/0/oauthClients/0/classification": { sensitivity: "critical", rotationDays: 30 },
    },
    problems: [
      'na-prod: oauthClients[0].classification.sensitivity is "critical": use high or medium or low, the only ones for this sandbox organisation; allowedSensitivities changes that [sensitivity-env]',
    ],
  },
  {
    what: "a sensitivity that the org does not allow, by its earlier name",
    patch: {
      "orgs/0/allowedSensitivities": ["high", "medium"],
      "orgs/0/oauthClients/0/classification": { sensitivity: "restricted", rotationDays: 30 },
    },
    problems: [
      'na-prod: oauthClients[0].classification.sensitivity is "critical": use high or medium, the only ones for this production organisation; allowedSensitivities changes that [sensitivity-env]',
    ],
  },
  {
    what: "no allowed sensitivity",
    patch: { "orgs/0/allowedSensitivities": [] },
    problems: [
      "na-prod: allowedSensitivities is an empty list: name at least one sensitivity, or leave this field out [sensitivity]",
    ],
  },
  {
    what: "a critical credential that rotates twice a year",
    patch: {
      "orgs/0/oauthClients/0/classification": { sensitivity: "critical", rotationDays: 180 },
    },
    problems: [
      "na-prod: oauthClients[0].classification.rotationDays is 180: give at most 90 days for a credential whose sensitivity is critical [rotation-days-class]",
    ],
  },
  {
    what: "a credential without an owner",
    patch: { "orgs/0/oauthClients/0/classification": { owner: " " } },
    problems: [
      'na-prod: oauthClients[0].classification.owner is " ": name the responsible team or person, in at most 256 letters, digits, spaces or _.:/=+-@ [owner]',
    ],
  },
  {
    what: "a rotation every half day",
    patch: { "orgs/0/oauthClients/0/classification/rotationDays": 0.5 },
    problems: [
      "na-prod: oauthClients[0].classification.rotationDays is 0.5: give whole days from 1 to 365 [rotation-days]",
    ],
  },
  {
    what: "a consumer that is a user",
    patch: { "orgs/0/oauthClients/0/consumers": ["arn:aws:iam::111111111111:user/crm"] },
    problems: [
      'na-prod: oauthClients[0].consumers[0] is "arn:aws:iam::111111111111:user/crm": give the name of a consumer of the registry, or the full ARN of an IAM role, without wildcards [consumer]',
    ],
  },
  {
    what: "a home's name with capitals",
    patch: { "homes/1/name": "Lab" },
    problems: [
      'home Lab: name is "Lab": use lower-case words joined by single hyphens, beginning with a letter [home-name]',
    ],
  },
  {
    what: "a bucket with capitals",
    patch: { "homes/0/bucket": "State", record: undefined },
    problems: [
      'home production: bucket is "State": give an S3 bucket name of 3 to 58 lower-case letters, digits, hyphens and dots (<bucket>-logs needs 5 more) [bucket-name]',
    ],
  },
  {
    what: "a home without state admins",
    patch: { "homes/0/stateAdmins": [] },
    problems: [
      "home production: stateAdmins is an empty list: name at least one role or user, or nobody can ever change the home [state-admin]",
    ],
  },
  {
    what: "a wildcard as state admin",
    patch: { "homes/0/stateAdmins": ["arn:aws:iam::111111111111:role/*"] },
    problems: [
      'home production: stateAdmins[0] is "arn:aws:iam::111111111111:role/*": give the full ARN of an IAM role or user, without wildcards [state-admin]',
    ],
  },
  {
    what: "a storage endpoint without scheme",
    patch: { "homes/1/storage/s3Endpoint": "localhost:4566" },
    problems: [
      'home lab: storage.s3Endpoint is "localhost:4566": give an https URL without credentials or query (http only on loopback) [storage-endpoint]',
    ],
  },
  {
    what: "a home without name",
    patch: { "homes/1/name": undefined },
    problems: [
      "homes[1]: name is missing: use lower-case words joined by single hyphens, beginning with a letter [required]",
    ],
  },
  {
    what: "a record of another version",
    patch: { "record/version": 2 },
    problems: [
      "record: version is 2: use 1, the only version that this library reads [record-version]",
    ],
  },
  {
    what: "a record that is text",
    patch: { record: "none" },
    problems: ['record is "none": give an object; possible keys are version, homes [type]'],
  },
  {
    what: "a recorded key by its alias",
    patch: { "record/homes/production/orgs/na-prod/kmsKeyArn": "alias/na-prod" },
    problems: [
      `record: homes.production.orgs.na-prod.kmsKeyArn is "alias/na-prod": give the key's full ARN, not an alias or an id [record-kms-key]`,
    ],
  },
  {
    what: "a recorded org that is null",
    patch: { "record/homes/production/orgs/na-prod": null },
    problems: [
      "record: homes.production.orgs.na-prod is null: give an object; possible keys are kmsKeyArn [type]",
    ],
  },
  {
    what: "an unknown key in the record",
    patch: { "record/homes/production/orgs/na-prod/keyId": "x" },
    problems: [
      "record: homes.production.orgs.na-prod.keyId is not a known key: use one of kmsKeyArn [unknown-key]",
    ],
  },
];
