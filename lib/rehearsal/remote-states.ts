import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { ownPlaceOf, placeOf } from "../registry/state-place";
import { removeFolder, temporaryFolder } from "../terraform/cleanup";
import type { StackJson } from "../terraform/stack-folder";
import { digest } from "./double/core/made-up-values";

/** A `terraform_remote_state` of a stack. */
interface RemoteState {
  readonly name: string;
  readonly place: string;
}

/** A rehearsed stack, as far as its state concerns others. */
export interface StateOwner {
  readonly stack: string;
  readonly json: StackJson;
}

/**
 * Answers stacks that read the states of others: with the state that the rehearsal of the other
 * stack had after its apply, or with made-up outputs if the other stack is not rehearsed.
 */
export class RemoteStates {
  private readonly folder = temporaryFolder("genesys-orgs-states-");
  private readonly owners: ReadonlyMap<string, StateOwner>;
  private readonly applied: ReadonlyMap<string, Applied>;

  constructor(stacks: readonly StateOwner[]) {
    this.owners = new Map(
      stacks.flatMap((stack) => {
        const place = ownPlaceOf(stack.json.terraform?.backend);
        return place === undefined ? [] : [[place, stack]];
      }),
    );
    this.applied = new Map(stacks.map(({ stack }) => [stack, applied()]));
  }

  /** Returns the stacks in an order in which each comes after those whose states it reads. */
  inOrder<Stack extends StateOwner>(stacks: readonly Stack[]): Stack[] {
    const ordered = new Set<Stack>();
    const byId = new Map(stacks.map((stack) => [stack.stack, stack]));
    const add = (stack: Stack, path: readonly string[]) => {
      if (path.includes(stack.stack)) {
        const circle = [...path, stack.stack].join(" reads the state of ");
        throw new UserError(`${circle}: none of them can be deployed first; remove a reference`);
      }
      for (const { place } of remoteStatesOf(stack.json)) {
        const owner = byId.get(this.owners.get(place)?.stack ?? "");
        if (owner) add(owner, [...path, stack.stack]);
      }
      ordered.add(stack);
    };
    for (const stack of stacks) add(stack, []);
    return [...ordered];
  }

  /**
   * Returns the file that answers each remote state, by its name, and the places of those that are
   * made up. Waits for the stacks whose states are read.
   * @throws UserError if one of them failed
   */
  async answersFor({ stack, json }: StateOwner): Promise<Answers> {
    const files = new Map<string, string>();
    const madeUp: string[] = [];
    for (const { name, place } of remoteStatesOf(json)) {
      const owner = this.owners.get(place);
      const file = owner
        ? await this.applied.get(owner.stack)?.file
        : this.makeUp(json, name, place);
      if (file === undefined) {
        throw new UserError(
          `${stack} reads the state of ${owner?.stack}, whose rehearsal failed: correct that stack first`,
        );
      }
      if (!owner) madeUp.push(place);
      files.set(name, file);
    }
    return { files, madeUp };
  }

  /** Keeps a copy of a stack's state after its apply. */
  keep(stack: string, state: string): void {
    const file = join(this.folder, `${digest(stack)}.tfstate`);
    copyFileSync(state, file);
    this.applied.get(stack)?.end(file);
  }

  /** Notes that a stack's rehearsal has ended, perhaps without an apply. */
  end(stack: string): void {
    this.applied.get(stack)?.end(undefined);
  }

  close(): void {
    removeFolder(this.folder);
  }

  // Texts, since most outputs are ids or names; types are not in the stack that reads them.
  private makeUp(json: StackJson, name: string, place: string): string {
    const outputs = Object.fromEntries(
      outputsReadOf(json, name).map((output) => {
        const value = `double-${digest(place, output).slice(0, 12)}`;
        return [output, { value, type: "string" }];
      }),
    );
    const state = { version: 4, terraform_version: "1.11.0", serial: 1, lineage: place };
    const file = join(this.folder, `${digest(JSON.stringify(json), name)}.tfstate`);
    writeFileSync(file, JSON.stringify({ ...state, outputs, resources: [] }), { mode: 0o600 });
    return file;
  }
}

/** Answers to the remote states of one stack. */
export interface Answers {
  readonly files: ReadonlyMap<string, string>;
  readonly madeUp: readonly string[];
}

interface Applied {
  readonly file: Promise<string | undefined>;
  end(file: string | undefined): void;
}

function applied(): Applied {
  let end: Applied["end"] = () => {};
  const file = new Promise<string | undefined>((done) => {
    end = done;
  });
  return { file, end };
}

/** Returns the places of the states that a stack reads. */
export function remoteStatesOf({ data = {} }: StackJson): RemoteState[] {
  return Object.entries(data.terraform_remote_state ?? {}).map(([name, { backend, config }]) => ({
    name,
    place: placeOf(String(backend), config),
  }));
}

function outputsReadOf(json: StackJson, name: string): string[] {
  const read = new RegExp(
    `data\\.terraform_remote_state\\.${name}\\.outputs(?:\\.([\\w-]+)|\\[\\\\"([^"\\\\]+)\\\\"\\])`,
    "g",
  );
  const found = [...JSON.stringify(json).matchAll(read)];
  return [...new Set(found.map(([, attribute, index]) => attribute ?? index ?? ""))];
}
