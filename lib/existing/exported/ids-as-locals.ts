import { randomUUID } from "node:crypto";

/** An object that an export refers to. */
export interface ExportAddress {
  readonly isData: boolean;
  readonly type: string;
  readonly label: string;
}

const [IDS, DATA_IDS] = ["genesys_orgs_ids", "genesys_orgs_data_ids"];
const ID = /(?<![\w.-])(data\.)?(genesyscloud_\w+)\.([A-Za-z_][\w-]*)\.id(?![\w-])/g;
const LOCAL = new RegExp(`local\\.(${IDS}|${DATA_IDS})\\.(genesyscloud_\\w+)\\.([\\w-]+)`, "g");

/**
 * Replaces the ids of objects in a text by locals with made-up values. So Terraform knows them before the objects
 * exist, in lists and texts as well, and objects may refer to each other in circles, as exports do.
 */
export class IdsAsLocals {
  // Nothing else has such a text.
  private readonly mark = randomUUID();
  private readonly used = new Map<string, ExportAddress>();

  /** Returns HCL or JSON whose expressions have the locals. */
  written(text: string): string {
    return text.replace(ID, (_, data: string | undefined, type: string, label: string) => {
      const address = { isData: data !== undefined, type, label };
      this.used.set(addressText(address), address);
      return `local.${address.isData ? DATA_IDS : IDS}.${type}.${label}`;
    });
  }

  /** Values of the locals. */
  locals(): Record<string, Record<string, Record<string, string>>> {
    const locals: Record<string, Record<string, Record<string, string>>> = {};
    for (const address of this.used.values()) {
      const name = address.isData ? DATA_IDS : IDS;
      const { type, label } = address;
      const labels = { ...locals[name]?.[type], [label]: this.valueOf(address) };
      locals[name] = { ...locals[name], [type]: labels };
    }
    return locals;
  }

  /**
   * Splits a value into texts and the objects whose ids were in it. Texts that only look like an expression are as
   * they were.
   */
  read(value: string): readonly (string | ExportAddress)[] {
    const parts = value.split(new RegExp(`<(${this.mark} [^>]+)>`));
    return parts.flatMap((part, index): (string | ExportAddress)[] => {
      const found = index % 2 === 1 ? this.used.get(part.slice(this.mark.length + 1)) : undefined;
      if (found) return [found];
      const text = part.replace(
        LOCAL,
        (_, name, type, label) => `${addressText({ isData: name === DATA_IDS, type, label })}.id`,
      );
      return text === "" ? [] : [text];
    });
  }

  private valueOf(address: ExportAddress): string {
    return `<${this.mark} ${addressText(address)}>`;
  }
}

/** For example `genesyscloud_routing_queue.Support`. */
export const addressText = ({ isData, type, label }: ExportAddress): string =>
  `${isData ? "data." : ""}${type}.${label}`;
