/** A number with its noun, for example `1 stack` or `3 stacks`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;
