import { REQUIRED_PROVIDERS } from "../../versions";
import type { PolicyOrg, PolicyRule } from "../rule";
import { asList, asObject, asText, type Block, type SynthesizedStack } from "../synthesized-stack";

const GUARD = "genesyscloud_organizations_me";
const PROBE = "genesyscloud.probe";
const SOURCE = REQUIRED_PROVIDERS.genesyscloud.source;
/** The guarded client id that OrgStack writes. Other expressions could contain the same names. */
const GUARDED =
  /^\$\{\(lower\(data\.genesyscloud_organizations_me\.([\w-]+)\.id\) == "([0-9a-f-]{36})"\) \? (\S+) : cidrhost\("[^"]*", 0\)\}$/;

/** The places of a credential: the expression of its client id, and the postcondition on its `org_id`. */
const SOURCES = [
  {
    type: "vault_kv_secret_v2",
    what: "Vault entry",
    clientId: /^ephemeral\.vault_kv_secret_v2\.([\w-]+)\.data\.client_id$/,
    compared: /^\$\{lower\(try\(self\.data\["org_id"\], ""\)\) == "([0-9a-f-]{36})"\}$/,
  },
  {
    type: "aws_secretsmanager_secret_version",
    what: "secret",
    clientId:
      /^jsondecode\(ephemeral\.aws_secretsmanager_secret_version\.([\w-]+)\.secret_string\)\.client_id$/,
    compared:
      /^\$\{lower\(try\(jsondecode\(self\.secret_string\)\["org_id"\], ""\)\) == "([0-9a-f-]{36})"\}$/,
  },
];

/** The guard of an org's stack covers everything that the stack does in Genesys Cloud. */
export const wrongOrgGuard: PolicyRule = {
  id: "GO-WRONG-ORG-GUARD",
  severity: "error",
  title: "Everything in Genesys Cloud goes through a provider that the guard covers",
  reason:
    "An expression in the provider's client id refuses a credential of another organisation. A provider without that expression, or the probe itself, would change the organisation of any credential.",
  fix: "Use the stack's own genesyscloud provider, and do not override its credentials.",
  *check(stack, { org }) {
    if (!org) return;
    for (const provider of stack.providers.filter(({ name }) => name === "genesyscloud")) {
      yield* providerProblems(stack, provider, org);
    }
    for (const block of stack.blocks) {
      if (!usesProbe(block) || (block.section === "data" && block.type === GUARD)) continue;
      yield { at: block, message: `only data.${GUARD} may use provider ${PROBE}` };
    }
    for (const [name, required] of Object.entries(asObject(stack.settings.required_providers))) {
      const source = asText(asObject(required).source)?.toLowerCase();
      if (name === "genesyscloud" || !source?.endsWith(SOURCE)) continue;
      yield { at: stack.root, message: `provider ${name} is ${SOURCE} under another name` };
    }
  },
};

function* providerProblems(stack: SynthesizedStack, provider: Block, org: PolicyOrg) {
  const { alias, oauthclient_id, access_token } = provider.body;
  const at = provider;
  if (access_token !== undefined) {
    yield { at, message: "access_token makes the provider ignore the guarded client" };
  }
  if (alias === "probe") return;
  const [, guard = "", compared = "", clientId = ""] =
    GUARDED.exec(asText(oauthclient_id) ?? "") ?? [];
  const entry = SOURCES.find((each) => each.clientId.test(clientId));
  if (!entry) {
    yield {
      at,
      message: `oauthclient_id is not the expression with data.${GUARD} that OrgStack wrote`,
    };
    return;
  }
  const source = stack.data(GUARD).find(({ name }) => name === guard);
  if (!source || !usesProbe(source)) {
    yield { at: source ?? at, message: `data.${GUARD}.${guard} does not use provider ${PROBE}` };
  }
  const probe = stack.providers.find(({ body }) => body.alias === "probe");
  for (const name of ["aws_region", "gateway", "oauthclient_secret"]) {
    if (JSON.stringify(probe?.body[name]) === JSON.stringify(provider.body[name])) continue;
    yield { at, message: `${name} is not that of ${PROBE}, so the guard asks elsewhere` };
  }
  if (probe?.body.oauthclient_id !== `\${${clientId}}`) {
    yield { at, message: `its client is not that of ${PROBE}, so the guard asks with another` };
  }
  const expected = org.organizationId?.toLowerCase();
  if (expected !== undefined && compared !== expected) {
    yield { at, message: `the guard compares with ${compared}, but ${org.name} is ${expected}` };
  }
  const [, name] = entry.clientId.exec(clientId) ?? [];
  const read = stack.ephemeral(entry.type).find((each) => each.name === name);
  const entryOrg = asList(asObject(read?.body.lifecycle).postcondition)
    .map((each) => entry.compared.exec(asText(asObject(each).condition) ?? "")?.[1])
    .find((id) => id !== undefined);
  if (entryOrg === undefined) {
    yield { at: read ?? at, message: `the ${entry.what}'s org_id is not compared with the org's` };
  } else if (expected !== undefined && entryOrg !== expected) {
    yield {
      at: read ?? at,
      message: `the ${entry.what}'s org_id is compared with ${entryOrg}, but ${org.name} is ${expected}`,
    };
  }
}

function usesProbe({ section, body }: Block): boolean {
  // A module gets its providers by the names that they have in it.
  const given = section === "module" ? Object.values(asObject(body.providers)) : [body.provider];
  return given.some(
    (provider) =>
      asText(provider)
        ?.replace(/\s/g, "")
        .replace(/^\$\{(.*)\}$/, "$1") === PROBE,
  );
}
