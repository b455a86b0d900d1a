import type { ConsumerEntry } from "../model";
import {
  authMountOf,
  brokerConsumerNameOf,
  brokerPolicyNameOf,
  vaultPolicyNameOf,
  vaultRolePrefixOf,
} from "../names";
import { problemAbout, type RegistryProblem } from "../registry-error";
import { vaultMountUrlOf } from "../vault-mount";
import type { CheckedHome, CheckedOrg } from "./checked";
import { type Claim, clashes } from "./claims";
import { ownEntriesOf } from "./own-entries";
import type { ReadEntry } from "./read-entries";
import { stateKeyProblems } from "./state-keys";

/** Reports what two orgs share and must not. Each problem names both. */
export const orgCollisions = (orgs: readonly CheckedOrg[]): RegistryProblem[] => [
  ...clashes(
    "name-shared",
    "give one of the two another name",
    orgs.map(({ subject, org }) => ({ subject, path: "name", value: org.name })),
  ),
  ...clashes(
    "organization-id-shared",
    "keep one entry for each Genesys Cloud organisation",
    orgs.map(({ subject, entry, org }) => ({
      subject,
      path: "organizationId",
      value: entry.organizationId,
      key: org.organizationId,
    })),
  ),
  ...stateKeyProblems(orgs),
  ...clashes(
    "vault-entry-shared",
    "give each org its own Vault entries",
    orgs.flatMap(vaultEntryClaims),
  ),
  ...copiedCredentials(orgs),
  ...clashes(
    "broker-mount-shared",
    "give each org an engine of its own, because an engine serves one organisation",
    orgs.flatMap(brokerMountClaims),
  ),
  ...clashes(
    "vault-policy-shared",
    "give the org or the OAuth client another name, or the consumers of one org get what the other may do",
    orgs.flatMap(vaultPolicyClaims),
  ),
  ...clashes(
    "vault-role-shared",
    "give each org its own Vault role, or the runs of one org can read the entries of the other",
    orgs.flatMap(vaultRoleClaims),
  ),
  ...(["deployRole", "planRole"] as const).flatMap((field) =>
    clashes(
      "aws-role-shared",
      "give each org its own role, or the runs of one org can reach the secrets of the other",
      orgs.flatMap(({ subject, org }) => {
        const value = org.aws[field];
        return value === undefined ? [] : { subject, path: `aws.${field}`, value };
      }),
    ),
  ),
  ...clashes(
    "replaced-client-shared",
    "name the client in the organisation that it belongs to, because an OAuth client belongs to one",
    orgs.flatMap(({ subject, entry: { oauthClients = [] } }) =>
      oauthClients.flatMap(({ replaces }, index) =>
        replaces === undefined
          ? []
          : {
              subject,
              path: `oauthClients[${index}].replaces`,
              value: replaces.toLowerCase(),
            },
      ),
    ),
  ),
  ...clashes(
    "secret-prefix-shared",
    "give one of the two another project",
    orgs.map(({ subject, org }) => ({
      subject,
      path: "secret prefix",
      value: org.secretPrefix,
      key: `${org.aws.account} ${org.aws.region} ${org.secretPrefix}`,
      derivedFrom: org.name,
    })),
  ),
];

/** Reports what two consumers share and must not. Each problem names both. */
export const consumerCollisions = (
  consumers: readonly ReadEntry<ConsumerEntry>[],
): RegistryProblem[] => {
  const claims = (field: "name" | "role"): Claim[] =>
    consumers.flatMap(({ subject, entry }) =>
      entry ? { subject, path: field, value: entry[field] } : [],
    );
  return [
    ...clashes("name-shared", "give one of the two another name", claims("name")),
    ...clashes(
      "consumer-role-shared",
      "give each workload a role of its own, or one of them can read the credentials of the other",
      claims("role"),
    ),
  ];
};

/** Reports what two homes share and must not. Each problem names both. */
export const homeCollisions = (homes: readonly CheckedHome[]): RegistryProblem[] => [
  ...clashes(
    "home-name-shared",
    "give one of the two another name",
    homes.map(({ subject, home }) => ({ subject, path: "name", value: home.name })),
  ),
  ...clashes(
    "bucket-shared",
    "give each home its own bucket, and remember that <bucket>-logs is a bucket too",
    homes.flatMap(({ subject, home: { bucket, logBucket } }) => [
      { subject, path: "bucket", value: bucket },
      { subject, path: "bucket", value: logBucket, derivedFrom: bucket },
    ]),
  ),
  ...clashes(
    "github-oidc-provider",
    "set github.existingOidcProvider in one of the two, because an account has only one OIDC provider for GitHub",
    homes
      .filter(({ home }) => home.github && !home.github.existingOidcProvider)
      .map(({ subject, home }) => ({ subject, path: "account", value: home.account })),
  ),
];

/** Reports secrets whose value would be an org's own credential: their consumers could read it. */
function* copiedCredentials(orgs: readonly CheckedOrg[]): Iterable<RegistryProblem> {
  const owners = new Map(
    orgs.flatMap((checked) =>
      vaultEntryClaims(checked).map((claim) => [claim.key, claim] as const),
    ),
  );
  for (const { subject, org } of orgs) {
    const { vault, secrets } = org;
    for (const [index, { value }] of secrets.entries()) {
      if (!vault || value?.source !== "vault") continue;
      const owner = owners.get(`${mountOf(vault)} ${value.entry}`);
      if (!owner) continue;
      const whose = owner.subject === subject ? "the organisation" : owner.subject;
      yield problemAbout(
        subject,
        ["secrets", index, "value", "entry"],
        value.entry,
        "vault-entry-copied",
        `name another entry, because this one is ${owner.path} of ${whose}`,
      );
    }
  }
}

/** Orgs with their own credentials in Secrets Manager have no entries: their secrets have a prefix. */
function vaultEntryClaims(checked: CheckedOrg): Claim[] {
  const { subject, org } = checked;
  const { vault } = org;
  if (!vault) return [];
  return ownEntriesOf(checked).map(({ path, name, given }) => ({
    subject,
    path: ["vault", ...path].join("."),
    value: name,
    key: `${mountOf(vault)} ${name}`,
    derivedFrom: given ? undefined : org.name,
  }));
}

function brokerMountClaims({ subject, entry, org }: CheckedOrg): Claim[] {
  const { name, vault, brokeredClients } = org;
  if (!vault || brokeredClients.length === 0) return [];
  const { mount } = vault.broker;
  return [
    {
      subject,
      path: "vault.broker.mount",
      value: mount,
      key: mountOf({ ...vault, mount }),
      derivedFrom: entry.vault?.broker?.mount === undefined ? name : undefined,
    },
  ];
}

/** The name of a client ends a policy's name, so it may end like the policy of an org with a longer name. */
function vaultPolicyClaims({ subject, org }: CheckedOrg): Claim[] {
  const { name, vault, brokeredClients } = org;
  if (!vault) return [];
  const names = [
    ...(["deployer", "planner", "rotate", "operators"] as const).map((policy) =>
      vaultPolicyNameOf(name, policy),
    ),
    brokerPolicyNameOf(name),
    ...brokeredClients.map((client) => brokerConsumerNameOf(name, client.name)),
  ];
  return names.map((value) => ({
    subject,
    path: "Vault policy",
    value,
    key: mountOf({ ...vault, mount: value }),
    derivedFrom: name,
  }));
}

function vaultRoleClaims({ subject, org: { name, vault } }: CheckedOrg): Claim[] {
  if (!vault) return [];
  const { auth } = vault;
  if (auth.method === "token") return [];
  const value = vaultRolePrefixOf(name, auth);
  const mount = mountOf({ ...vault, mount: `auth/${authMountOf(auth)}` });
  return [
    {
      subject,
      path: "vault.auth.role",
      value,
      // Vault ignores the case of most names.
      key: `${mount} ${value.toLowerCase()}`,
      derivedFrom: auth.role === undefined ? name : undefined,
    },
  ];
}

/** URL of a mount, the same for every way to write its server. */
const mountOf: typeof vaultMountUrlOf = ({ address, ...mount }) =>
  // A server's name has no case, and 443 is the port that https has anyway.
  vaultMountUrlOf({ ...mount, address: address.toLowerCase().replace(/:443(?=\/*$)/, "") });
