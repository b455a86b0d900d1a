import type { Handler, StoreAnswer } from "./loopback-front";

/** The identities of an account. */
export interface IdentityProps {
  /** ARN of the caller, as STS gives it. */
  readonly caller: string;
  /** ARNs of the account's roles, whose names are unique, whatever their paths. */
  readonly roles: readonly string[];
  /**
   * Whether the caller may call `iam:GetRole`.
   * @default true
   */
  readonly mayGetRole?: boolean;
}

/** The APIs of STS (GetCallerIdentity) and IAM (GetRole). */
export function identityHandler({ caller, roles, mayGetRole = true }: IdentityProps): Handler {
  return async ({ body }) => {
    const form = new URLSearchParams(body.toString());
    if (form.get("Action") !== "GetRole") {
      const [, , , , account] = caller.split(":");
      const identity = `<Arn>${caller}</Arn><UserId>TEST</UserId><Account>${account}</Account>`;
      return xml(200, answer("sts", "2011-06-15", "GetCallerIdentity", identity));
    }
    const name = form.get("RoleName") ?? "";
    if (!mayGetRole) {
      const message = `User: ${caller} is not authorized to perform: iam:GetRole on resource: role ${name}`;
      return refusal(403, "AccessDenied", message);
    }
    const arn = roles.find((role) => role.endsWith(`/${name}`));
    if (arn === undefined) {
      return refusal(404, "NoSuchEntity", `The role with name ${name} cannot be found.`);
    }
    const role = `<Role><Path>${arn.replace(/^[^/]*|[^/]*$/g, "")}</Path><RoleName>${name}</RoleName><RoleId>AROATEST</RoleId><Arn>${arn}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>`;
    return xml(200, answer("iam", "2010-05-08", "GetRole", role));
  };
}

const answer = (service: string, version: string, action: string, result: string): string =>
  `<${action}Response xmlns="https://${service}.amazonaws.com/doc/${version}/"><${action}Result>${result}</${action}Result></${action}Response>`;

const refusal = (status: number, code: string, message: string): StoreAnswer =>
  xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );

const xml = (status: number, text: string): StoreAnswer => ({
  status,
  headers: { "content-type": "text/xml" },
  body: Buffer.from(text),
});
