// Makes schemas/platform-api.json: what this library needs of the Platform API (lib/genesys/used-api.ts,
// compiled), with the types of Genesys' own client for JavaScript, which is downloaded and not installed.
// Run as `npm run schemas:api`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildOrExit } from "./build.mjs";

const PACKAGE = "purecloud-platform-client-v2";
const VERSION = "262.0.0";

/**
 * The operations that the Genesys Cloud provider calls for the types that this library creates, as the
 * provider documents them (examples/<kind>/<type>/apis.md of MyPureCloud/terraform-provider-genesyscloud).
 */
const PROVIDER = {
  genesyscloud_auth_division_home: ["GET /api/v2/authorization/divisions/home"],
  genesyscloud_auth_role: [
    "GET /api/v2/authorization/permissions",
    "GET /api/v2/authorization/roles",
    "POST /api/v2/authorization/roles",
    "GET /api/v2/authorization/roles/{roleId}",
    "PUT /api/v2/authorization/roles/{roleId}",
    "DELETE /api/v2/authorization/roles/{roleId}",
    "PUT /api/v2/authorization/roles/default",
  ],
  genesyscloud_integration_credential: [
    "GET /api/v2/integrations",
    "GET /api/v2/integrations/credentials/listing",
    "GET /api/v2/integrations/credentials/types",
    "POST /api/v2/integrations/credentials",
    "GET /api/v2/integrations/credentials/{credentialId}",
    "PUT /api/v2/integrations/credentials/{credentialId}",
    "DELETE /api/v2/integrations/credentials/{credentialId}",
    "GET /api/v2/integrations/{integrationId}",
    "GET /api/v2/integrations/{integrationId}/config/current",
  ],
  genesyscloud_oauth_client: [
    "GET /api/v2/oauth/clients",
    "POST /api/v2/oauth/clients",
    "GET /api/v2/oauth/clients/{clientId}",
    "PUT /api/v2/oauth/clients/{clientId}",
    "DELETE /api/v2/oauth/clients/{clientId}",
    "POST /api/v2/integrations/credentials",
    "GET /api/v2/integrations/credentials/{credentialId}",
    "PUT /api/v2/integrations/credentials/{credentialId}",
    "DELETE /api/v2/integrations/credentials/{credentialId}",
    "GET /api/v2/tokens/me",
    "GET /api/v2/users/me",
    "GET /api/v2/users/{subjectId}/roles",
    "PUT /api/v2/users/{subjectId}/roles",
  ],
  genesyscloud_organizations_me: ["GET /api/v2/organizations/me"],
};

function download() {
  const folder = mkdtempSync(join(tmpdir(), "platform-api-"));
  try {
    execFileSync("npm", ["pack", `${PACKAGE}@${VERSION}`, "--pack-destination", folder], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    execFileSync("tar", ["-xzf", join(folder, `${PACKAGE}-${VERSION}.tgz`), "-C", folder]);
    const apis = join(folder, "package/src", PACKAGE, "api");
    return {
      types: readFileSync(join(folder, "package/index.d.ts"), "utf8"),
      code: readdirSync(apis)
        .map((file) => readFileSync(join(apis, file), "utf8"))
        .join("\n"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the client's method for each operation, with the names of the query's parameters. */
function methodsIn(code) {
  const CALL =
    /\n\t(\w+)\([^)]*\) ?\{ ?(?:(?!\n\t\}\n)[\s\S])*?callApi\(\s*'([^']+)',\s*'(\w+)',\s*\{[^}]*\},\s*\{([^}]*)\}/g;
  return new Map(
    [...code.matchAll(CALL)].map(([, name, path, method, query]) => [
      `${method} ${path}`,
      { name, query: [...query.matchAll(/'(\w+)':/g)].map(([, parameter]) => parameter) },
    ]),
  );
}

class Types {
  constructor(text) {
    this.text = text;
  }

  /** Fields of a model: their types, and which of them are required. */
  model(name) {
    const [, body] =
      new RegExp(`export interface ${name} \\{ ?\\n([\\s\\S]*?)\\n\\t\\}`).exec(this.text) ?? [];
    if (body === undefined) throw new Error(`${PACKAGE} has no model ${name}`);
    return new Map(
      [...body.matchAll(/^\t\t"(\w+)"(\??): (.+);$/gm)].map(([, field, optional, type]) => [
        field,
        { type, required: optional === "" },
      ]),
    );
  }

  /** The models of an operation's body and answer; undefined if it has none. */
  signature(method) {
    const [, parameters, answer] =
      new RegExp(`^ *\\t${method}\\((.*)\\): Promise<(.*)>;$`, "m").exec(this.text) ?? [];
    if (parameters === undefined) throw new Error(`${PACKAGE} has no method ${method}`);
    const [, options] =
      new RegExp(`export interface ${method}Options \\{ ?\\n([\\s\\S]*?)\\n\\t\\}`).exec(
        this.text,
      ) ?? [];
    const [, body] =
      /\bbody: Models\.(\w+)/.exec(parameters) ??
      /"body"\?: Models\.(\w+)/.exec(options ?? "") ??
      [];
    return { body, answer: /^Models\.(\w+)$/.exec(answer)?.[1] };
  }

  /** Returns a value of a request; a new required field would break it. */
  sent(...value) {
    this.isSent = true;
    try {
      return this.typed(...value);
    } finally {
      this.isSent = false;
    }
  }

  /** Returns a used value with the type that Genesys gives it. */
  typed(used, type, at) {
    if (used.each !== undefined) {
      const [, item] = /^Array<(.+)>$/.exec(type) ?? [];
      if (item === undefined) throw new Error(`${at} is ${type}, not an array`);
      return { type: "array", items: this.typed(used.each, item, `${at}[]`) };
    }
    if (used.fields !== undefined) {
      const [, name] = /^Models\.(\w+)$/.exec(type) ?? [];
      if (name === undefined) throw new Error(`${at} is ${type}, not an object`);
      const model = this.model(name);
      const fields = Object.entries(used.fields).map(([field, value]) => {
        const found = model.get(field);
        if (!found) throw new Error(`${at}: ${name} has no field ${field}`);
        return [field, this.typed(value, found.type, `${at}.${field}`)];
      });
      const required = [...model].flatMap(([field, found]) => (found.required ? [field] : []));
      return {
        type: "object",
        model: name,
        ...(this.isSent && { required }),
        fields: Object.fromEntries(fields),
      };
    }
    if (used === "map") {
      if (!type.startsWith("{ [key: string]: string;"))
        throw new Error(`${at} is ${type}, not a map`);
      return { type: "map" };
    }
    const wanted = used.values === undefined ? used : "string";
    if (type !== wanted) throw new Error(`${at} is ${type}, not ${wanted}`);
    return { type, ...(used.values && { values: Object.keys(used.values) }) };
  }
}

function derive(used, { types: text, code }) {
  const methods = methodsIn(code);
  const types = new Types(text);
  const methodOf = (operation) => {
    const method = methods.get(operation);
    if (!method) throw new Error(`${PACKAGE} ${VERSION} has no operation ${operation}`);
    return method;
  };
  for (const operation of Object.values(PROVIDER).flat()) methodOf(operation);
  return used.map(({ method, path, query = {}, sends, reads }) => {
    const operation = `${method} ${path}`;
    const { name, query: known } = methodOf(operation);
    const { body, answer } = types.signature(name);
    for (const parameter of Object.keys(query)) {
      if (!known.includes(parameter)) throw new Error(`${operation} has no parameter ${parameter}`);
    }
    return {
      method,
      path,
      ...(Object.keys(query).length > 0 && {
        query: Object.fromEntries(
          Object.entries(query).map(([parameter, value]) => [
            parameter,
            value.values === undefined
              ? { type: value }
              : { type: "string", values: Object.keys(value.values) },
          ]),
        ),
      }),
      ...(sends && { sends: types.sent(sends, `Models.${body}`, `${operation}, body`) }),
      ...(reads && { reads: types.typed(reads, `Models.${answer}`, `${operation}, answer`) }),
    };
  });
}

await buildOrExit();
const { USED_API } = await import("../dist/lib/genesys/used-api.js");
const file = new URL("../schemas/platform-api.json", import.meta.url);
const document = {
  "//": {
    package: PACKAGE,
    version: VERSION,
    origin: "derived",
    how: `Operations and fields are those of lib/genesys/used-api.ts; their types, models and required fields were read from index.d.ts and the code of ${PACKAGE} ${VERSION}, not from a document of the API. The client has no values of enumerations: those are the ones that are sent here, or that answers are compared with. The operations of provider types are those that the provider documents.`,
  },
  operations: derive(USED_API, download()),
  provider: PROVIDER,
};
writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
console.log(
  `schemas/platform-api.json: ${document.operations.length} operations, ${PACKAGE} ${VERSION}`,
);
