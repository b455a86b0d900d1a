import type { Diagnostic } from "./protocol";

/** A provider's refusal of a configuration or a change, as the user reads it. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  /**
   * @param summary First line of the message.
   * @param detail Reason, and allowed values.
   * @param path Top-level attribute, if the refusal is about one.
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
