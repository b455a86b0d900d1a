import type { BlockSchema } from "../../../../lib/rehearsal/double/core/schema";

/** A block with an attribute of every kind, at the top and in a nested set. */
export const WIDGET: BlockSchema = {
  attributes: {
    id: { type: "string", optional: true, computed: true },
    name: { type: "string", required: true },
    size: { type: "number", optional: true },
    secret_wo: { type: "string", optional: true, write_only: true },
    secret_wo_version: { type: "number", optional: true },
    arn: { type: "string", computed: true },
    tags: { type: ["map", "string"], optional: true },
  },
  block_types: {
    part: {
      nesting_mode: "set",
      block: {
        attributes: {
          label: { type: "string", required: true },
          place: { type: "string", optional: true, computed: true },
          serial: { type: "string", computed: true },
        },
      },
    },
  },
};
