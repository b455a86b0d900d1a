/**
 * The text in place of a secret that the rotator writes later. It is public, so no rule takes it for a
 * secret, under any key.
 */
export const PLACEHOLDER = "written-by-the-rotator";
