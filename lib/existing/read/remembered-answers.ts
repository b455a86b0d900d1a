import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Milliseconds after which answers are too old to go on with. */
const KEPT = 60 * 60_000;

interface Heading {
  /** Whose answers they are. */
  readonly caller: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
}

/**
 * The API's answers of a run, in a file that nobody else may read. A run that was stopped goes on with them,
 * and makes no call twice.
 */
export class RememberedAnswers {
  private constructor(
    private readonly file: string,
    private readonly answers: Map<string, unknown>,
    private readonly hasSecret: (text: string) => boolean,
  ) {}

  /**
   * Opens a file. Answers to another caller, or older than an hour, are dropped: another client may see more.
   *
   * @param caller the organisation, and the client that reads it
   * @param now milliseconds since 1970
   * @param hasSecret whether a text has a secret, so that the file does not get it
   */
  static open(
    file: string,
    caller: string,
    now: number,
    hasSecret: (text: string) => boolean = () => false,
  ): RememberedAnswers {
    const [heading, ...lines] = linesOf(file);
    const { caller: other, begun = 0 } = (heading ?? {}) as Partial<Heading>;
    const isUsable = other === caller && now - begun < KEPT && begun <= now;
    const kept = (isUsable ? lines : []) as readonly [string, unknown][];
    const first = isUsable ? heading : { caller, begun: now };
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // Written anew: the last line of a killed run may be cut off.
    const text = [first, ...kept].map((line) => `${JSON.stringify(line)}\n`).join("");
    rmSync(file, { force: true });
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
    return new RememberedAnswers(file, new Map(kept), hasSecret);
  }

  /** Number of answers. */
  get size(): number {
    return this.answers.size;
  }

  has(path: string): boolean {
    return this.answers.has(path);
  }

  get(path: string): unknown {
    return this.answers.get(path);
  }

  add(path: string, answer: unknown): void {
    this.answers.set(path, answer);
    const text = JSON.stringify([path, answer]);
    if (!this.hasSecret(text)) appendFileSync(this.file, `${text}\n`);
  }

  /** Removes the file. */
  forget(): void {
    rmSync(this.file, { force: true });
  }
}

/** Returns the lines of a file up to the first that is cut off; none without the file. */
function linesOf(file: string): unknown[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const lines: unknown[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    try {
      lines.push(JSON.parse(line));
    } catch {
      break;
    }
  }
  return lines;
}
