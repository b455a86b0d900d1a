import type { Environment } from "../../../registry/model";

/** Values of the example organisation and its home. */
export interface Example {
  readonly org: string;
  readonly environment: Environment;
  readonly home: string;
}

/** Files by their paths in the project. */
export type Files = Readonly<Record<string, string>>;

/** The parts of a project that depend on its language. */
export interface LanguageFiles {
  /** The `app` of cdktf.json. */
  readonly app: string;
  readonly developmentPackages: readonly string[];
  /** Lines of .gitignore. */
  readonly ignored: readonly string[];
  /** Files with values that the user must replace. */
  readonly examples: Files;
  readonly code: Files;
}
