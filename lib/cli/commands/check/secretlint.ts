import { UserError } from "../../../errors";
import { findSecretsInSource } from "../../../policies/secrets-in-source";

/** A secret in a text, without its value. */
export interface SecretFinding {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** Rule of secretlint, or `genesys-orgs`. */
  readonly rule: string;
  /** Kind of the secret, in words or as its rule names it. */
  readonly what: string;
}

/** How texts are scanned. The name of a text decides how it is read. */
export interface SecretScan {
  /** Finds the secrets in a text, with all rules. */
  readonly all: (text: string, name: string) => Promise<SecretFinding[]>;
  /** Finds the secrets in a text that the own rule need not read. */
  readonly recommended: (text: string, name: string) => Promise<SecretFinding[]>;
}

/** Id of the own rule. */
const OWN_RULE = "genesys-orgs";

const PRESET = "@secretlint/secretlint-rule-preset-recommend";

/**
 * Returns a scan with secretlint's recommended rules and the own one. Comments such as
 * `secretlint-disable-line` hide findings of both.
 *
 * @throws UserError if secretlint is not installed: only this command needs it
 */
export async function secretScan(): Promise<SecretScan> {
  const { core, preset } = await loaded();
  const recommended = { id: PRESET, rule: preset.creator };
  const scanWith =
    (...rules: Parameters<typeof core.lintSource>[0]["options"]["config"]["rules"]) =>
    async (text: string, name: string) => {
      const { messages } = await core.lintSource({
        source: {
          filePath: name,
          content: text,
          contentType: "text",
          ext: name.split(".").pop() ?? "",
        },
        options: { config: { rules }, noPhysicFilePath: true },
      });
      const found = messages.map(({ ruleId, message, messageId, loc }) => ({
        line: loc.start.line,
        column: loc.start.column + 1,
        // Messages of secretlint's rules have the secret in them.
        ...(ruleId === OWN_RULE
          ? { rule: OWN_RULE, what: message }
          : { rule: ruleId.replace("@secretlint/secretlint-rule-", ""), what: messageId }),
      }));
      return onePerLine(found);
    };
  return {
    all: scanWith({ id: OWN_RULE, rule: ownRule }, recommended),
    recommended: scanWith(recommended),
  };
}

async function loaded() {
  try {
    const core = await import("@secretlint/core");
    const preset = await import("@secretlint/secretlint-rule-preset-recommend");
    return { core, preset };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new UserError(
      `secretlint is not installed, and the scan for secrets needs it: npm install --save-dev @secretlint/core@11 ${PRESET}@11`,
    );
  }
}

/** The own rule may find the same secret as another one. Its words are easier to understand. */
function onePerLine(found: readonly SecretFinding[]): SecretFinding[] {
  const lines = new Map<number, SecretFinding>();
  for (const finding of found) {
    const other = lines.get(finding.line);
    if (!other || (other.rule !== OWN_RULE && finding.rule === OWN_RULE))
      lines.set(finding.line, finding);
  }
  return [...lines.values()].sort((one, other) => one.line - other.line);
}

/** What a rule of secretlint is, as far as the own one needs it. */
interface Context {
  report(secret: {
    readonly message: {
      readonly message: string;
      readonly messageId: string;
      readonly data: object;
    };
    readonly range: readonly [start: number, end: number];
  }): void;
}

const ownRule = {
  messages: { SECRET: { en: () => "a secret" } },
  meta: {
    id: OWN_RULE,
    type: "scanner" as const,
    recommended: false,
    supportedContentTypes: ["text" as const],
  },
  create: (context: Context) => ({
    file: ({ content, filePath }: { content: string; filePath?: string }) => {
      for (const { index, what } of findSecretsInSource(content, filePath ?? "")) {
        const message = { message: what, messageId: "SECRET", data: {} };
        context.report({ message, range: [index, index + 1] });
      }
    },
  }),
};
