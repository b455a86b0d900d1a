import type { OrgReport } from "../../../registry/report";
import type { Io } from "../../terminal/io";
import { onOneLine } from "../../terminal/printable";
import { renderTable } from "../../terminal/table";
import type { ListedClient } from "./list-clients";
import { entryLines, languageOf, type ProposedEntry, proposeEntry } from "./registry-entry";

/** Returns the clients as a table, and an entry for each one made by hand. */
export function listText(io: Io, org: OrgReport, listed: readonly ListedClient[]): string {
  const rows = listed.map((each) => [
    each.client.id,
    onOneLine(each.client.name),
    each.client.state ?? "",
    whoseText(each),
  ]);
  const language = languageOf(io.cwd);
  const proposed = proposals(org, listed);
  const entries = proposed.flatMap(({ name, entry }) => [
    "",
    `${name}, for oauthClients of ${org.name}; the name is a suggestion:`,
    ...entry.notes.map((note) => `note: ${note}`),
    ...entryLines(entry, language).map((line) => `  ${line}`),
  ]);
  const next =
    proposed.length === 0
      ? "no active client was made by hand, except those that credentials replace"
      : `put the entries into the registry, with consumers and classification; then run \`genesys-orgs deploy ${org.name}\`, and \`genesys-orgs grant ${org.name}\` as an administrator`;
  return [
    ...(rows.length > 0 ? [renderTable(io, ["client", "name", "state", ""], rows).trimEnd()] : []),
    ...entries,
    ...(entries.length > 0 ? [""] : []),
    `${org.name}: ${next}`,
    "",
  ].join("\n");
}

function whoseText({ ours, replacedBy }: ListedClient): string {
  const whose = ours ?? "made by hand";
  return replacedBy === undefined ? whose : `${whose}; ${replacedBy} replaces it`;
}

/** Returns the clients as a document. */
export const listDocument = (org: OrgReport, listed: readonly ListedClient[]): object => {
  const byId = new Map(proposals(org, listed).map(({ id, entry }) => [id, entry]));
  return {
    org: org.name,
    clients: listed.map(({ client: { id, name, state }, ours, replacedBy }) => ({
      id,
      name,
      state,
      madeByHand: ours === undefined,
      reason: ours,
      replacedBy,
      entry: byId.get(id)?.entry,
      notes: byId.get(id)?.notes,
    })),
  };
};

interface Proposal {
  readonly id: string;
  readonly name: string;
  readonly entry: ProposedEntry;
}

function proposals(org: OrgReport, listed: readonly ListedClient[]): Proposal[] {
  const { oauthClients, brokeredClients = [], secrets } = org;
  const taken = new Set([
    ...oauthClients,
    ...[...brokeredClients, ...secrets].map(({ name }) => name),
  ]);
  return listed.flatMap(({ client, grants }) => {
    if (!grants) return [];
    const entry = proposeEntry(client, grants, taken);
    taken.add(entry.entry.name);
    return { id: client.id, name: onOneLine(client.name), entry };
  });
}
