import type { RoleDivision } from "../genesys/models";
import { TOKEN_LIFETIME } from "../registry/defaults";

/**
 * What the clients of one credential are: Terraform writes it, as JSON, to an SSM parameter. It has
 * ids and names, and no secret.
 */
export interface ClientSpecification {
  readonly secretArn: string;
  /** `<Environment>-<Service>`. */
  readonly clientName: string;
  readonly roleDivisions: readonly RoleDivision[];
  /** 300 to 172,800. */
  readonly accessTokenValiditySeconds: number;
  /** Days after which another client takes its place; from 1. */
  readonly rotationDays: number;
}

/** @throws Error naming what is missing */
export function readSpecification(text: string, parameter: string): ClientSpecification {
  const value = parse(text, parameter);
  const { secretArn, clientName, roleDivisions, accessTokenValiditySeconds: seconds } = value;
  const problems = [
    typeof secretArn === "string" && secretArn.startsWith("arn:") ? "" : "secretArn",
    typeof clientName === "string" && clientName !== "" && !clientName.includes("#")
      ? ""
      : "clientName",
    Array.isArray(roleDivisions) && roleDivisions.length > 0 ? "" : "roleDivisions",
    typeof seconds === "number" && seconds >= TOKEN_LIFETIME.least && seconds <= TOKEN_LIFETIME.most
      ? ""
      : "accessTokenValiditySeconds",
    typeof value.rotationDays === "number" && value.rotationDays >= 1 ? "" : "rotationDays",
  ].filter(Boolean);
  if (problems.length === 0) return value as ClientSpecification;
  throw new Error(
    `the parameter ${parameter} is no specification of a client: ${problems.join(", ")}`,
  );
}

function parse(text: string, parameter: string): Partial<ClientSpecification> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`the parameter ${parameter} is no JSON document`);
  }
  return (value ?? {}) as Partial<ClientSpecification>;
}
