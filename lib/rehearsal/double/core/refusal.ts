import type { Diagnostic } from "./protocol";

/** What a provider refuses, as its user reads it. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  /**
   * @param summary First line of the message.
   * @param detail Why, and what is allowed.
   * @param path Top-level attribute, where the refusal is about one.
   */
  constructor(
    readonly summary: string,
    readonly detail = "",
    readonly path?: string,
  ) {
    super(detail === "" ? summary : `${summary}: ${detail}`);
  }

  /** The refusal as Terraform shows it. */
  get diagnostic(): Diagnostic {
    const attribute =
      this.path === undefined ? undefined : { steps: [{ attribute_name: this.path }] };
    return { severity: 1, summary: this.summary, detail: this.detail, attribute };
  }
}
