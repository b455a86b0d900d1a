import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Grant } from "../../../genesys/authorization-api";
import type { OAuthClient } from "../../../genesys/models";
import { TOKEN_LIFETIME } from "../../../registry/defaults";
import { MOST_GRANTS } from "../../../registry/entry-schemas";
import type { OAuthClientEntry } from "../../../registry/model";
import { onOneLine } from "../../terminal/printable";

/** The language of a project's registry. */
export type RegistryLanguage = "typescript" | "yaml";

/** An entry of the registry for a credential that takes over from a client. */
export interface ProposedEntry {
  readonly entry: OAuthClientEntry;
  /** Names of the roles and divisions, by their ids. */
  readonly names: ReadonlyMap<string, string>;
  /** Differences between the entry and the client, for people. */
  readonly notes: readonly string[];
}

/** Longest name of a credential. */
const MOST_NAME = 60;

/** Returns the language in which a project describes its organisations. */
export function languageOf(cwd: string): RegistryLanguage {
  const folder = join(cwd, "orgs");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.some((file) => file.endsWith(".ts")) || !files.some((file) => /\.ya?ml$/.test(file))
    ? "typescript"
    : "yaml";
}

/**
 * Returns the entry of a credential that can do what a client can.
 *
 * @param taken names that other credentials have
 */
export function proposeEntry(
  { id, name, accessTokenValiditySeconds }: OAuthClient,
  grants: readonly Grant[],
  taken: ReadonlySet<string>,
): ProposedEntry {
  const roles = [...new Set(grants.map(({ role }) => role.id))];
  const divisions = [...new Set(grants.map(({ division }) => division.id))];
  const seconds = accessTokenValiditySeconds ?? TOKEN_LIFETIME.default;
  const lifetime = Math.min(Math.max(seconds, TOKEN_LIFETIME.least), TOKEN_LIFETIME.most);
  return {
    entry: {
      name: freeName(name, taken),
      ...(roles.length > 0 && { roles, divisions: divisions.includes("*") ? ["*"] : divisions }),
      accessTokenValiditySeconds: lifetime,
      replaces: id,
    },
    names: new Map(
      grants.flatMap(({ role, division }) => [
        [role.id, onOneLine(role.name)] as const,
        ...(division.name === undefined ? [] : [[division.id, onOneLine(division.name)] as const]),
      ]),
    ),
    notes: [
      ...(grants.length === 0 ? ["it has no roles: give the credential permissions or roles"] : []),
      ...(grants.length < roles.length * divisions.length
        ? ["it has its roles in different divisions: the entry grants each role in all of them"]
        : []),
      ...(roles.length * divisions.length > MOST_GRANTS
        ? [
            `it has more roles than an entry can have: ${MOST_GRANTS}, each counted once for each division`,
          ]
        : []),
      ...(lifetime === seconds
        ? []
        : [`its tokens live for ${seconds} seconds, which a credential cannot have`]),
    ],
  };
}

/** Returns a name in kebab-case that no other credential has. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const words = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const joined = (words ?? []).join("-").replace(/^[\d-]+/, "");
  const base = joined.slice(0, MOST_NAME - 4).replace(/-+$/, "") || "client";
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Returns the lines of an entry, to be put into the list `oauthClients`. */
export function entryLines(
  { entry, names }: ProposedEntry,
  language: RegistryLanguage,
): readonly string[] {
  return language === "yaml" ? yamlLines(entry, names) : typescriptLines(entry, names);
}

function typescriptLines(entry: OAuthClientEntry, names: ReadonlyMap<string, string>): string[] {
  const lines = Object.entries(entry).flatMap(([key, value]) =>
    Array.isArray(value)
      ? [
          `  ${key}: [`,
          ...value.map((id) => `    ${JSON.stringify(id)},${comment("//", names.get(id))}`),
          "  ],",
        ]
      : [`  ${key}: ${JSON.stringify(value)},`],
  );
  return ["{", ...lines, "},"];
}

function yamlLines(entry: OAuthClientEntry, names: ReadonlyMap<string, string>): string[] {
  const lines = Object.entries(entry).flatMap(([key, value]) =>
    Array.isArray(value)
      ? [`${key}:`, ...value.map((id) => `  - ${JSON.stringify(id)}${comment("#", names.get(id))}`)]
      : [`${key}: ${JSON.stringify(value)}`],
  );
  return lines.map((line, index) => `${index === 0 ? "-" : " "} ${line}`);
}

const comment = (sign: string, name: string | undefined): string =>
  name === undefined ? "" : ` ${sign} ${name}`;
