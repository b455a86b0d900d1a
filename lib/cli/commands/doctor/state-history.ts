import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { UserError } from "../../../errors";
import type { TerraformState } from "../../../terraform/terraform-state";
import { failed, type Outcome, ok } from "./checklist";

/** What is remembered of a state. */
interface Remembered {
  readonly lineage: string;
  readonly serial: number;
  /** Addresses of the resources that it managed. */
  readonly managed: readonly string[];
}

/**
 * A file that remembers the states of earlier runs. A state that was replaced, edited or set back looks
 * sound by itself: only a comparison shows it.
 */
export class StateHistory {
  /**
   * Reads the file; a file that does not exist is an empty history.
   *
   * @throws UserError if it is not such a file
   */
  static read(file: string): StateHistory {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return new StateHistory(file, new Map());
      throw new UserError(`${file} cannot be read: ${code}`);
    }
    try {
      const { version, states } = JSON.parse(text);
      if (version === 1) return new StateHistory(file, new Map(Object.entries(states)));
    } catch {
      // Reported below.
    }
    throw new UserError(
      `${file} is not a history that doctor wrote: name another file, or remove it to begin again`,
    );
  }

  private constructor(
    private readonly file: string,
    private readonly states: Map<string, Remembered>,
  ) {}

  /**
   * Compares a state with the last one, and remembers it if it can follow from that one.
   *
   * @param declared addresses of the resources in the org's stack
   */
  follow(org: string, state: TerraformState, declared: ReadonlySet<string>): Outcome {
    const { lineage, serial, managed } = state;
    const last = this.states.get(org);
    const outcome = last ? compare(last, state, declared) : ok(`serial ${serial} is the first one`);
    if (outcome.status === "ok") this.states.set(org, { lineage, serial, managed });
    return outcome;
  }

  /** Returns the failure of a state that no longer exists; undefined if there was none. */
  withoutState(org: string): Outcome | undefined {
    const last = this.states.get(org);
    if (!last) return undefined;
    return failed(
      `the state does not exist, but the last one had lineage ${last.lineage} and serial ${last.serial}`,
      RESTORE,
    );
  }

  /** @throws UserError if the file cannot be written */
  write(): void {
    const states = Object.fromEntries([...this.states].sort(([a], [b]) => (a < b ? -1 : 1)));
    const written = `${this.file}.new`;
    try {
      writeFileSync(written, `${JSON.stringify({ version: 1, states }, null, 2)}\n`);
      renameSync(written, this.file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(`${this.file} cannot be written: ${code}`);
    }
  }
}

const RESTORE =
  "look at the versions of the object, and restore the last good one (docs/state.md); if the change was meant, remove the organisation from the history";

function compare(
  last: Remembered,
  { lineage, serial, managed }: TerraformState,
  declared: ReadonlySet<string>,
): Outcome {
  if (lineage !== last.lineage) {
    return failed(
      `the state has lineage ${lineage}, but the last one had ${last.lineage}: another state is in its place`,
      RESTORE,
    );
  }
  if (serial < last.serial) {
    return failed(
      `the state has serial ${serial}, but the last one had ${last.serial}: an earlier version is in its place`,
      RESTORE,
    );
  }
  const now = new Set(managed);
  const lost = last.managed.filter((address) => !now.has(address) && declared.has(address));
  if (lost.length > 0) {
    return failed(
      `the state no longer has ${lost.slice(0, 3).join(", ")}${lost.length > 3 ? ` and ${lost.length - 3} more` : ""}, which the stack still has: the next apply would create ${lost.length === 1 ? "it" : "them"} again`,
      RESTORE,
    );
  }
  return ok(`serial ${serial} follows serial ${last.serial} of the same lineage`);
}
