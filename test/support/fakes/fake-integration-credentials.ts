// Integration credentials of the Platform API, as its SDK (purecloud-platform-client-v2 262) and the
// Terraform provider describe them. It shares no code with the code that is tested against it.

/** An integration credential as the organisation keeps it. */
export interface FakeIntegrationCredential {
  readonly id: string;
  name: string;
  /** Name of its type, which cannot change. */
  readonly type: string;
  fields: Record<string, string>;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** The fields that each type requires; a user-defined one takes any. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  pureCloudOAuthClient: ["clientId", "clientSecret"],
  userDefinedOAuth: [],
  basicAuth: ["userName"],
};

const PATH = /^\/api\/v2\/integrations\/credentials\/([^/]+)$/;

export class FakeIntegrationCredentials {
  readonly all = new Map<string, FakeIntegrationCredential>();
  /** Client ids that were written, in order. */
  readonly written: (string | undefined)[] = [];
  /** Ids of clients whose roles do not let them change integrations. */
  readonly powerless = new Set<string>();

  /** Adds one, with the fields that Terraform writes. */
  seed(id: string, type = "pureCloudOAuthClient"): FakeIntegrationCredential {
    const fields = { clientId: "set-by-terraform", clientSecret: "set-by-terraform" };
    const credential = { id, name: "by Terraform", type, fields };
    this.all.set(id, credential);
    return credential;
  }

  /** Answers a request about an integration credential; undefined if it is about something else. */
  handle({ method, path, body }: Request, caller: string): Reply | undefined {
    const [, id = ""] = PATH.exec(path) ?? [];
    if (id === "") return undefined;
    // Permissions come first, so that nobody learns which ids exist.
    if (this.powerless.has(caller)) return missing(method === "GET" ? "view" : "edit");
    const credential = this.all.get(decodeURIComponent(id));
    if (!credential) return { status: 404, body: { code: "not.found" } };
    if (method === "GET") return { status: 200, body: shown(credential) };
    return method === "PUT" ? this.update(credential, body) : { status: 405, body: {} };
  }

  private update(credential: FakeIntegrationCredential, body: string): Reply {
    const {
      name,
      type,
      credentialFields = {},
    } = JSON.parse(body) as {
      readonly name?: string;
      readonly type?: { readonly name?: string };
      readonly credentialFields?: Record<string, string>;
    };
    const lacking = (REQUIRED[credential.type] ?? []).filter((field) => !credentialFields[field]);
    if (typeof name !== "string" || type?.name !== credential.type || lacking.length > 0) {
      // An API may say what it could not read.
      const message = `cannot use ${JSON.stringify(credentialFields)} for ${credential.type}`;
      return { status: 400, body: { code: "bad.request", message } };
    }
    // All is replaced.
    credential.name = name;
    credential.fields = { ...credentialFields };
    this.written.push(credentialFields.clientId);
    return { status: 200, body: shown(credential) };
  }
}

/** No answer has the fields. */
const shown = ({ id, name, type }: FakeIntegrationCredential) => ({
  id,
  name,
  type: { name: type },
  selfUri: `/api/v2/integrations/credentials/${id}`,
});

const missing = (action: string): Reply => ({
  status: 403,
  body: {
    code: "missing.permissions",
    message: `You are missing the following permission(s): integrations:integration:${action}`,
  },
});
