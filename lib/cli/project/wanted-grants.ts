import type { VaultCredential } from "../../registry/model";
import { UUID_PATTERN } from "../../registry/patterns";
import type { OrgReport } from "../../registry/report";
import { parameterNameOf } from "../../rotation/rotation-names";
import type { StackJson } from "../../terraform/stack-folder";

/**
 * A role that one of an org's own credentials must have, since it gives the role to an OAuth client:
 * Genesys Cloud lets a client grant only roles that it has itself.
 */
export interface WantedGrant {
  /**
   * The credential that creates the client: Terraform works as the deployer, the rotator as the master, and
   * Vault's secrets engine as the broker.
   */
  readonly credential: Exclude<VaultCredential, "planner"> | "broker";
  /** Name of the OAuth client. */
  readonly client: string;
  /** Name of the client's secret; undefined if Terraform manages the client. */
  readonly secretName?: string;
  readonly role: Reference;
  readonly division: Reference;
}

/** A role or a division, as the stack refers to it. */
export type Reference =
  | { readonly id: string }
  | { readonly name: string }
  /** The home division. */
  | { readonly home: true }
  /** A reference that has a value only while Terraform runs, as it is written. */
  | { readonly unknown: string };

/** Returns the roles that the credentials of an org need for the clients of its stack. */
export const wantedGrants = (
  { secretPrefix, vault }: Pick<OrgReport, "secretPrefix" | "vault">,
  stack: StackJson,
): WantedGrant[] => [
  ...rotatedClients(stack, secretPrefix),
  ...managedClients(stack),
  ...brokeredClients(stack, vault?.broker?.mount),
];

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const blocksOf = (stack: StackJson, kind: "resource" | "data", type: string) =>
  ((stack[kind] ?? {}) as Readonly<Record<string, Blocks>>)[type] ?? {};

/** Returns the names of the clients whose credentials the rotator writes to integration credentials. */
export const integratedClients = (
  { secretPrefix }: Pick<OrgReport, "secretPrefix">,
  stack: StackJson,
): string[] =>
  specificationsIn(stack, secretPrefix)
    .filter(({ integrationCredentials = [] }) => integrationCredentials.length > 0)
    .map(({ clientName }) => clientName);

/** The clients that the rotator creates. */
function rotatedClients(stack: StackJson, secretPrefix: string): WantedGrant[] {
  return specificationsIn(stack, secretPrefix).flatMap((specification) => {
    const { clientName, secretName, roleDivisions } = specification;
    const rest = { client: clientName, secretName };
    return roleDivisions.map(({ roleId, divisionId }) => ({
      ...rest,
      credential: "master" as const,
      role: referenceTo(stack, roleId),
      division: referenceTo(stack, divisionId),
    }));
  });
}

/** Returns the specifications that Terraform writes for the rotator. */
function specificationsIn(stack: StackJson, secretPrefix: string): Specification[] {
  const end = parameterNameOf("", "specification");
  return Object.values(blocksOf(stack, "resource", "aws_ssm_parameter")).flatMap((parameter) => {
    const name = `${parameter.name}`;
    if (!name.startsWith(secretPrefix) || !name.endsWith(end)) return [];
    return { ...JSON.parse(`${parameter.value}`), secretName: name.slice(0, -end.length) };
  });
}

interface Specification {
  readonly secretName: string;
  readonly clientName: string;
  readonly integrationCredentials?: readonly unknown[];
  readonly roleDivisions: readonly { readonly roleId: string; readonly divisionId: string }[];
}

/** The clients that Terraform creates itself. */
function managedClients(stack: StackJson): WantedGrant[] {
  const clients = Object.values(blocksOf(stack, "resource", "genesyscloud_oauth_client"));
  return clients.flatMap(({ name, roles }) =>
    (Array.isArray(roles) ? (roles as ManagedRole[]) : []).map((role) => ({
      credential: "deployer" as const,
      client: `${name}`,
      role: referenceTo(stack, role.role_id),
      division: role.division_id ? referenceTo(stack, role.division_id) : { home: true as const },
    })),
  );
}

interface ManagedRole {
  readonly role_id: string;
  /** The home division if it is missing. */
  readonly division_id?: string;
}

/** The clients that Vault's secrets engine creates. */
function brokeredClients(stack: StackJson, mount: string | undefined): WantedGrant[] {
  const roles = `${mount}/roles/`;
  return Object.values(blocksOf(stack, "resource", "vault_generic_endpoint")).flatMap(
    ({ path, data_json }) => {
      if (!`${path}`.startsWith(roles)) return [];
      const { role_divisions: grants = [] } = engineRoleIn(`${data_json}`);
      return grants.map((grant) => {
        const [, role = "", division = ""] = GRANT.exec(grant) ?? [];
        return {
          credential: "broker" as const,
          client: `${path}`.slice(roles.length),
          role: referenceTo(stack, role),
          division: referenceTo(stack, division),
        };
      });
    },
  );
}

interface EngineRole {
  readonly role_divisions?: readonly string[];
}

/** Reads a role; one that code wrote as an expression shows nothing. */
function engineRoleIn(json: string): EngineRole {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

/** A role and a division, which may be expressions. */
const GRANT = /^(\$\{[^}]*\}|[^:]*):(.*)$/s;

const UUID = new RegExp(UUID_PATTERN);
const ADDRESS =
  /^\$\{(data\.)?(genesyscloud_auth_(?:role|division|division_home))\.([\w-]+)\.id\}$/;

/** Follows a reference to an object of the stack, down to the name by which Genesys Cloud knows it. */
function referenceTo(stack: StackJson, value: string): Reference {
  if (value === "*" || UUID.test(value)) return { id: value };
  const [, data, type = "", id = ""] = ADDRESS.exec(value) ?? [];
  if (type === "genesyscloud_auth_division_home") return { home: true };
  const name = blocksOf(stack, data ? "data" : "resource", type)[id]?.name;
  return typeof name === "string" && !name.includes("${") ? { name } : { unknown: value };
}
