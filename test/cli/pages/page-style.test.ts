import { STYLE } from "../../../lib/cli/pages/page-style";

/** The colours of a scheme, by name. */
const coloursIn = (rule: string): Record<string, string> =>
  Object.fromEntries([...rule.matchAll(/--([\w-]+): (#\w+)/g)].map(([, name, hex]) => [name, hex]));

const [, light = "", dark = ""] = STYLE.split(":root {").map((part) => part.split("}")[0] ?? "");

/** Relative luminance of a colour: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminanceOf(hex: string): number {
  const digits =
    hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit) : hex.slice(1).match(/../g);
  const [red = 0, green = 0, blue = 0] = (digits ?? []).map((digit) => {
    const part = Number.parseInt(digit, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrastOf(one: string, other: string): number {
  const [brighter = 0, darker = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a);
  return (brighter + 0.05) / (darker + 0.05);
}

const PAIRS = [
  ["text", "back"],
  ["text", "head"],
  ["muted", "back"],
  ["muted", "head"],
  ["bad", "bad-back"],
  ["soon", "soon-back"],
  ["good", "good-back"],
] as const;

test.each([
  ["light", light],
  ["dark", dark],
])("text can be read in the %s scheme: contrast of at least 4.5", (_, rule) => {
  const colours = coloursIn(rule);
  const contrasts = PAIRS.map(([text, ground]) => ({
    text,
    ground,
    contrast: contrastOf(colours[text] ?? "#000", colours[ground] ?? "#000"),
  }));
  expect(contrasts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
});
