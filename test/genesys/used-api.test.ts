import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AuthenticatedCalls } from "../../lib/genesys/authenticated-calls";
import { AuthorizationApi } from "../../lib/genesys/authorization-api";
import type { TypedValue } from "../../lib/genesys/compare-api";
import { PlatformApi } from "../../lib/genesys/platform-api";
import { UsageApi } from "../../lib/genesys/usage-api";
import { USED_API, type UsedValue } from "../../lib/genesys/used-api";
import { NEEDED } from "../support/fakes/fake-swagger";

// The table of used operations must not go stale: it is compared with the calls of every method, and with
// the committed types.

const ROOT = join(__dirname, "../..");
const ID = "an-id";

interface Recorded {
  readonly operation: string;
  readonly query: readonly string[];
  readonly body?: unknown;
}

/** An API that notes each call, and answers each with what all callers can read. */
function recording() {
  const recorded: Recorded[] = [];
  const client = {
    id: ID,
    name: "A",
    state: "active",
    secret: "test-secret",
    dateToDelete: "never",
  };
  const answer = {
    id: ID,
    organization: { id: ID },
    entities: [client],
    grants: [],
    executionId: ID,
  };
  class Recorder extends PlatformApi {
    override async call(method: "GET", path: string, body?: unknown): Promise<unknown> {
      const [bare = "", query = ""] = path.split("?");
      recorded.push({
        operation: `${method} ${bare.replaceAll(ID, "{}")}`,
        query: [...new URLSearchParams(query).keys()],
        body,
      });
      // What a client has is sent back.
      return bare.startsWith(`/api/v2/oauth/clients/${ID}`) && !bare.includes("/usage/")
        ? client
        : answer;
    }
  }
  const api = new Recorder({ region: "us-east-1", clientId: ID, clientSecret: "test-secret" });
  return { recorded, api };
}

const REQUEST = {
  name: "A",
  description: "B",
  authorizedGrantType: "CLIENT-CREDENTIALS",
  accessTokenValiditySeconds: 3600,
  roleDivisions: [{ roleId: "r", divisionId: "d" }],
  state: "active",
  dateToDelete: "2026-12-01T00:00:00Z",
} as const;

const CREDENTIAL = {
  name: "A",
  type: { name: "userDefined" },
  credentialFields: { clientId: "a", clientSecret: "test-secret" },
};

/** A call of every method of the two classes. A new method belongs here as well. */
const PLATFORM: Readonly<Record<string, (api: PlatformApi) => Promise<unknown>>> = {
  tokenOwner: (api) => api.tokenOwner(),
  organizationId: (api) => api.organizationId(),
  oauthClients: (api) => api.oauthClients(),
  oauthClient: (api) => api.oauthClient(ID),
  createOAuthClient: (api) => api.createOAuthClient(REQUEST),
  renewSecret: (api) => api.renewSecret(ID),
  updateOAuthClient: (api) => api.updateOAuthClient(ID, REQUEST),
  deleteOAuthClient: (api) => api.deleteOAuthClient(ID),
  updateIntegrationCredential: (api) => api.updateIntegrationCredential(ID, CREDENTIAL),
};
const AUTHORIZATION: Readonly<Record<string, (api: AuthorizationApi) => Promise<unknown>>> = {
  grantsOf: (api) => api.grantsOf(ID),
  ownGrants: (api) => api.ownGrants(),
  role: (api) => api.role("A"),
  division: (api) => api.division("A"),
  homeDivision: (api) => api.homeDivision(),
  grant: (api) => api.grant(ID, REQUEST.roleDivisions),
};

const USAGE: Readonly<Record<string, (api: UsageApi) => Promise<unknown>>> = {
  useOf: (api) => api.useOf(ID, 7),
};

async function record(): Promise<Recorded[]> {
  const { recorded, api } = recording();
  for (const call of Object.values(PLATFORM)) await call(api);
  for (const call of Object.values(AUTHORIZATION)) await call(new AuthorizationApi(api));
  const clock = { sleep: async () => {} };
  for (const call of Object.values(USAGE)) await call(new UsageApi(api, clock));
  return recorded;
}

const own = (type: { readonly prototype: object }, inner: readonly string[]) =>
  Object.getOwnPropertyNames(type.prototype).filter(
    (name) => !["constructor", ...inner].includes(name),
  );

test("every method of the API's classes is called here", () => {
  expect(own(PlatformApi, ["pathOf", "readClients"]).sort()).toEqual(Object.keys(PLATFORM).sort());
  expect(own(AuthorizationApi, ["grantsAt", "named"]).sort()).toEqual(
    Object.keys(AUTHORIZATION).sort(),
  );
  expect(own(UsageApi, [])).toEqual(Object.keys(USAGE));
  expect(
    own(AuthenticatedCalls, ["clientId", "call", "accessToken", "requestToken", "unusable"]),
  ).toEqual([]);
});

/** The table of object types has lists that are only read. Without them, nothing is deployed in another way. */
const READ_ONLY = /^existing.types./;

test("no other file calls the API", () => {
  const files = readdirSync(join(ROOT, "lib"), { recursive: true, encoding: "utf8" }).filter(
    (file) =>
      file.endsWith(".ts") &&
      !/^genesys.(platform|authorization|usage|used)-api\.ts$/.test(file) &&
      !READ_ONLY.test(file),
  );
  expect(files.length).toBeGreaterThan(200);
  const calling = files.filter((file) =>
    readFileSync(join(ROOT, "lib", file), "utf8")
      .split("\n")
      .some((line) => /["'`]\/api\/v2\//.test(line) && !/^\s*(\/\/|\*)/.test(line)),
  );
  expect(calling).toEqual([]);
});

test("the table has the operations that are called, and no others", async () => {
  const called = new Set((await record()).map(({ operation }) => operation));
  const listed = USED_API.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`);
  expect([...called].sort()).toEqual([...listed].sort());
});

test("all that is sent is in the table", async () => {
  for (const { operation, query, body } of await record()) {
    const used = USED_API.find(
      ({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}` === operation,
    );
    expect([operation, [...query].sort()]).toEqual([
      operation,
      Object.keys(used?.query ?? {}).sort(),
    ]);
    expect([operation, body === undefined]).toEqual([operation, used?.sends === undefined]);
    if (body !== undefined)
      expect([operation, unlisted(body, used?.sends)]).toEqual([operation, []]);
  }
});

/** Fields of a value that a table does not have. */
function unlisted(value: unknown, used: UsedValue | undefined, at = ""): string[] {
  if (used === "map") return [];
  if (Array.isArray(value)) {
    const each = typeof used === "object" && "each" in used ? used.each : undefined;
    return value.flatMap((item) => unlisted(item, each, `${at}[]`));
  }
  if (typeof value !== "object" || value === null) return [];
  const fields = typeof used === "object" && "fields" in used ? used.fields : {};
  return Object.entries(value).flatMap(([name, inner]) =>
    name in fields ? unlisted(inner, fields[name], `${at}.${name}`) : [`${at}.${name}`],
  );
}

// npm run schemas:api
test("schemas/platform-api.json has the types of exactly the table's values, and says where they come from", () => {
  const plain = (used: UsedValue | undefined): unknown => {
    if (typeof used !== "object") return used && { type: used };
    if ("values" in used) return { type: "string", values: Object.keys(used.values) };
    if ("each" in used) return { type: "array", items: plain(used.each) };
    const fields = Object.entries(used.fields).map(([name, value]) => [name, plain(value)]);
    return { type: "object", fields: Object.fromEntries(fields) };
  };
  const bare = (value: TypedValue | undefined): unknown => {
    if (!value) return undefined;
    const { required: _, ...rest } = value;
    const { model: __, ...kept } = rest as typeof rest & { model?: string };
    return {
      ...kept,
      ...(kept.items && { items: bare(kept.items) }),
      ...(kept.fields && {
        fields: Object.fromEntries(
          Object.entries(kept.fields).map(([name, each]) => [name, bare(each)]),
        ),
      }),
    };
  };
  expect(
    NEEDED.operations.map(({ method, path, query, sends, reads }) => ({
      method,
      path,
      query,
      sends: bare(sends),
      reads: bare(reads),
    })),
  ).toEqual(
    USED_API.map(({ method, path, query, sends, reads }) => ({
      method,
      path,
      query:
        query &&
        Object.fromEntries(Object.entries(query).map(([name, value]) => [name, plain(value)])),
      sends: plain(sends),
      reads: plain(reads),
    })),
  );
  expect(NEEDED).toMatchObject({
    "//": { package: "purecloud-platform-client-v2", version: "262.0.0", origin: "derived" },
  });
});

test("the provider's operations are those of the types that the library's code creates", () => {
  const imported = readdirSync(join(ROOT, "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("init"))
    .flatMap((file) => [
      ...readFileSync(join(ROOT, "lib", file), "utf8").matchAll(
        /from "(?:\.\.\/)+genesyscloud\/(?:data-genesyscloud-)?([\w-]+)"/g,
      ),
    ])
    .map(([, module = ""]) => `genesyscloud_${module.replaceAll("-", "_")}`)
    .filter((type) => type !== "genesyscloud_provider");
  expect(Object.keys(NEEDED.provider).sort()).toEqual([...new Set(imported)].sort());
});
